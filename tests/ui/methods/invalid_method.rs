use actix_web::{App, route};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[route("/", method = "a b", method = "", method = "GÉT")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
}
