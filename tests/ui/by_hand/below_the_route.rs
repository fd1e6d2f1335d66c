//! `#[cors]` does not see a route attribute above it, which would register the handler.

#![allow(unused_imports)] // `#[routes]` reads names

use actix_web::{App, get, get as fetch, post, routes};
use cors_runtime::cors;

#[get("/1")]
#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn below() -> &'static str {
    ""
}

#[routes]
#[cors(origins = ["https://a.example"], methods = ["GET", "POST"])]
#[get("/2")]
#[post("/2")]
async fn below_routes() -> &'static str {
    ""
}

#[fetch("/3")]
#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn below_a_renamed_route() -> &'static str {
    ""
}

#[cfg_attr(all(), get("/4"))]
#[cfg_attr(all(), cors(origins = ["https://a.example"], methods = ["GET"]))]
async fn below_a_conditional_route() -> &'static str {
    ""
}

fn main() {
    let _ = App::new()
        .service(below)
        .service(below_routes)
        .service(below_a_renamed_route)
        .service(below_a_conditional_route);
}
