//! `r#origins` is `origins`.

use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], r#origins = ["*"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(r#credentials, origins = ["https://a.example"], credentials)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {}
