#![deny(deprecated)]

use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h1(_: stand_in::Session) -> &'static str {
    ""
}

mod stand_in {
    use std::future::{Ready, ready};

    use actix_web::dev::Payload;
    use actix_web::{Error, FromRequest, HttpRequest};

    pub struct Session;

    impl FromRequest for Session {
        type Error = Error;
        type Future = Ready<Result<Self, Error>>;

        fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
            ready(Ok(Session))
        }
    }
}

fn main() {
    let _ = App::new().service(h1);
}
