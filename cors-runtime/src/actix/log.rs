//! The log of refusals: what happened to a request, and why.

use std::fmt;

use actix_web::http::StatusCode;
use tracing::level_filters::LevelFilter;

use super::log_once::{REFUSALS, SEEN};
use super::request::ActixRequest;
use super::{cookies, explain};
use crate::core::decision::{
    Decision, Endpoint, Field, Reader, Refusal, Request, handler_name, preflight_method, reader,
};
use crate::core::explain::{Explanation, malformed, quoted};
use crate::core::response::Action;

/// Logs a refusal. A request without `Origin` is not a CORS request.
#[inline]
pub(super) fn log(
    endpoint: Endpoint,
    decision: Decision,
    action: &Action,
    request: ActixRequest<'_>,
) {
    match decision.refusal() {
        None if cookies::are_unwelcome(endpoint, request) => {
            cookies::warn_of_unwelcome(endpoint, request.head);
        }
        None | Some(Refusal::NoOrigin) => {}
        Some(_) if !is_heard() && endpoint.current().not_set().is_none() => {}
        Some(refusal) => log_refusal(endpoint, decision, refusal, action, request),
    }
}

/// True if the level at which refusals are logged is on, in `tracing` or in `log`.
fn is_heard() -> bool {
    let (of_tracing, of_log) = if explain::is_on() {
        (LevelFilter::WARN, log::LevelFilter::Warn)
    } else {
        (LevelFilter::DEBUG, log::LevelFilter::Debug)
    };
    LevelFilter::current() >= of_tracing || log::max_level() >= of_log
}

#[cold]
fn log_refusal(
    endpoint: Endpoint,
    decision: Decision,
    refusal: Refusal,
    action: &Action,
    request: ActixRequest<'_>,
) {
    let is_run = matches!(decision, Decision::Run(_));
    if !is_run || is_read_elsewhere(&request) {
        warn_of_not_set(endpoint, refusal, &request);
        refused(action.happened(decision), endpoint, refusal, &request);
    }
}

/// Logs that a configured policy is not set, at the first request that it could allow: once per
/// process. A program may do without CORS, but seldom means to if such a request comes.
pub(super) fn warn_of_not_set<R: Request>(endpoint: Endpoint, refusal: Refusal, request: &R) {
    let Some(path) = endpoint.current().not_set() else {
        return;
    };
    let is_of_origin = matches!(
        refusal,
        Refusal::OriginNotAllowed | Refusal::OriginFailsPreflight
    );
    let origin = line(request, Field::Origin);
    if is_of_origin && malformed(origin).is_none() && SEEN.is_first(("not set", path)) {
        tracing::warn!(
            origin = %quoted(origin),
            handler = endpoint.name(),
            "`{path}` is not set, so it allows no origin: set it when the server starts",
        );
    }
}

/// Logs that the page cannot read a response that middleware made before the handler.
#[cold]
pub(super) fn log_unreadable<R: Request>(
    status: StatusCode,
    endpoint: Endpoint,
    refusal: Refusal,
    request: &R,
) {
    let happened = format!(
        "middleware responded with {}, and the page cannot read it",
        status.as_u16()
    );
    refused(happened, endpoint, refusal, request);
}

/// True if a page on another origin waits for the response to this request, which is not a
/// preflight, and needs a permission to read it.
pub(super) fn is_read_elsewhere<R: Request>(request: &R) -> bool {
    match reader(request) {
        Reader::OtherOrigin => true,
        Reader::OwnPage | Reader::Extension | Reader::Nobody => false,
        Reader::OwnPageBehindProxy => {
            if explain::is_on() && SEEN.is_first("proxy") {
                tracing::info!(
                    origin = %quoted(line(request, Field::Origin)),
                    host = %quoted(line(request, Field::Host)),
                    "the server's own page made this request, and a proxy passed it on with another \
                     `Host`, as development servers do: no origin has to be allowed for it",
                );
            }
            false
        }
    }
}

/// While refusals are explained, the first of a kind is a warning with advice.
fn refused<R: Request>(
    happened: impl fmt::Display,
    endpoint: Endpoint,
    refusal: Refusal,
    request: &R,
) {
    let explanation = Explanation::new(endpoint, request, refusal);
    let sentence = explanation.sentence();
    let first = line(request, Field::Origin);
    let malformed = malformed(first).filter(|_| !first.is_empty());
    let asked = preflight_method(request);
    let (origin, path) = (quoted(first), quoted(request.path().as_bytes()));
    let method = quoted(asked.unwrap_or(request.method().as_bytes()));
    macro_rules! log {
        ($level:ident $(, $advice:expr)?) => {
            tracing::$level!(
                %origin,
                %method,
                preflight = asked.is_some(),
                %path,
                handler = endpoint.name(),
                reason = ?refusal,
                malformed = malformed.map(display),
                $(advice = $advice,)?
                "{happened}: {sentence}",
            )
        };
    }
    let is_new = || {
        let is_first = |culprit| REFUSALS.is_first((endpoint.id(), refusal, culprit));
        // `any` would stop at the first new one, and not remember the others.
        let new = explanation.culprits().into_iter().map(is_first);
        new.fold(false, std::ops::BitOr::bitor)
    };
    if explain::is_on() && is_new() {
        log!(warn, explanation.advice().map(display));
    } else {
        log!(debug);
    }
}

/// Logs a header that the policy alone sets, and that was removed: once for a handler.
#[cold]
pub(super) fn warn_of_removed(handler: &'static str, header: &str) {
    if explain::is_on() && SEEN.is_first(("removed", handler, header)) {
        let handler = handler_name(handler);
        tracing::warn!(
            handler,
            header,
            "removed `{header}`, which `{handler}` or middleware inside its policy set: the policy \
             alone sets it",
        );
    }
}

fn line<R: Request>(request: &R, field: Field) -> &[u8] {
    request.lines(field).next().unwrap_or_default()
}
