//! Whatever the macros write compiles here without a word: there is no prelude, the crates go by other names, and
//! modules have the names of those that the generated code needs.
//!
//! That it compiles is the test; there is nothing to run.

#![no_implicit_prelude]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unused_qualifications,
    unreachable_pub,
    clippy::pedantic
)]

/// In the way.
pub mod core {}
/// In the way.
pub mod std {}
/// In the way.
pub mod actix_web {}
/// In the way.
pub mod http {}
/// In the way.
pub mod cors_runtime {}
/// In the way.
pub mod renamed {}

/// In the way.
#[derive(Debug)]
pub struct Some;
/// In the way.
#[derive(Debug)]
pub struct Ok;
/// In the way.
#[derive(Debug)]
pub struct Policy;
/// In the way.
#[derive(Debug)]
pub struct Request;

type Text = &'static str;

/// An allow-list.
pub static TENANTS: ::renamed::Allowlist = ::renamed::Allowlist::new();

/// A shared policy.
pub static PARTNERS: ::renamed::Policy = ::renamed::policy!(
    crate = ::renamed,
    origins = ["https://partner.example", crate::TENANTS],
    credentials,
    enforce
);

/// A handler.
#[::renamed::cors(
    crate = ::renamed,
    origins = ["https://a.example", "http://c.example", "https://*.b.example:*", TENANTS],
    dev_origins = ["http://localhost:*"],
    credentials,
    enforce,
    allow_headers = ["content-type", "authorization"],
    expose_headers = ["x-total"],
    max_age = 600,
    danger(insecure_origins = "nothing here is secret")
)]
#[::actix_web::get("/everything")]
pub async fn everything() -> Text {
    ""
}

/// Several routes.
#[::renamed::cors(crate = ::renamed, origins = ["*"])]
#[::actix_web::routes]
#[get("/several")]
#[put("/several", name = "put-several")]
pub async fn several() -> Text {
    ""
}

/// A handler of any origin.
#[::renamed::cors(crate = ::renamed, credentials, danger(reflect_any_origin = "it is public"))]
#[::actix_web::route("/reflected", method = "GET", method = "PURGE")]
pub async fn reflected() -> Text {
    ""
}

/// A shared policy, with what it does not say against the signature.
#[::renamed::cors(crate = ::renamed, PARTNERS)]
#[::actix_web::post("/shared")]
#[expect(deprecated)]
pub async fn shared(json: ::actix_web::web::Json<u8>) -> ::actix_web::web::Json<u8> {
    json
}

/// Registered by hand.
#[::renamed::cors(crate = ::renamed, origins = ["https://a.example"], methods = ["PUT"])]
pub async fn by_hand(
    body: ::actix_web::web::Bytes,
    _: ::actix_web::HttpRequest,
) -> ::actix_web::web::Bytes {
    body
}

/// Registered by hand, and generic.
#[::renamed::cors(crate = ::renamed, crate::PARTNERS, methods = ["PUT"])]
pub async fn generic<T>(data: ::actix_web::web::Data<T>) -> Text
where
    T: 'static + ::core::fmt::Debug,
{
    ::core::mem::drop(data);
    ""
}

/// Names that need to be raw.
#[::renamed::cors(crate = ::renamed, origins = ["https://a.example"])]
#[::actix_web::get("/raw")]
pub async fn r#type() -> Text {
    ""
}

/// Names that need to be raw.
#[::renamed::cors(crate = ::renamed, origins = ["https://a.example"], methods = ["GET"])]
pub async fn r#match() -> Text {
    ""
}

/// Handlers that are covered together.
#[::renamed::cors(crate = ::renamed, origins = [self::TENANTS, "https://a.example"])]
pub mod covered {
    use super::Text;

    /// A handler.
    #[::actix_web::get("/covered")]
    pub async fn covered() -> Text {
        ""
    }

    /// Further in.
    pub mod deeper {
        /// A handler.
        #[::actix_web::get("/deeper")]
        pub async fn covered() -> super::Text {
            ""
        }
    }
}

macro_rules! handlers {
    ($name:ident, $by_hand:ident, $origin:literal, $path:literal, $source:path) => {
        /// In a macro.
        #[::renamed::cors(crate = ::renamed, origins = [$origin, $source])]
        #[::actix_web::get($path)]
        pub async fn $name() -> Text {
            ""
        }

        /// In a macro.
        #[::renamed::cors(crate = ::renamed, $crate::PARTNERS, methods = ["GET"])]
        pub async fn $by_hand() -> Text {
            ""
        }
    };
}

handlers!(
    in_a_macro,
    in_a_macro_by_hand,
    "https://a.example",
    "/in-a-macro",
    crate::TENANTS
);

/// Registers them all.
pub fn configure(app: &mut ::actix_web::web::ServiceConfig) {
    use ::actix_web::web;

    app.service(everything)
        .service(several)
        .service(reflected)
        .service(shared)
        .service(r#type)
        .service(covered::covered)
        .service(covered::deeper::covered)
        .service(in_a_macro)
        .route("/by-hand", web::put().to(by_hand))
        .route("/by-hand", by_hand::preflight())
        .route("/generic", web::put().to(generic::<u8>))
        .route("/generic", generic::preflight())
        .route("/match", web::get().to(r#match))
        .route("/match", r#match::preflight())
        .route("/in-a-macro-by-hand", web::get().to(in_a_macro_by_hand));
}
