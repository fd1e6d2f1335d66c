//! The log of an `AppCors`: each message once per process.

use std::any::type_name;

use super::super::log_once::SEEN;
use crate::core::decision::handler_name;
use crate::core::explain::quoted;

/// Shows the surface of an app at its first request: only then is the resource map complete.
#[cold]
pub(super) fn surface(lines: &[String]) {
    if SEEN.is_first(lines) {
        tracing::info!("the CORS surface of this app:\n{}", lines.join("\n"));
    }
}

#[cold]
pub(super) fn is_inside_another() {
    if SEEN.is_first("inside another") {
        tracing::warn!(
            "an `AppCors` is inside another, and does nothing, nor does its default policy: the \
             outermost has the last word"
        );
    }
}

/// An `AppCors` has nothing inside it but the router of the app or of the scope, so all middleware
/// is around it. Middleware cannot see what is around it; a type name is good enough for a log.
pub(super) fn surrounds<S>() {
    let is_router = [
        "actix_web::app_service::AppRouting",
        "actix_web::scope::ScopeService",
    ]
    .contains(&type_name::<S>());
    if is_router && SEEN.is_first("no middleware") {
        tracing::warn!(
            "an `AppCors` without a default policy has no middleware inside it to cover: wrap what \
             responds before a handler first, with an earlier `.wrap(…)`"
        );
    }
}

/// Middleware inside an `AppCors` has led a request to another handler than its path does.
/// `reached` is the id of that handler, and `None` if that one has no policy of its own.
#[cold]
pub(super) fn was_rewritten(reached: Option<&'static str>, from: &str, to: &str) {
    if SEEN.is_first(("rewritten", reached)) {
        tracing::warn!(
            handler = reached.map_or("", handler_name),
            from = %quoted(from.as_bytes()),
            to = %quoted(to.as_bytes()),
            "middleware inside `AppCors` rewrites paths, so that preflights are answered for the path \
             before: wrap it around `AppCors`, with a later `.wrap(…)`"
        );
    }
}

/// An annotated handler was reached, and the `AppCors` around it has seen none.
#[cold]
pub(super) fn was_late() {
    if SEEN.is_first("late") {
        tracing::warn!(
            "an `AppCors` was made too late to see the handlers inside it, and does not answer their \
             preflights: make it where the app is made, in `App::new()….wrap(AppCors::new())`"
        );
    }
}
