use actix_web::{App, route};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[route("/", method = "GET", method = "TRACE", method = "connect", method = "TRACK")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[actix_web::trace("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
}
