//! Handlers that are registered manually, without a route attribute.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, Handler, HttpRequest, HttpResponse, Route};

use super::app_cors::{passed, report_by_hand};
use super::endpoint::Endpoint;
use super::guard::PreflightGuard;
use super::response::{Outcome, origin_of, outcome};

/// A request of which no extractor has read anything.
///
/// Extracting it never fails, so the handler's own extractors run after the decision.
///
/// If the compiler expects one of these where you call a handler, call the function itself:
/// `save::save(…)`.
pub struct UnreadRequest {
    head: HttpRequest,
    payload: Payload,
}

impl FromRequest for UnreadRequest {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(head: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self {
            head: head.clone(),
            payload: payload.take(),
        }))
    }
}

impl fmt::Debug for UnreadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadRequest")
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

/// Runs the handler's extractors and `handler`, and adds the CORS headers to the response.
pub(crate) async fn handle<F, Args>(
    endpoint: Endpoint,
    handler: F,
    respond: fn(F::Output, &HttpRequest) -> HttpResponse,
    request: UnreadRequest,
) -> HttpResponse
where
    F: Handler<Args>,
    Args: FromRequest,
{
    let UnreadRequest { head, mut payload } = request;
    let headers = match decide(endpoint, &head).await {
        Outcome::Run(grant) => grant.headers(|| origin_of(head.head())),
        Outcome::Respond(res) => return res,
    };
    let mut res = match Args::from_request(&head, &mut payload).await {
        Ok(args) => respond(handler.call(args).await, &head),
        Err(error) => HttpResponse::from_error(error),
    };
    // An `AppCors` writes them itself.
    if passed(head.head()).is_none() {
        headers.write_to(res.headers_mut());
    }
    res
}

async fn decide(endpoint: Endpoint, req: &HttpRequest) -> Outcome {
    let head = req.head();
    let decision = endpoint.decide_on(head).await;
    let outcome = outcome(endpoint, decision, head);
    report_by_hand(head, endpoint, outcome.grant(endpoint));
    outcome
}

/// The route that responds to the preflights of a handler.
pub(crate) fn preflight(endpoint: Endpoint) -> Route {
    Route::new()
        .guard(PreflightGuard(endpoint.methods))
        .to(move |req: HttpRequest| async move {
            match decide(endpoint, &req).await {
                Outcome::Respond(res) => res,
                // The guard accepts only preflights, and those do not run a handler.
                Outcome::Run(_) => HttpResponse::NotFound().finish(),
            }
        })
}
