//! The compiler compares a shared policy with the handler's signature.
#![deny(deprecated)]

use actix_session::Session;
use actix_web::{App, get, post, put, web};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use cors_runtime::{Policy, cors, policy};

static STRICT: Policy = policy!(origins = ["https://a.example"]);
static WILD: Policy = policy!(origins = ["https://a.example"], allow_headers = ["*"]);
static ENOUGH: Policy =
    policy!(origins = ["https://a.example"], credentials, allow_headers = ["Authorization", "Content-Type"]);

#[cors(STRICT)]
#[post("/1")]
async fn h1(_: web::Json<String>, _: BearerAuth, _: Session) -> &'static str {
    ""
}

#[cors(crate::WILD)]
#[put("/2")]
async fn h2(_: Option<web::Json<String>>, _: BearerAuth) -> &'static str {
    ""
}

#[cors(ENOUGH)]
#[put("/3")]
async fn h3(_: web::Json<String>, _: BearerAuth, _: Session) -> &'static str {
    ""
}

#[cors(STRICT, methods = ["GET"])]
async fn h4(_: Session) -> &'static str {
    ""
}

#[cors(STRICT)]
#[get("/5")]
#[expect(deprecated)]
async fn h5(_: Session) -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h5).service(h4::at("/4"));
}
