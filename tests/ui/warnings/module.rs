//! A warning about the policy of a module comes once, and one about a handler in it at the handler.
#![deny(deprecated)]

use cors_runtime::cors;

#[cors(origins = ["https://a.example"], allow_headers = ["accept"])]
mod covered {
    use actix_web::{get, web};

    #[get("/1")]
    pub async fn h1() -> &'static str {
        ""
    }

    #[get("/2")]
    pub async fn h2() -> &'static str {
        ""
    }

    #[get("/3")]
    pub async fn h3(_: web::Json<u8>) -> &'static str {
        ""
    }

    #[get("/4")]
    #[expect(deprecated)]
    pub async fn h4(_: web::Json<u8>) -> &'static str {
        ""
    }
}

fn main() {
    let _ = actix_web::App::new().service(covered::h1).service(covered::h2).service(covered::h3).service(covered::h4);
}
