//! CORS for [actix-web](https://actix.rs), stated on each handler and checked by the compiler: a policy that is
//! unsafe or can never work does not compile, and the error says what to write instead.
//!
//! ```
//! use actix_web::{App, Responder, get, put, web};
//! use cors_runtime::cors;
//!
//! #[cors(origins = ["https://app.example.com", "https://*.example.org"], credentials)]
//! #[get("/me")]
//! async fn read_me() -> impl Responder {
//!     "you"
//! }
//!
//! #[cors(origins = ["https://admin.example.com"], credentials, allow_headers = ["content-type"], max_age = 600)]
//! #[put("/me")] // the same path, another policy: each preflight is answered by its own handler
//! async fn write_me(name: web::Json<String>) -> impl Responder {
//!     name.into_inner()
//! }
//!
//! App::new().service(read_me).service(write_me); // nothing else to wire
//! ```
//!
//! | to learn | look at |
//! |---|---|
//! | what the attribute takes, and all places it can stand in | [`cors`] |
//! | what is refused, why, and what to write instead | [`rules`] |
//! | a policy that several handlers share | [`policy!`] |
//! | origins that are known only at run time | [`Allowlist`], [`OriginSource`], [`AsyncOriginSource`] |
//! | how to come here from `actix_cors` | [`migration`] |
//! | how a request is decided | [`decide`] |

#[doc(hidden)]
pub mod __private;
mod actix;
mod allowlist;
mod cached;
mod decision;
pub mod migration;
mod origins;
mod policy;
pub mod rules;
mod same_origin;
mod source;

pub use allowlist::{Allowlist, PublicAllowlist, Violations, comma_separated};
pub use cached::Cached;
pub use cors_macros::{cors, policy};
pub use cors_rules::{Danger, Origin, Place, Rule, Violation, origin};
pub use decision::{Decision, Facts, Grant, OriginField, Preflight, Refusal, Verdict, decide};
pub use policy::Policy;
pub use source::{AsyncOriginSource, CredentialSafe, OriginSource, SourceError};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
