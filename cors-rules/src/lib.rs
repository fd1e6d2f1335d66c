//! The rulebook of CORS policies.
//!
//! What is an origin, which methods and headers can be allowed, and which policies are unsafe or can
//! never work: every such question is answered here once, for two callers. The attribute of
//! `cors-runtime` asks at compile time, its run-time lists ask when they are filled.
//!
//! Nothing here knows tokens or a web framework. Use `cors-runtime`; this crate is public only
//! because a macro and a runtime have to share it.
//!
//! | module | about |
//! |---|---|
//! | [`origin`] | the ASCII serialization of one origin, and why a string is not one |
//! | [`pattern`] | what a list of origins may hold: origins, `https://*.example.org`, `http://localhost:*` |
//! | [`method`] | forbidden, safelisted and miscased methods |
//! | [`header`] | forbidden and safelisted header names |
//! | [`max_age`] | how long a preflight may be remembered |
//! | [`danger`] | the named escape hatches |
//! | [`draft`] | a policy as written, and [`check`] |
//! | [`violation`] | the rules by name, and the form of a violation |
//! | [`wording`] | what a violation of each rule says |

pub mod danger;
pub mod draft;
pub mod header;
pub mod max_age;
pub mod method;
pub mod origin;
pub mod pattern;
mod public_suffix;
mod suggest;
pub mod violation;
pub mod wording;

pub use danger::Danger;
pub use draft::{Draft, check};
pub use origin::Origin;
pub use pattern::Pattern;
pub use public_suffix::is_public_suffix;
pub use suggest::closest;
pub use violation::{Place, Rule, Severity, Violation};
