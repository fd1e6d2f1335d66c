//! The middleware around a resource that has a route attribute.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::ptr;
use std::rc::Rc;
use std::task::{Context, Poll, ready as poll_ready};

use actix_web::Error;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use pin_project_lite::pin_project;

use super::app_cors::{Passed, passed, report, report_expected};
use super::endpoint::Endpoint;
use super::response::{CorsHeaders, Outcome, origin_of, outcome};
use crate::decision::Decision;

/// The outermost middleware of a resource.
///
/// It responds to the preflights, and adds the CORS headers to every other response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CorsMiddleware(pub(crate) Endpoint);

impl<S> Transform<S, ServiceRequest> for CorsMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error> + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Transform = CorsService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CorsService {
            endpoint: self.0,
            service: Rc::new(service),
        }))
    }
}

/// The service of [`CorsMiddleware`].
#[derive(Debug)]
pub(crate) struct CorsService<S> {
    endpoint: Endpoint,
    /// Shared with requests that wait for a source.
    service: Rc<S>,
}

impl<S> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error> + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Future = CorsFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let endpoint = self.endpoint;
        let passed = passed(req.head());
        match passed {
            Some(Passed::DecidedBy(policy)) if ptr::eq(policy, endpoint.policy) => {
                report_expected();
                return CorsFuture::Running {
                    response: self.service.call(req),
                    headers: None,
                };
            }
            Some(Passed::WithoutOrigin) => {
                let decision = endpoint.decide_without_origin(req.head());
                return act(endpoint, decision, true, &*self.service, req);
            }
            _ => {}
        }
        let is_inside = passed.is_some();
        if !endpoint.may_wait(req.head()) {
            let decision = endpoint.decide(req.head());
            return act(endpoint, decision, is_inside, &*self.service, req);
        }
        let service = Rc::clone(&self.service);
        let response = Box::pin(async move {
            let decision = endpoint.decide_async(req.head()).await;
            act(endpoint, decision, is_inside, &*service, req).await
        });
        CorsFuture::Waiting { response }
    }
}

/// Does what was decided. Inside an `AppCors`, that one writes the headers.
#[inline]
fn act<S: Service<ServiceRequest>>(
    endpoint: Endpoint,
    decision: Decision,
    is_inside: bool,
    service: &S,
    req: ServiceRequest,
) -> CorsFuture<S::Future> {
    let outcome = outcome(endpoint, decision, req.head());
    if is_inside {
        report(req.head(), outcome.grant(endpoint));
    }
    match outcome {
        Outcome::Run(grant) => {
            let headers = (!is_inside).then(|| grant.headers(|| origin_of(req.head())));
            CorsFuture::Running {
                response: service.call(req),
                headers,
            }
        }
        Outcome::Respond(res) => CorsFuture::Ready {
            response: Some(req.into_response(res)),
        },
    }
}

/// A response behind a pointer.
type BoxedResponse = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;

pin_project! {
    /// The future of [`CorsService`].
    #[project = CorsFutureProjection]
    pub(crate) enum CorsFuture<F> {
        /// The handler runs. Inside an `AppCors`, that one writes the headers: middleware in between
        /// may add a `Vary` only where there is none.
        Running { #[pin] response: F, headers: Option<CorsHeaders> },
        /// The response is known, and the handler does not run.
        Ready { response: Option<ServiceResponse> },
        /// A source is asked first.
        Waiting { response: BoxedResponse },
    }
}

impl<F: Future<Output = Result<ServiceResponse, Error>>> Future for CorsFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            CorsFutureProjection::Ready { response } => match response.take() {
                Some(res) => Poll::Ready(Ok(res)),
                // It has finished. No executor polls it again.
                None => Poll::Pending,
            },
            CorsFutureProjection::Waiting { response } => response.as_mut().poll(cx),
            CorsFutureProjection::Running { response, headers } => {
                let mut response = poll_ready!(response.poll(cx));
                if let Some(headers) = headers {
                    headers.write_onto(&mut response);
                }
                Poll::Ready(response)
            }
        }
    }
}
