//! The adapter to actix-web. It gives the decision access to requests, and writes responses.

pub(crate) mod app_cors;
mod cookies;
mod decide;
pub(crate) mod endpoint;
pub(crate) mod guard;
mod literal;
mod log;
pub(crate) mod manual;
pub(crate) mod middleware;
mod not_middleware;
mod request;
pub(crate) mod resource;
mod response;
mod seen;
mod vary;
