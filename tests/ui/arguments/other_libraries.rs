//! Names that other libraries have for an argument.

use actix_web::{App, get};
use cors_runtime::{Policy, cors, policy};

static PARTNERS: Policy = policy!(origins = ["https://a.example"]);

#[cors(allow_any_origin)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], send_wildcard, supports_credentials = true)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(allowedOrigins = ["https://a.example"], allowCredentials = false, optionsSuccessStatus = 200)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(policy = PARTNERS)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(max_age = 5, base = PARTNERS)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins: ["https://a.example"], credentials: true, max_age: 60)]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

#[cors(origins("https://a.example"), credentials(true))]
#[get("/7")]
async fn h7() -> &'static str {
    ""
}

#[cors(origins = [|origin: &str| origin.ends_with(".example"), Regex::new("^https://.*$")])]
#[get("/8")]
async fn h8() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], true)]
#[get("/9")]
async fn h9() -> &'static str {
    ""
}

#[cors(partners)]
#[get("/10")]
async fn h10() -> &'static str {
    ""
}

fn main() {
    let _ = (App::new().service(h1).service(h2).service(h3).service(h4)).service(h5);
    let _ = (App::new().service(h6).service(h7).service(h8).service(h9)).service(h10);
}
