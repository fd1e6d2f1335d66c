#![doc = include_str!("docs/crate.md")]

#[doc(hidden)]
pub mod __private;
mod actix;
mod combination;
pub mod debugging;
pub mod decision;
mod explain;
mod hazards;
pub mod migration;
mod origins;
mod policy;
pub mod rules;
mod sources;

pub use actix::app_cors::{AppCors, Surface, surface};
pub use actix::resource::AnnotatedResource;
pub use cors_macros::{cors, policy};
pub use cors_rules::{Danger, Origin, Place, Rule, Violation, origin};
pub use explain::explain;
pub use policy::Policy;
pub use sources::{
    Allowlist, AsyncOriginSource, Cached, CredentialSafe, OriginSource, PublicAllowlist,
    SourceError, Violations, comma_separated,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
