//! A handler that is registered by hand says nothing if its preflights come to it, or if it is
//! somebody else's to register.

use actix_web::{App, HttpRequest, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn registered() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
#[allow(dead_code)]
async fn takes_every_method() -> &'static str {
    ""
}

/// Handlers for another crate to register.
pub mod handlers {
    /// Nobody registers it here.
    #[cors_runtime::cors(origins = ["https://a.example"], methods = ["GET"])]
    pub async fn public() -> &'static str {
        ""
    }
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn two_types<T, U: 'static>(_: web::Data<T>, _: web::Data<U>) -> &'static str
where
    T: Send + 'static,
{
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn constant<const N: usize>(_: web::Data<[u8; N]>) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn not_static<T: Default + ToString, const N: usize>(_: HttpRequest) -> String {
    T::default().to_string()
}

#[test]
fn handlers_that_are_registered_by_hand() {
    let app = App::new()
        .route("/1", web::get().to(registered))
        .route("/1", registered::preflight());
    let app = app
        .route("/2", web::to(takes_every_method))
        .route("/3", web::get().to(handlers::public));
    let app = app
        .route("/4", web::get().to(two_types::<u8, u16>))
        .route("/4", two_types::preflight());
    let app = app
        .route("/5", web::get().to(constant::<4>))
        .route("/5", constant::preflight());
    let _ = app
        .route("/6", web::get().to(not_static::<u8, 4>))
        .route("/6", not_static::preflight());
}
