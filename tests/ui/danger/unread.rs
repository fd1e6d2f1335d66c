//! One mistake is one error: the argument that could not be read may be the one that is missing.

use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["http://a.example", "null"], credentials, danger = ["insecure_origins"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example"], credentials, danger(insecure_origins))]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example"], credentials, danger(insecure = "the factory has no certificates"))]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(credentials, danger(reflect_any_origin))]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example"], credentials, danger(insecure_origins: "x y"))]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

fn main() {}
