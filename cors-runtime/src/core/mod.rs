//! CORS without a web framework: policies, their sources, the decision on a request, the headers of
//! its response, and explanations.
//!
//! It has no mutable statics. An adapter, such as [`actix`](crate::actix), gives it requests,
//! applies what it says, and passes in whether refusals are explained.

pub(crate) mod authority;
pub(crate) mod base;
pub(crate) mod builder;
pub(crate) mod configured;
pub mod decision;
pub(crate) mod explain;
pub(crate) mod hazards;
pub(crate) mod origins;
pub(crate) mod policy;
pub mod response;
pub(crate) mod sources;
pub(crate) mod violations;
