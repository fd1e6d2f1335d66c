//! The adapter to actix-web. It gives the decision access to requests, and writes responses.

pub(crate) mod app_cors;
mod cookies;
mod decide;
pub(crate) mod endpoint;
mod guard;
mod literal;
mod log;
mod middleware;
mod not_middleware;
pub(crate) mod register_with_at;
pub(crate) mod request;
pub(crate) mod resource;
mod response;
mod seen;
mod vary;
