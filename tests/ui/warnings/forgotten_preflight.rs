//! By hand, no preflight comes to a handler whose `preflight()` is not registered. Nor does one
//! where `#[cors]` is below the route attribute, which it cannot see.
#![deny(dead_code)]
#![allow(unused_imports)] // `#[routes]` reads names

use actix_web::get as fetch;
use actix_web::{App, get, post, routes, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["PUT"])]
async fn not_registered() -> &'static str {
    ""
}

#[get("/1")]
#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn below_the_route() -> &'static str {
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
    let app = App::new().route("/", web::put().to(not_registered));
    let _ = app.service(below_the_route).service(below_routes).service(below_a_renamed_route).service(below_a_conditional_route);
}
