//! The base allows every origin.

use actix_web::{App, get};
use cors_runtime::{Policy, cors, policy};

pub static ANYONE: Policy = policy!(origins = ["*"]);
pub static ECHO: Policy = policy!(credentials, danger(reflect_any_origin = "the tiles are public"));

#[cors(enforce, ..ANYONE)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(enforce, ..ECHO)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(danger(null_origin = "a sandboxed frame of ours"), ..ECHO)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(credentials = false, ..ECHO)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], ..ECHO)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(danger(), ..ECHO)]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4).service(h5).service(h6);
}
