#![deny(deprecated)]

use actix_web::{App, get, route};
use cors_runtime::cors;

#[cors(origins = ["htps://example.com", "httpss://*.example.com", "moz-extensions://*"])]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(
    origins = ["https://a.example"],
    allow_headers = ["content_type", "Autorization"],
    expose_headers = ["retry_after"]
)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["DELTE", "PSOT", "POST"])]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[route("/4", method = "PUTT", method = "GET")]
async fn h4() -> &'static str {
    ""
}

// It is no site, so the mistake is an error with credentials.
#[cors(origins = ["htps://example.com"], credentials)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[allow(deprecated)]
#[cors(origins = ["capacitors://localhost"], allow_headers = ["authorization2"])]
#[get("/6")]
async fn its_name() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3::at("/3"));
    let _ = App::new().service(h4).service(h5).service(its_name);
}
