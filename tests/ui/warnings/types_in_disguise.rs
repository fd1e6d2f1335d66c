//! The type of a parameter tells what it needs, in whatever disguise; a parameter that is not
//! compiled needs nothing.
#![deny(deprecated)]

use actix_web::{App, get, web};
use cors_runtime::{Policy, cors, policy};

static SHARED: Policy = policy!(origins = ["https://a.example"]);

macro_rules! handler {
    ($name:ident, $body:ty) => {
        #[cors(origins = ["https://a.example"])]
        #[get("/")]
        async fn $name(_: $body) -> &'static str {
            ""
        }
    };
}
handler!(h1, web::Json<u8>);

#[cors(origins = ["https://a.example"])]
#[get("/")]
#[allow(unused_parens)]
async fn h2(_: (web::Json<u8>)) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h3(#[cfg(any())] _body: web::Json<u8>) -> &'static str {
    ""
}

#[cors(SHARED)]
#[get("/")]
async fn h4(#[cfg(any())] _body: web::Json<u8>, #[cfg(all())] _other: web::Json<u8>) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h5(self::web::Json(_): web::Json<u8>) -> &'static str {
    ""
}

fn main() {
    let app = App::new().service(h1).service(h2).service(h3);
    let _ = app.service(h4).service(h5);
}
