//! What an `AppCors` logs: each message once per process.

use std::any::type_name;

use super::super::seen::Seen;
use super::handlers::Handlers;

static SEEN: Seen = Seen::new();

/// The surface of an app, when its first request comes: the resource map is complete then.
#[cold]
pub(super) fn surface(handlers: &Handlers) {
    let lines = handlers.lines();
    if SEEN.is_first(&lines) {
        tracing::info!("the CORS surface of this app:\n{}", lines.join("\n"));
    }
}

/// An `AppCors` is inside another.
#[cold]
pub(super) fn is_inside_another() {
    if SEEN.is_first("inside another") {
        tracing::warn!(
            "an `AppCors` is inside another, and does nothing: the outermost has the last word"
        );
    }
}

/// An `AppCors` has nothing inside it but the router of the app or of the scope, so all middleware
/// is around it. What is around a middleware cannot be seen; a type name is good enough for a log.
pub(super) fn surrounds<S>() {
    let is_router = [
        "actix_web::app_service::AppRouting",
        "actix_web::scope::ScopeService",
    ]
    .contains(&type_name::<S>());
    if is_router && SEEN.is_first("no middleware") {
        tracing::warn!(
            "an `AppCors` has no middleware inside it, and cannot cover what is around it: \
             write `.wrap(AppCors::new())` last"
        );
    }
}
