//! The base allows no origin, and what is stated here does not change that.

use actix_web::{App, get, web};
use cors_runtime::{Policy, cors, policy};

pub static NOBODY: Policy = policy!(none);
pub static LONGER: Policy = policy!(max_age = 60, ..NOBODY);

#[cors(credentials, ..NOBODY)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(allow_headers = ["content-type"], ..NOBODY)]
#[get("/2")]
async fn h2(_: web::Json<u8>) -> &'static str {
    ""
}

#[cors(expose_headers = ["x-total"], ..crate::NOBODY)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
}
