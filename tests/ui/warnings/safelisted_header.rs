#![deny(deprecated)]

use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], allow_headers = ["Accept", "range"], expose_headers = ["content-type", "expires"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
}
