//! A base keeps a flag that is left out here, so the help says `= false`.

use actix_web::{App, get};
use cors_runtime::{Allowlist, Policy, cors, policy};

pub static LIST: Allowlist = Allowlist::new();

pub static PARTNERS: Policy = policy!(origins = ["https://partner.example"], credentials, enforce);

#[cors(credentials = off, ..PARTNERS)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(supports_credentials = false, enforce(false), ..PARTNERS)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(no_credentials, ..PARTNERS)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(allow_any_header = false, ..PARTNERS)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = [crate::LIST], ..PARTNERS)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], denied_origins = ["https://evil.example"], danger())]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
    let _ = App::new().service(h4).service(h5).service(h6);
}
