//! The rulebook of CORS policies.
//!
//! This crate knows the grammar of origins, the methods and headers that a policy can allow, and
//! the policies that are unsafe or can never work. It has two callers in `cors-runtime`: the
//! attribute checks a policy at compile time, and a list or a configured policy is checked when it
//! is set.
//!
//! It knows neither tokens nor a web framework. Use `cors-runtime`; this crate is public only
//! because a macro and a runtime share it.
//!
//! | module | about |
//! |---|---|
//! | [`origin`] | the ASCII serialization of an origin, and why a string is not one |
//! | [`pattern`] | the elements of a list of origins: origins, `https://*.example.org`, `http://localhost:*` |
//! | [`method`] | forbidden, safelisted and miscased methods |
//! | [`header`] | forbidden and safelisted header names |
//! | [`max_age`] | how long a preflight can be cached |
//! | [`danger`] | the named escape hatches |
//! | [`draft`] | a policy as it was written |
//! | [`check()`] | from a draft to a checked policy, or to everything that is wrong with it |
//! | [`checked`] | a policy that keeps the rules: parsed, split and sorted |
//! | [`violation`] | the rules by name, and their violations |

mod check;
pub mod checked;
pub mod danger;
pub mod draft;
mod expression;
pub mod header;
mod malformed;
pub mod max_age;
pub mod method;
pub mod origin;
pub mod pattern;
mod public_suffix;
mod shown;
mod spelling;
mod suggest;
pub mod violation;
mod wording;

pub use check::{check, check_methods, insecure_with_credentials};
pub use checked::Checked;
pub use danger::Danger;
pub use draft::Draft;
pub use origin::Origin;
pub use pattern::Pattern;
pub use shown::shown;
pub use spelling::{closest, is_negated};
pub use suggest::correct_origin;
pub use violation::{Place, Rule, Severity, Violation};
