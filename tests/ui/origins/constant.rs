//! A macro cannot read a constant.

use actix_web::get;
use cors_runtime::cors;

const ORIGIN: &str = "https://a.example";

#[cors(origins = [ORIGIN])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {}
