//! Each help takes the place of what is marked: see `builds.rs`.

use actix_web::{App, get, route};
use cors_runtime::{Policy, cors, policy};

static PARTNERS: Policy = policy!(origins = ["https://partner.example"]);

#[cors(origins = , credentials = false)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max-age = 5, allow-headers = ["x-a"], allow-credentials = true)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(max_age = 60, ..&PARTNERS)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(credentials, ..)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], danger(null_origin = "it is public"))]
#[route("/5", method = GET, name = 5)]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[actix_web::Route("/6", method = "GET")]
async fn h6() -> &'static str {
    ""
}

fn main() {
    let _ = (App::new().service(h1).service(h2)).service(h3);
    let _ = (App::new().service(h4).service(h5)).service(h6);
}
