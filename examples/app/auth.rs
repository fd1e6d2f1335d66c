//! Authentication for the whole app. It runs before any handler, and knows nothing about CORS.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, error};

/// The paths that need no user.
const OPEN: [&str; 5] = ["/login", "/status", "/hooks/", "/shared/", "/public/"];

/// Rejects requests without a session or a token.
pub(crate) async fn require_user(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let is_open = OPEN.iter().any(|open| request.path().starts_with(open));
    // A real app looks the session or the token up.
    let is_known = request.cookie("session").is_some()
        || request.headers().contains_key(header::AUTHORIZATION);
    if is_open || is_known {
        next.call(request).await
    } else {
        Err(error::ErrorUnauthorized("log in first"))
    }
}
