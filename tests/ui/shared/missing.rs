//! One error, although the handler's parameters ask the policy as well.

use actix_web::{get, web};
use cors_runtime::cors;

#[cors(MISSING)]
#[get("/")]
async fn h1(_: web::Json<u8>) -> &'static str {
    ""
}

#[cors(crate::MISSING, methods = ["PUT"])]
async fn h2(_: web::Json<u8>) -> &'static str {
    ""
}

#[cors(MISSING)]
mod module {
    use actix_web::{get, web};

    #[get("/")]
    async fn h3(_: web::Json<u8>) -> &'static str {
        ""
    }

    #[get("/")]
    async fn h4(_: web::Json<u8>) -> &'static str {
        ""
    }
}

fn main() {}
