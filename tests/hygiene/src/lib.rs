//! Whatever the macros write compiles here without a word: there is no prelude, the crates go by
//! other names, and modules have the names of those that the generated code needs.
//!
//! The test is that it compiles; there is nothing to run.

#![no_implicit_prelude]
#![deny(
    warnings,
    missing_debug_implementations,
    unreachable_pub,
    clippy::pedantic,
    clippy::nursery
)]
#![forbid(missing_docs, dead_code, unused_qualifications)]

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
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct str;
/// In the way.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct u32;
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

type Text = &'static ::core::primitive::str;

/// An allow-list.
pub static TENANTS: ::renamed::Allowlist = ::renamed::Allowlist::new();

/// A shared policy.
pub static PARTNERS: ::renamed::Policy = ::renamed::policy!(
    crate = ::renamed,
    origins = ["https://partner.example", crate::TENANTS],
    credentials,
    enforce
);

/// A policy that is set when the program starts.
pub static API: ::renamed::ConfiguredPolicy = ::renamed::ConfiguredPolicy::new();

/// The same, to be shared.
pub static CONFIGURED: ::renamed::Policy = ::renamed::policy!(crate = ::renamed, configured = API);

/// A configured handler.
#[::renamed::cors(crate = ::renamed, configured = crate::API)]
#[::actix_web::post("/configured")]
pub async fn configured(json: ::actix_web::web::Json<u8>) -> ::actix_web::web::Json<u8> {
    json
}

/// With the policy of another handler.
#[::renamed::cors(crate = ::renamed, configured::POLICY)]
#[::actix_web::get("/as-configured")]
pub async fn as_configured() -> Text {
    ""
}

/// Registered by hand.
#[::renamed::cors(crate = ::renamed, configured = API, methods = ["PUT"])]
pub async fn configured_by_hand() -> Text {
    ""
}

/// The same, by its policy.
#[::renamed::cors(crate = ::renamed, CONFIGURED)]
#[::actix_web::post("/configured-shared")]
pub async fn configured_shared(json: ::actix_web::web::Json<u8>) -> ::actix_web::web::Json<u8> {
    json
}

/// Configured as a module.
#[::renamed::cors(crate = ::renamed, configured = self::API)]
pub mod configured_module {
    /// A handler.
    #[::actix_web::get("/configured-module")]
    pub async fn in_module() -> super::Text {
        ""
    }
}

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
#[allow(clippy::future_not_send)] // as it is without `#[cors]`: actix-web's own types stay in their thread
pub async fn by_hand(
    body: ::actix_web::web::Bytes,
    _: ::actix_web::HttpRequest,
) -> ::actix_web::web::Bytes {
    body
}

/// Registered by hand, and generic.
#[::renamed::cors(crate = ::renamed, crate::PARTNERS, methods = ["PUT"])]
#[allow(clippy::future_not_send)] // as it is without `#[cors]`: actix-web's own types stay in their thread
pub async fn generic<T>(data: ::actix_web::web::Data<T>) -> Text
where
    T: 'static + ::core::fmt::Debug,
{
    ::core::mem::drop(data);
    ""
}

/// Registered by hand, with several parameters, of which one is a constant.
#[::renamed::cors(crate = ::renamed, crate::PARTNERS, methods = ["PUT"])]
#[allow(clippy::future_not_send)] // as it is without `#[cors]`: actix-web's own types stay in their thread
pub async fn more_generic<T, U: 'static, const N: usize>(
    data: ::actix_web::web::Data<T>,
    more: ::actix_web::web::Data<[U; N]>,
) -> Text
where
    T: 'static,
{
    ::core::mem::drop((data, more));
    ""
}

/// An origin that the build knows.
#[::renamed::cors(crate = ::renamed, origins = [env!("CARGO_PKG_HOMEPAGE")])]
#[::actix_web::get("/built")]
pub async fn built() -> Text {
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

/// Bindings with the name of a handler.
#[::renamed::cors(crate = ::renamed, crate::PARTNERS, methods = ["PUT"])]
#[allow(clippy::future_not_send)] // as it is without `#[cors]`: actix-web's own types stay in their thread
pub async fn same_name(same_name: ::actix_web::web::Bytes) -> ::actix_web::web::Bytes {
    let by_hand = same_name;
    ::core::assert!(by_hand.len() < 10);
    by_hand
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

/// Handlers that are covered by a shared policy.
#[::renamed::cors(crate = ::renamed, PARTNERS)]
pub mod covered_by_another {
    #![allow(clippy::needless_return)]

    /// A handler.
    #[cfg_attr(all(), ::actix_web::get("/covered-by-another"))]
    pub async fn covered() -> super::Text {
        return "";
    }

    /// Without the attribute's help.
    #[::actix_web::post("/json")]
    #[expect(deprecated)]
    pub async fn json(json: ::actix_web::web::Json<u8>) -> ::actix_web::web::Json<u8> {
        json
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
    app.service(everything)
        .service(several)
        .service(reflected)
        .service(shared)
        .service(r#type)
        .service(covered::covered)
        .service(covered::deeper::covered)
        .service(in_a_macro)
        .service(built)
        .service(covered_by_another::covered)
        .service(covered_by_another::json)
        .service(more_generic::at::<u8, u8, 4>("/more-generic"))
        .service(by_hand::at(["/by-hand", "/with-hands"]))
        .service(generic::at::<u8>("/generic").name("typed"))
        .service(r#match::at("/match"))
        .service(same_name::at("/same-name"))
        .service(in_a_macro_by_hand::at("/in-a-macro-by-hand"));
}
