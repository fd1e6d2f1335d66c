//! `AppCors` around an app.

mod attacks;
mod common_middleware;
mod coverage;
mod handlers;
mod middleware_order;
mod outermost;
mod random_apps;
mod routing;

const APP: &str = "https://app.example";
