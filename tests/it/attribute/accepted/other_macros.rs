//! Attributes of other crates that have the name of a route attribute.

use actix_web::{App, get};
use cors_runtime::cors;

mod fastrace {
    pub(crate) use tracing::instrument as trace;
}
mod sea_orm {
    pub(crate) use tracing::instrument as query;
}
use fastrace::trace;

#[cors(origins = ["https://a.example"])]
#[fastrace::trace]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/2")]
#[fastrace::trace(name = "two")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/3")]
#[trace]
#[sea_orm::query]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
#[fastrace::trace]
async fn by_hand() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
mod module {
    use super::fastrace;

    #[actix_web::get("/4")]
    #[fastrace::trace]
    pub(crate) async fn h4() -> &'static str {
        helper()
    }

    #[fastrace::trace(name = "help")]
    fn helper() -> &'static str {
        ""
    }
}

/// A macro may do anything with `Self`: it does not show that the handler is in an `impl`.
#[cors(origins = ["https://a.example"])]
#[get("/6")]
async fn h6() -> &'static str {
    stringify!(Self)
}

#[test]
fn attributes_named_like_route_attributes_are_left_alone() {
    let app = App::new()
        .service(h1)
        .service(h2)
        .service(h3)
        .service(module::h4)
        .service(h6);
    let _ = app.service(by_hand::at("/5"));
}
