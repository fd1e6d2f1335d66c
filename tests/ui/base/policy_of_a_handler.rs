//! The base is the policy of a handler, which is fine without `credentials`.

use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["http://a.example"])]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(credentials, ..h1::POLICY)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
}
