#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod __private;
mod actix;
mod decision;
mod origins;
mod policy;
pub mod rules;
mod same_origin;
mod vary;

pub use cors_macros::cors;
pub use cors_rules::{Danger, Origin};
pub use decision::{Decision, Facts, Grant, OriginField, Preflight, Refusal, Verdict, decide};
pub use policy::Policy;
