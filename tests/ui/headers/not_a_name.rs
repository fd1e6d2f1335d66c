use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], allow_headers = ["x-*", "any", "x-a"])]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], expose_headers = ["x-total-*", "all", "a\\b\"c"])]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
}
