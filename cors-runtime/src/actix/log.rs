//! Says in the log why a response has no CORS headers.

use actix_web::http::header::{HeaderValue, ORIGIN};

use super::log_once::REFUSALS;
use super::request::ActixRequest;
use super::{cookies, explain};
use crate::core::decision::{Decision, Endpoint, Refusal, preflight_method};
use crate::core::explain::{Explanation, malformed, shown};

/// Logs a refusal. A request without `Origin` is not a CORS request.
#[inline]
pub(super) fn log(endpoint: Endpoint, decision: Decision, request: ActixRequest<'_>) {
    match decision.refusal() {
        None if cookies::are_unwelcome(endpoint, request) => {
            cookies::warn_of_unwelcome(endpoint, request.head);
        }
        None | Some(Refusal::NoOrigin) => {}
        Some(refusal) => log_refusal(endpoint, refusal, request),
    }
}

/// While refusals are explained, the first of a kind is a warning with advice. What the fields need
/// is computed only if `tracing` or `log` takes the event.
#[cold]
fn log_refusal(endpoint: Endpoint, refusal: Refusal, request: ActixRequest<'_>) {
    let head = request.head;
    let origin = || {
        let value = head.headers.get(ORIGIN);
        value.map_or(&b""[..], HeaderValue::as_bytes)
    };
    let asked = || preflight_method(&request);
    let explanation = || Explanation::new(endpoint, &request, refusal);
    macro_rules! log {
        ($level:ident $(, $advice:expr)?) => {
            tracing::$level!(
                origin = %shown(origin()),
                method = %shown(asked().unwrap_or(head.method.as_str().as_bytes())),
                preflight = asked().is_some(),
                path = %shown(head.uri.path().as_bytes()),
                handler = endpoint.name(),
                reason = ?refusal,
                malformed = head.headers.get(ORIGIN).and_then(|origin| malformed(origin.as_bytes())).map(display),
                $(advice = $advice,)?
                "no CORS headers: {}",
                explanation().sentence(),
            )
        };
    }
    let kind = || (endpoint.id(), origin(), refusal);
    if explain::is_on() && REFUSALS.is_first(kind()) {
        log!(warn, explanation().advice().map(display));
    } else {
        log!(debug);
    }
}
