//! Lints are forbidden here, so that an `allow` in generated code would be an error.
//!
//! The test is that it compiles; there is nothing to run.

#![forbid(
    dead_code,
    deprecated,
    missing_docs,
    missing_debug_implementations,
    non_upper_case_globals,
    unreachable_pub,
    unsafe_code,
    unused_imports,
    unused_qualifications,
    unused_variables
)]
#![deny(warnings, clippy::pedantic)]

use actix_web::web::{self, ServiceConfig};
use actix_web::{get, post};
use cors_runtime::{Policy, cors, policy};
use std::fmt::Debug;

/// Not the one of the standard library.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct str;

type Text = &'static core::primitive::str;

/// A base.
pub static BASE: Policy = policy!(
    origins = ["https://a.example"],
    allow_headers = ["content-type", "authorization"],
    credentials
);

/// A route.
#[cors(origins = ["https://a.example"], allow_headers = ["content-type"])]
#[post("/route")]
pub async fn route(body: web::Json<u8>) -> web::Json<u8> {
    body
}

/// An origin from the build's environment.
#[cors(origins = [env!("CARGO_PKG_HOMEPAGE"), "https://b.example"])]
#[get("/variable")]
pub async fn variable() -> Text {
    ""
}

/// A shared policy, whose allowed headers the compiler looks at.
#[cors(BASE)]
#[post("/shared")]
pub async fn shared(body: web::Json<u8>) -> web::Json<u8> {
    body
}

/// A base policy.
#[cors(max_age = 60, ..BASE)]
#[post("/based")]
pub async fn based(body: web::Json<u8>) -> web::Json<u8> {
    body
}

/// Nobody.
#[cors(none)]
#[get("/nobody")]
pub async fn nobody() -> Text {
    ""
}

/// By hand.
#[cors(BASE, methods = ["PUT"])]
pub async fn by_hand(body: web::Json<u8>) -> web::Json<u8> {
    body
}

#[cors(origins = ["https://a.example"], methods = ["PUT"])]
async fn private() -> Text {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["PUT"])]
async fn private_generic<T: Debug + 'static>(data: web::Data<T>) -> String {
    format!("{data:?}")
}

#[derive(Debug)]
enum Private {}

#[cors(BASE, methods = ["PUT"])]
async fn same_name(same_name: web::Data<Private>) -> String {
    let private = same_name.into_inner();
    format!("{private:?}")
}

/// Two parameters.
#[cors(origins = ["https://a.example"], methods = ["PUT"])]
pub async fn two<T: Debug + 'static, U>(data: web::Data<T>, more: web::Data<U>) -> String
where
    U: Debug + 'static,
{
    format!("{data:?}{more:?}")
}

/// A constant parameter, and one of a type.
#[cors(origins = ["https://a.example"], methods = ["PUT"])]
pub async fn constant<const N: usize, T>(data: web::Data<T>) -> String
where
    T: Debug + 'static,
{
    format!("{data:?}{N}")
}

macro_rules! typed {
    ($name:ident, $by_hand:ident, $body:ty, $returned:ty) => {
        /// Types from a macro.
        #[cors(origins = ["https://a.example"], allow_headers = ["content-type"])]
        #[post("/typed")]
        pub async fn $name(body: $body) -> $returned {
            body
        }

        /// Types from a macro.
        #[cors(BASE, methods = ["PUT"])]
        pub async fn $by_hand(body: $body) -> $returned {
            body
        }
    };
}

typed!(typed, typed_by_hand, web::Json<u8>, web::Json<u8>);

/// A module.
#[cors(max_age = 60, ..BASE)]
pub mod module {
    /// In it.
    #[actix_web::get("/module")]
    pub async fn handler() -> super::Text {
        ""
    }
}

use cors_runtime as rt;

/// A module whose name for the runtime is relative.
#[cors(crate = rt, origins = ["https://a.example"])]
pub mod relative {
    use super::Text;

    /// In it.
    #[actix_web::get("/relative")]
    pub async fn handler() -> Text {
        ""
    }

    /// Further in.
    pub mod deeper {
        /// In it.
        #[actix_web::get("/deeper")]
        pub async fn handler() -> super::Text {
            ""
        }
    }
}

/// Registers them all.
pub fn configure(app: &mut ServiceConfig) {
    app.service(route)
        .service(variable)
        .service(shared)
        .service(based)
        .service(nobody)
        .service(by_hand::at("/by-hand"))
        .service(private::at("/private"))
        .service(private_generic::at::<u8>("/generic"))
        .service(same_name::at("/same-name"))
        .service(two::at::<u8, u16>("/two"))
        .service(constant::at::<3, u8>("/constant"))
        .service(typed)
        .service(typed_by_hand::at("/typed-by-hand"))
        .service(module::handler)
        .service(relative::handler)
        .service(relative::deeper::handler);
}
