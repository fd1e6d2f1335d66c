#![deny(deprecated)]

use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h1(_: stand_in::BearerAuth) -> &'static str {
    ""
}

#[cors(origins = ["*"], allow_headers = ["*"])]
#[get("/")]
async fn h2(_: stand_in::BearerAuth) -> &'static str {
    ""
}

mod stand_in {
    use std::future::{Ready, ready};

    use actix_web::dev::Payload;
    use actix_web::{Error, FromRequest, HttpRequest};

    pub struct BearerAuth;

    impl FromRequest for BearerAuth {
        type Error = Error;
        type Future = Ready<Result<Self, Error>>;

        fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
            ready(Ok(BearerAuth))
        }
    }
}

fn main() {
    let _ = App::new().service(h1).service(h2);
}
