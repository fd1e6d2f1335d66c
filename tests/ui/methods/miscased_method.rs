use actix_web::{App, route};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[route("/", method = "put", method = "patch", method = "Patch")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
}
