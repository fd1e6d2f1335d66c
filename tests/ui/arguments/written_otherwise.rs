//! The right value in another form: the help keeps it.

use actix_web::http::header;
use actix_web::{App, get};
use cors_runtime::{Allowlist, cors};

static TENANTS: Allowlist = Allowlist::new();

#[cors(origins = "*")]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = "http://localhost:3000, https://a.example", allow_headers = "x-a, x-b")]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = TENANTS)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = env!("APP_ORIGIN"), allow_headers = [header::AUTHORIZATION], max_age = "1h")]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = vec!["https://a.example".to_owned()], max_age = Duration::from_secs(3600))]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = [Some("https://a.example"), 1], credentials = true)]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = [Method::GET, put])]
async fn h7() -> &'static str {
    ""
}

#[cors(origins = [env!("UNSET_ORIGIN", "set UNSET_ORIGIN"), env!("UNSET_TOO",)])]
#[get("/8")]
async fn h8() -> &'static str {
    ""
}

fn main() {
    let _ = (App::new().service(h1).service(h2).service(h3).service(h4)).service(h5);
    let _ = App::new().service(h6).service(h7::at("/7")).service(h8);
}
