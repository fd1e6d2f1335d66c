//! CORS without a web framework: policies, their sources, the decision on a request, the headers of
//! its response, and explanations.
//!
//! It has no mutable statics. An adapter, such as [`actix`](crate::actix), gives it requests, applies
//! what it says, and passes in whether refusals are explained.

mod base;
mod builder;
pub(crate) mod decision;
pub(crate) mod explain;
mod hazards;
mod origins;
mod policy;
pub(crate) mod response;
mod sources;
