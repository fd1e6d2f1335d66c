//! The service of [`AppCors`](super::AppCors): all that can happen to a request on its way through.

use std::cell::OnceCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};

use super::super::apply::respond;
use super::super::explain;
use super::super::request::ActixRequest;
use super::agreement;
use super::candidate::Candidate;
use super::default::DefaultPolicy;
use super::handlers::Handlers;
use super::log;
use super::marks::Mark;
use super::method::OtherMethods;
use super::sent::Sent;
use super::slot::Slot;
use crate::core::decision::{Request, preflight_method};
use crate::core::explain::shown;

/// The service of [`AppCors`](super::AppCors).
#[derive(Debug)]
pub struct AppCorsService<S>(Rc<Around<S>>);

#[derive(Debug)]
struct Around<S> {
    service: S,
    default: Option<DefaultPolicy>,
    marks: Vec<Rc<Mark>>,
    /// Found at the first request: only a request knows the resource map.
    handlers: OnceCell<Handlers>,
}

impl<S> AppCorsService<S> {
    pub(super) fn new(service: S, marks: Vec<Rc<Mark>>, default: Option<DefaultPolicy>) -> Self {
        if default.is_none() {
            log::surrounds::<S>();
        }
        Self(Rc::new(Around {
            service,
            default,
            marks,
            handlers: OnceCell::new(),
        }))
    }
}

impl<S, B> Service<ServiceRequest> for AppCorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.service.poll_ready(cx)
    }

    fn call(&self, req: ServiceRequest) -> Self::Future {
        // A box for each, so that that of most requests is small.
        let around = Rc::clone(&self.0);
        if Slot::of(req.request()).is_some() {
            log::is_inside_another();
            Box::pin(async move { around.pass_on(req).await })
        } else if preflight_method(&ActixRequest::from(&req)).is_some() {
            Box::pin(async move { around.preflight(req).await })
        } else {
            Box::pin(async move { around.respond(req).await })
        }
    }
}

impl<S, B> Around<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    fn handlers(&self, req: &ServiceRequest) -> &Handlers {
        self.handlers.get_or_init(|| {
            let default = self.default.map(|default| default.policy);
            let handlers = Handlers::new(req.resource_map(), &self.marks, default);
            let mut lines = handlers.lines();
            if let Some(default) = self.default {
                let line = format!("{} {default}", scope_of(req));
                lines.push(line.trim_start().to_owned());
            }
            log::surface(&lines);
            handlers
        })
    }

    async fn pass_on(&self, req: ServiceRequest) -> Result<ServiceResponse, Error> {
        let response = self.service.call(req).await;
        response.map(ServiceResponse::map_into_boxed_body)
    }

    /// All that may take the request of a preflight must let it through. If nothing with a policy
    /// would take it, the preflight is passed on.
    async fn preflight(&self, req: ServiceRequest) -> Result<ServiceResponse, Error> {
        let handlers = self.handlers(&req);
        let (path, request) = (req.match_info().as_str(), ActixRequest::from(&req));
        let method = String::from_utf8_lossy(preflight_method(&request).unwrap_or_default());
        let moment = handlers.moment();
        let default = self.default.map(|it| it.endpoint(&method, &moment));
        let candidates = handlers.expect(path, &method, &moment).all(default);
        if let Some(response) = agreement::preflight(&candidates, request).await {
            let res = respond(&response, request);
            return Ok(req.into_response(res));
        }
        // While refusals are explained, the handlers on its path say why.
        let on_path = explain::is_on().then(|| handlers.on_path(path, &moment));
        let others = OtherMethods::new(on_path.unwrap_or_default(), req.head()).await;
        let slot = Slot::put_into(req.request(), moment);
        let mut response = self.pass_on(req).await;
        match (slot.take_from(&response), others) {
            // A handler that was reached has explained it.
            (Some(left), _) => left.headers.write_onto(&mut response),
            (None, Some(others)) => return others.explain(response),
            (None, None) => {}
        }
        response
    }

    /// Every other request goes inside, unless the default policy forbids it. Then the headers are
    /// applied last, to the response or the error that comes back.
    async fn respond(&self, req: ServiceRequest) -> Result<ServiceResponse, Error> {
        let handlers = self.handlers(&req);
        let moment = handlers.moment();
        let method = req.method().as_str();
        let default = self.default.map(|it| it.endpoint(method, &moment));
        if let Some(default) = default {
            let (path, request) = (req.match_info().as_str(), ActixRequest::from(&req));
            let forbidden = agreement::forbidden(default, handlers, &moment, path, request);
            if let Some(response) = forbidden.await {
                let res = respond(&response, request);
                return Ok(req.into_response(res));
            }
        }
        let sent = Sent::of(&req, &moment);
        let slot = Slot::put_into(req.request(), moment);
        let mut response = self.pass_on(req).await;
        let headers = match slot.take_from(&response) {
            // A handler was reached, and has decided. If middleware put another `Origin` in place
            // of the browser's, that one gets nothing.
            Some(left) => {
                if handlers.is_empty() {
                    log::was_late();
                }
                let reached = Some(left.headers.handler);
                sent.warn_if_rewritten(handlers, &slot.moment, reached, left.uri.path());
                Some(left.headers.only_for(sent.origin()))
            }
            // A resource without a policy has run.
            None if handlers.was_left(&response) => {
                if let Ok(res) = &response {
                    let to = res.request().path();
                    sent.warn_if_rewritten(handlers, &slot.moment, None, to);
                }
                let default = default.map(Candidate::from);
                agreement::headers(default.as_slice(), &sent).await.headers
            }
            // Middleware has responded before a handler was reached, or there is none.
            None => {
                let path = sent.decoded_path();
                let mut expected = handlers.expect(&path, sent.method(), &slot.moment);
                // Files or a default service may have responded, behind guards that have declined:
                // it is for errors and redirects that a page must know of what comes before a
                // handler.
                let is_success = response.as_ref().is_ok_and(|res| res.status().is_success());
                expected.is_in_doubt |= slot.was_routed.get() || is_success;
                let has_handler = !expected.handlers.is_empty();
                let agreed = agreement::headers(&expected.all(default), &sent).await;
                if let Some(refused) = agreed.refused.filter(|_| has_handler) {
                    sent.warn_if_unreadable(&response, refused);
                }
                agreed.headers
            }
        };
        if let Some(headers) = headers {
            headers.write_onto(&mut response);
        }
        response
    }
}

/// The pattern of the scopes around an `AppCors`, as they took this request. Empty for the app
/// itself.
fn scope_of(req: &ServiceRequest) -> String {
    let found = req.match_info();
    let path = found.as_str();
    let scope = path.strip_suffix(found.unprocessed()).unwrap_or_default();
    let mut pattern = scope.to_owned();
    let values: Vec<_> = found.iter().collect();
    for (name, value) in values.into_iter().rev() {
        if let Some(at) = pattern.rfind(value) {
            pattern.replace_range(at..at + value.len(), &format!("{{{name}}}"));
        }
    }
    shown(pattern.as_bytes())
}
