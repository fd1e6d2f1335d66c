//! The service of [`AppCors`](super::AppCors).

use std::any::Any;
use std::future::{Future, poll_fn};
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
use super::inside::{Inside, Passed, Reached, Reported, passed};
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
        let mut reached = None;
        let inside = Inside::call(&*self.service, req, Passed::WithoutOrigin, &mut reached);
        let covered = match reached {
            Some(Reached::Other(reported)) => Covered::By(reported),
            _ => Covered::Unless(anonymous),
        };
        AppCorsFuture::Anonymous { inside, covered }
    }
}

/// A response with a boxed body. Mapping one that is boxed already would move all of it.
#[inline]
fn boxed<B: MessageBody + 'static>(
    response: Result<ServiceResponse<B>, Error>,
) -> Poll<Result<ServiceResponse, Error>> {
    let mut response = Some(response);
    let any: &mut dyn Any = &mut response;
    let is_boxed = any.downcast_mut::<Option<Result<ServiceResponse, Error>>>();
    match is_boxed.and_then(Option::take) {
        Some(boxed) => Poll::Ready(boxed),
        None => response.map_or(Poll::Pending, |response| {
            Poll::Ready(response.map(ServiceResponse::map_into_boxed_body))
        }),
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
        Anonymous { #[pin] inside: Inside<F>, covered: Covered },
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
            AppCorsFutureProjection::Inner { response } => boxed(ready!(response.poll(cx))),
            AppCorsFutureProjection::Decided { response } => response.as_mut().poll(cx),
            AppCorsFutureProjection::Anonymous { inside, covered } => {
                let mut reached = None;
                let response = inside.poll(cx, Passed::WithoutOrigin, &mut reached);
                if let Some(Reached::Other(reported)) = reached {
                    *covered = Covered::By(reported);
                }
                let mut response = ready!(response);
                match covered {
                    Covered::By(reported) => reported.headers(None).write_onto(&mut response),
                    Covered::Unless(anonymous) => anonymous.write_expected(&mut response),
                }
                boxed(response)
            }
        }
    }
}

/// What the headers of a response follow from.
#[derive(Debug)]
enum Covered {
    /// A handler that was reached.
    By(Reported),
    /// What the request would have reached, unless it reaches something yet.
    Unless(Anonymous),
}

/// A request without `Origin`. What it would have reached is only looked up if it did not get there.
#[derive(Debug)]
struct Anonymous {
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
        [one] => Passed::DecidedBy(one.policy),
        _ => Passed::Undecided,
    };
    let grant = match expected::decide(expected.for_request(), req.head()).await {
        Some(Outcome::Respond(res)) => return Ok(req.into_response(res)),
        Some(Outcome::Run(grant)) => Some(grant),
        None => None,
    };
    let origin = origin_of(req.head());
    let granted = || grant.map(|grant| grant.headers(|| origin.clone()));
    let mut reached = None;
    let mut inside = pin!(Inside::call(&*service, req, passed, &mut reached));
    let mut response = poll_fn(|cx| inside.as_mut().poll(cx, passed, &mut reached)).await;
    let headers = match reached {
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
