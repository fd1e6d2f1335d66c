use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["file://"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
    let _ = h1::POLICY;
}
