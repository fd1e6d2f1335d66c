//! A help keeps the value that was written, and one mistake gives one message.

use actix_web::{App, get};
use cors_runtime::{Allowlist, Policy, cors, policy};

#[cors(origins = Any, allow_headers = AllowHeaders::any(), expose_headers = Any)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors("*")]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(["https://a.example"])]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], allowed_origin_fn = |origin, _| true)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = [move |origin, _| true, "https://a.example"], max_age = 10.0)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], crate = "cors_runtime")]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

#[cors(self)]
#[get("/7")]
async fn h7() -> &'static str {
    ""
}

#[cors(originPatterns = ["https://*.a.example"])]
#[get("/8")]
async fn h8() -> &'static str {
    ""
}

#[cors(origins = ["null"], danger(null = "a"), danger(insecure_origins = "b"))]
#[get("/9")]
async fn h9() -> &'static str {
    ""
}

// Cookies are for origins that are listed, wherever `credentials` stands.
#[cors(allow_any_origin, credentials)]
#[get("/10")]
async fn h10() -> &'static str {
    ""
}

#[cors(permissive, origins = ["https://a.example"], credentials)]
#[get("/11")]
async fn h11() -> &'static str {
    ""
}

static ONE: Policy = policy!(origins = ["https://a.example"]);
static ANOTHER: Policy = policy!(origins = ["https://b.example"]);

#[cors(base = ONE, ..ANOTHER)]
#[get("/12")]
async fn h12() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example".parse().unwrap()], allow_headers = ["x-a".into()])]
#[get("/13")]
async fn h13() -> &'static str {
    ""
}

static LIST: Allowlist = Allowlist::new();

#[cors(origins = ["https://a.example" LIST])]
#[get("/14")]
async fn h14() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
    let _ = App::new().service(h5).service(h6).service(h7).service(h8).service(h9);
    let _ = App::new().service(h10).service(h11).service(h12).service(h13).service(h14);
}
