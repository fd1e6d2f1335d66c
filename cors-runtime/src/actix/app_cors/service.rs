//! The service of [`AppCors`](super::AppCors).

use std::future::Future;
use std::mem;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse, Url, forward_ready};
use actix_web::http::header::ORIGIN;
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, Uri};
use pin_project_lite::pin_project;

use super::super::endpoint::Endpoint;
use super::super::request::SEC_FETCH_SITE;
use super::super::response::{Outcome, origin_of};
use super::expected::{self, Known};
use super::inside::{Inside, Passed, Reached, passed};
use super::log;
use super::marks::Asker;
use super::method::OtherMethods;
use crate::decision::preflight_method;
use crate::explain;

/// The service of [`AppCors`](super::AppCors).
#[derive(Debug)]
pub struct AppCorsService<S> {
    service: Rc<S>,
    known: Rc<Known>,
}

impl<S> AppCorsService<S> {
    pub(super) fn new(service: S, asker: Asker, otherwise: Option<Endpoint>) -> Self {
        if otherwise.is_none() {
            log::surrounds::<S>();
        }
        Self {
            service: Rc::new(service),
            known: Rc::new(Known::new(asker, otherwise)),
        }
    }
}

impl<S, B> Service<ServiceRequest> for AppCorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = AppCorsFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let head = req.head();
        if passed(head).is_some() {
            log::is_inside_another();
            let response = self.service.call(req);
            return AppCorsFuture::Inner { response };
        }
        self.known.read(req.resource_map());
        // What has no policy of its own decides on nothing, so the default is asked first.
        let may_be_forbidden =
            || self.known.has_default() && head.headers.contains_key(&SEC_FETCH_SITE);
        if head.headers.contains_key(ORIGIN) || may_be_forbidden() {
            let response = Box::pin(respond(
                Rc::clone(&self.service),
                Rc::clone(&self.known),
                req,
            ));
            return AppCorsFuture::Decided { response };
        }
        let anonymous = Anonymous {
            known: Rc::clone(&self.known),
            method: head.method.clone(),
            path: head.uri.path_and_query().cloned(),
        };
        AppCorsFuture::Anonymous {
            inside: Inside::call(&*self.service, req, Passed::WithoutOrigin),
            anonymous,
        }
    }
}

/// A response behind a pointer.
type BoxedResponse = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;

pin_project! {
    /// The future of [`AppCorsService`].
    #[project = AppCorsFutureProjection]
    pub enum AppCorsFuture<F> {
        /// Another `AppCors` is around this one.
        Inner { #[pin] response: F },
        /// It is decided on first.
        Decided { response: BoxedResponse },
        /// It has no `Origin`.
        Anonymous { #[pin] inside: Inside<F>, anonymous: Anonymous },
    }
}

impl<F, B> Future for AppCorsFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody + 'static,
{
    type Output = Result<ServiceResponse, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            AppCorsFutureProjection::Inner { response } => {
                (response.poll(cx)).map_ok(ServiceResponse::map_into_boxed_body)
            }
            AppCorsFutureProjection::Decided { response } => response.as_mut().poll(cx),
            AppCorsFutureProjection::Anonymous {
                mut inside,
                anonymous,
            } => {
                let mut response = ready!(inside.as_mut().poll(cx));
                match inside.reached() {
                    Some(Reached::Other(reported)) => {
                        reported.headers(None).write_onto(&mut response);
                    }
                    _ => anonymous.write_expected(&mut response),
                }
                Poll::Ready(response.map(ServiceResponse::map_into_boxed_body))
            }
        }
    }
}

/// A request without `Origin`. What it would have reached is only looked up if it did not get there.
#[derive(Debug)]
pub struct Anonymous {
    known: Rc<Known>,
    method: Method,
    path: Option<PathAndQuery>,
}

impl Anonymous {
    #[cold]
    fn write_expected<B>(&mut self, response: &mut Result<ServiceResponse<B>, Error>) {
        let mut head = RequestHead::default();
        head.method = mem::take(&mut self.method);
        head.uri = self.path.take().map(Uri::from).unwrap_or_default();
        let path = Url::new(head.uri.clone());
        let expected = self.known.expect(path.path(), head.method.as_str());
        if expected.covers(&self.known, response)
            && let Some(grant) = expected::grant(expected.for_request(), &head)
        {
            grant.headers(|| None).write_onto(response);
        }
    }
}

/// Decides on a request, and runs it unless the response is known.
async fn respond<S, B>(
    service: Rc<S>,
    known: Rc<Known>,
    req: ServiceRequest,
) -> Result<ServiceResponse, Error>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let asked = preflight_method(req.head());
    let method = asked.map(|method| String::from_utf8_lossy(method).into_owned());
    let path = req.match_info().as_str();
    let expected = known.expect(path, method.as_deref().unwrap_or(req.method().as_str()));
    if method.is_some() {
        let outcome = expected::preflight(&expected.for_preflight(), req.head()).await;
        if let Some(Outcome::Respond(res)) = outcome {
            return Ok(req.into_response(res));
        }
        // While refusals are explained, the handlers on its path say why.
        let on_path = if expected.is_nothing() && explain::is_on() {
            known.on_path(path)
        } else {
            Vec::new()
        };
        let others = OtherMethods::new(on_path, req.head()).await;
        let result = (service.call(req).await).map(ServiceResponse::map_into_boxed_body);
        return match others {
            Some(others) => others.explain(result),
            None => result,
        };
    }
    // Where guards choose among several, the one that is reached decides.
    let passed = match expected.for_request() {
        [one] => Passed::DecidedFor(*one),
        _ => Passed::Undecided,
    };
    let grant = match expected::decide(expected.for_request(), req.head()).await {
        Some(Outcome::Respond(res)) => return Ok(req.into_response(res)),
        Some(Outcome::Run(grant)) => Some(grant),
        None => None,
    };
    let origin = origin_of(req.head());
    let granted = || grant.map(|grant| grant.headers(|| origin.clone()));
    let mut inside = pin!(Inside::call(&*service, req, passed));
    let mut response = inside.as_mut().await;
    let headers = match inside.reached() {
        Some(Reached::Expected) => granted(),
        Some(Reached::Other(reported)) => Some(reported.headers(origin.as_ref())),
        None if expected.covers(&known, &response) => granted(),
        None => None,
    };
    if let Some(headers) = headers {
        headers.write_onto(&mut response);
    }
    response.map(ServiceResponse::map_into_boxed_body)
}
