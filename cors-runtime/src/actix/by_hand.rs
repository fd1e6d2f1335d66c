//! Handlers that are registered by hand.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, Handler, HttpRequest, HttpResponse, Responder, Route};

use super::answer::{Stamp, answer_preflight, forbid};
use super::facts::Judge;
use super::guard::PreflightGuard;
use crate::decision::Decision;

/// A request as it arrives. Taking it cannot fail, so what a handler extracts is extracted under its policy.
pub struct Request {
    head: HttpRequest,
    payload: Payload,
}

impl FromRequest for Request {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(head: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self {
            head: head.clone(),
            payload: payload.take(),
        }))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

/// Extracts what `handler` takes, calls it, and puts the policy on whatever comes of it.
pub(crate) async fn handle<F, Args>(judge: Judge, handler: F, request: Request) -> HttpResponse
where
    F: Handler<Args>,
    Args: FromRequest,
    F::Output: Responder,
{
    let Request { head, mut payload } = request;
    let stamp = match decide(judge, &head).await {
        Ok(stamp) => stamp,
        Err(answer) => return answer,
    };
    let mut res = match Args::from_request(&head, &mut payload).await {
        Ok(args) => handler
            .call(args)
            .await
            .respond_to(&head)
            .map_into_boxed_body(),
        Err(error) => HttpResponse::from_error(error),
    };
    stamp.put_on(res.headers_mut());
    res
}

/// What to put on the handler's answer, or what to answer in its place.
async fn decide(judge: Judge, req: &HttpRequest) -> Result<Stamp, HttpResponse<BoxBody>> {
    let decision = match judge.at_once(req.head()) {
        Some(decision) => decision,
        None => judge.in_time(req.head()).await,
    };
    match decision {
        Decision::Run(verdict) => Ok(Stamp::new(judge.policy, verdict, req.head())),
        Decision::Forbid(refusal) => Err(forbid(refusal, req.head())),
        Decision::Answer(verdict) => Err(answer_preflight(judge.policy, verdict, req.head())),
    }
}

/// The route that answers the preflights of a handler.
pub(crate) fn preflight(judge: Judge) -> Route {
    Route::new()
        .guard(PreflightGuard(judge.methods))
        .to(move |req: HttpRequest| async move {
            // The guard lets nothing but preflights through.
            decide(judge, &req)
                .await
                .err()
                .unwrap_or_else(|| HttpResponse::NotFound().finish())
        })
}
