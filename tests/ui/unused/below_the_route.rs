//! A handler whose preflights nobody answers: `#[cors]` is below the route, or nothing registers it.

#![deny(dead_code)]

use actix_web::{App, get, get as fetch, routes, web};
use cors_runtime::cors;

#[get("/1")]
#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn below() -> &'static str {
    ""
}

#[routes]
#[get("/2")]
#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn below_routes() -> &'static str {
    ""
}

#[fetch("/3")]
#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn below_a_renamed_route() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn without_preflight() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn with_preflight() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn at_once() -> &'static str {
    ""
}

fn main() {
    let _ = App::new()
        .service(below)
        .service(below_routes)
        .service(below_a_renamed_route)
        .service(at_once::at("/4"))
        .route("/5", web::get().to(without_preflight))
        .route("/6", web::get().to(with_preflight))
        .route("/6", with_preflight::preflight());
}
