//! The base has `credentials`, and what is stated here is not fine with them.

use actix_web::{App, get};
use cors_runtime::{Policy, cors, policy};

pub static PARTNERS: Policy = policy!(origins = ["https://partner.example"], credentials);
pub static INTRANET: Policy = policy!(
    origins = ["http://intranet.example"],
    credentials,
    danger(insecure_origins = "the network is ours")
);

#[cors(origins = ["*"], ..PARTNERS)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example", "http://b.example"], ..PARTNERS)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["file://"], ..PARTNERS)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(expose_headers = ["*"], ..PARTNERS)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], ..INTRANET)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(credentials = false, ..INTRANET)]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

#[cors(danger(public_suffixes = "we own all of it"), ..INTRANET)]
#[get("/7")]
async fn h7() -> &'static str {
    ""
}

#[cors(origins = ["*"], credentials = false, enforce, ..PARTNERS)]
#[get("/8")]
async fn h8() -> &'static str {
    ""
}

pub static FIVE: Policy = policy!(origins = ["https://*.github.io"], ..PARTNERS);

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
    let _ = App::new().service(h5).service(h6).service(h7).service(h8);
}
