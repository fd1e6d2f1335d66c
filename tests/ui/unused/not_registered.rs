//! `at` and `preflight` do nothing by themselves.

#![deny(unused_must_use)]

use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn at_once() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn apart() -> &'static str {
    ""
}

fn main() {
    at_once::at("/1");
    apart::preflight();
}
