#![deny(deprecated)]

use actix_web::{App, get, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h1(_body: web::Json<String>) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], allow_headers = ["x-a"])]
#[get("/")]
async fn h2(_body: Option<actix_web::web::Json<String>>) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h3(_body: Result<web::Json<String>, actix_web::Error>) -> &'static str {
    ""
}

/// The name of the body type of `async-graphql`.
struct GraphQLRequest;

impl actix_web::FromRequest for GraphQLRequest {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(_: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Ok(Self))
    }
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h4(_body: GraphQLRequest) -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
}
