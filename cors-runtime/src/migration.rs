//! Coming from `actix_cors`.
//!
//! There, one policy is built at run time and wrapped around an app or a scope. Here, each handler states its own, and
//! the compiler checks it. So a policy moves from `wrap(…)` to the handlers: to a module of them at once, if they share it.
//!
//! | `actix_cors` | here |
//! |---|---|
//! | `.wrap(Cors::default()…)` on an app or a scope | `#[cors(…)]` on each handler, or on a module |
//! | `.allowed_origin("https://app.example.com")` | `origins = ["https://app.example.com"]` |
//! | `.allowed_origin_fn(…)` | `origins = ["https://*.example.com"]`; an [`Allowlist`](crate::Allowlist); or an [`OriginSource`](crate::OriginSource) of your own |
//! | `.allow_any_origin()` | `origins = ["*"]` |
//! | `.allow_any_origin().supports_credentials()` | refused, see [below](#where-this-crate-refuses) |
//! | `.send_wildcard()` | always so: `origins = ["*"]` answers `*` |
//! | `.allowed_methods([…])`, `.allow_any_method()` | nothing: a handler's methods are those of its route attribute |
//! | `.allowed_header(…)`, `.allowed_headers([…])` | `allow_headers = ["content-type"]` |
//! | `.allow_any_header()` | `allow_headers = ["*"]`, without `credentials` |
//! | `.expose_headers([…])`, `.expose_any_header()` | `expose_headers = ["x-total"]`, `["*"]` without `credentials` |
//! | `.supports_credentials()` | `credentials` |
//! | `.max_age(600)` | `max_age = 600` |
//! | `.disable_vary_header()` | nothing: `Vary` is right, or caches serve one origin's answer to another |
//! | `.block_on_origin_mismatch(true)` | `enforce`, which lets the server's own pages through |
//! | `.allow_private_network_access()` | nothing: browsers have dropped that proposal |
//! | `Cors::permissive()` | nothing: it allows every site to act for the user |
//!
//! # One policy for many handlers
//!
//! ```
//! use actix_web::App;
//! use cors_runtime::cors;
//!
//! // was: App::new().wrap(Cors::default().allowed_origin("https://app.example.com").supports_credentials())
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! mod api {
//!     use actix_web::{get, post};
//!
//!     #[get("/me")]
//!     pub async fn read_me() -> &'static str {
//!         "you"
//!     }
//!
//!     #[post("/logout")]
//!     pub async fn logout() -> &'static str {
//!         "bye"
//!     }
//! }
//!
//! # fn main() {
//! App::new().service(api::read_me).service(api::logout);
//! # }
//! ```
//!
//! # Where this crate refuses
//!
//! - Any origin with credentials. `actix_cors` reflects the request's origin then, so that every site reads every user's
//!   data. List the origins. If the resource is public all the same, say so:
//!   `#[cors(credentials, danger(reflect_any_origin = "the tiles of the map are public"))]`.
//! - An origin with a path or a slash at its end, or one in upper case. None of these ever matched.
//! - A function on the raw text of `Origin`. `origin.ends_with("example.com")` lets `https://evilexample.com` in; a pattern
//!   does not, and an [`OriginSource`](crate::OriginSource) decides on parsed parts.
//! - `allow_headers = ["*"]` with credentials: browsers read it as the name of a header.
//!
//! # Both at once
//!
//! An `actix_cors` that is left on an outer scope or the app has the last word. It answers all preflights itself, and where
//! it allows an origin, it writes over the headers of the handler. Where it allows none, the handler's stay. So take it away from a
//! scope when its handlers are annotated.
//!
//! # What differs on the wire
//!
//! - A refused preflight is answered 403, and 400 there.
//! - A preflight for a method that no annotated handler has is answered as the app answers any such request: 404 or 405.
//! - `Access-Control-Allow-Methods` names the method that was asked for, not all of them.
//! - Answers without a grant carry `Vary: Origin` too: caches keep those as well.
