#![doc = include_str!("docs/crate.md")]

#[doc(hidden)]
pub mod __private;
mod actix;
mod core;
pub mod debugging;
pub mod migration;
pub mod rules;

pub use crate::actix::app_cors::{AppCors, Surface, surface};
pub use crate::actix::explain::explain;
pub use crate::actix::resource::AnnotatedResource;
pub use crate::core::configured::{ConfiguredPolicy, PolicyConfig};
pub use crate::core::policy::{AllowedOrigins, Policy};
pub use crate::core::sources::{
    Allowlist, AsyncOriginSource, Cached, CredentialSafe, OriginSource, PublicAllowlist,
    SourceError, Target, comma_separated,
};
pub use crate::core::violations::Violations;
pub use crate::core::{decision, response};
pub use cors_macros::{cors, policy};
pub use cors_rules::{Danger, Origin, Place, Rule, Violation, origin};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
