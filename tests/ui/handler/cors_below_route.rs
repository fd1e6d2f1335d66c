#![allow(unused_imports)] // `#[routes]` reads names

use actix_web::get as fetch;
use actix_web::{get, post, routes};
use cors_runtime::cors;

#[get("/")]
#[cors(origins = ["https://a.example"])]
async fn below_the_route() -> &'static str {
    ""
}

#[routes]
#[cors(origins = ["https://a.example"])]
#[get("/")]
#[post("/")]
async fn below_routes() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[fetch("/")]
async fn above_a_renamed_route() -> &'static str {
    ""
}

fn main() {}
