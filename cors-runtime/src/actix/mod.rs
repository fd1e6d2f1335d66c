//! The adapter to actix-web. It translates requests for [`core`](crate::core), applies the headers
//! that `core` makes, and registers resources. It decides nothing.

pub(crate) mod app_cors;
mod apply;
mod cookies;
pub(crate) mod explain;
mod guard;
mod log;
mod log_once;
mod middleware;
mod not_middleware;
pub(crate) mod register_with_at;
pub(crate) mod registered;
mod request;
pub(crate) mod resource;
