//! The service of [`AppCors`](super::AppCors): all that can happen to a request on its way through.

use std::cell::OnceCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse, Url};
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, HOST, HeaderValue, ORIGIN};
use actix_web::http::{Method, Uri};
use actix_web::{Error, HttpResponse};

use super::super::endpoint::Endpoint;
use super::super::request::ActixRequest;
use super::super::response::{CorsHeaders, Outcome, outcome};
use super::default::DefaultPolicy;
use super::handlers::Handlers;
use super::log;
use super::marks::Mark;
use super::method::OtherMethods;
use super::slashes;
use super::slot::{Left, Slot};
use crate::core::decision::{Decision, preflight_method};
use crate::core::explain;

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
        if Slot::is_in(req.request()) {
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
            let handlers = Handlers::new(req.resource_map(), &self.marks);
            let default = self.default.map(|default| default.to_string());
            let lines: Vec<_> = handlers.lines().into_iter().chain(default).collect();
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
        let default = self.default.map(|default| default.endpoint(&method));
        let endpoints = handlers.expect(path, &method).all(default);
        if let Some(res) = answer(&endpoints, request).await {
            return Ok(req.into_response(res));
        }
        // While refusals are explained, the handlers on its path say why.
        let on_path = explain::is_on().then(|| handlers.on_path(path));
        let others = OtherMethods::new(on_path.unwrap_or_default(), req.head()).await;
        Slot::put_into(req.request());
        let response = self.pass_on(req).await;
        match others {
            Some(others) => others.explain(response),
            None => response,
        }
    }

    /// Every other request goes inside first. Then the headers are written last, onto the response
    /// or the error that comes back.
    async fn respond(&self, req: ServiceRequest) -> Result<ServiceResponse, Error> {
        let handlers = self.handlers(&req);
        if let Some(default) = self.default
            && let Some(forbidden) = Box::pin(forbid(default, handlers, &req)).await
        {
            return Ok(req.into_response(forbidden));
        }
        let sent = Sent::of(&req);
        let slot = Slot::put_into(req.request());
        let mut response = self.pass_on(req).await;
        let headers = match slot.take() {
            // The handler has decided. If middleware put another `Origin` in place of the browser's,
            // that one gets nothing.
            Some(left) => {
                sent.warn_if_rewritten(handlers, &left);
                Some(left.headers.only_for(sent.origin()))
            }
            // Something without a policy has run: another resource, or the default service behind guards
            // that have declined.
            None if slot.was_routed() || handlers.was_left(&response) => {
                if let Ok(res) = &response {
                    sent.warn_if_hidden(handlers, res.request().path());
                }
                Box::pin(agreed(self.default_for(&sent), sent)).await
            }
            // Middleware has responded before a handler was reached, or there is none.
            None => {
                let expected = handlers.expect(&sent.path(), sent.method.as_str());
                let endpoints = expected.all(self.default_for(&sent));
                Box::pin(agreed(endpoints, sent)).await
            }
        };
        if let Some(headers) = headers {
            headers.write_onto(&mut response);
        }
        response
    }

    fn default_for(&self, sent: &Sent) -> Option<Endpoint> {
        self.default
            .map(|default| default.endpoint(sent.method.as_str()))
    }
}

/// The 403 of the default policy, if it forbids a request that something without a policy of its own
/// may take. Nothing inside decides on such a request, so this comes before it.
async fn forbid(
    default: DefaultPolicy,
    handlers: &Handlers,
    req: &ServiceRequest,
) -> Option<HttpResponse> {
    let (endpoint, request) = (
        default.endpoint(req.method().as_str()),
        ActixRequest::from(req),
    );
    if !endpoint.may_forbid(request) {
        return None;
    }
    let decision @ Decision::Forbid(_) = endpoint.decide_silently(request).await else {
        return None;
    };
    let expected = handlers.expect(req.match_info().as_str(), req.method().as_str());
    if !expected.is_in_doubt {
        if !expected.is_respelled {
            return None;
        }
        // There is nothing at this path, so either a normalizer inside leads to a handler, which then
        // decides, or the default service of the app takes the request.
        for handler in expected.handlers {
            if handler.decide_silently(request).await.refusal().is_none() {
                return None;
            }
        }
    }
    super::super::log::log(endpoint, &decision, request);
    match outcome(endpoint, decision, request.head) {
        Outcome::Respond(res) => Some(res),
        Outcome::Run(_) => None,
    }
}

/// The part of a request that is still needed when its response comes back, without it.
struct Sent {
    method: Method,
    uri: Uri,
    origin: Vec<HeaderValue>,
    host: Vec<HeaderValue>,
}

impl Sent {
    fn of(req: &ServiceRequest) -> Self {
        let headers = req.headers();
        let origin: Vec<_> = headers.get_all(ORIGIN).cloned().collect();
        let hosts = headers.get_all(HOST).filter(|_| !origin.is_empty());
        Self {
            method: req.method().clone(),
            uri: req.uri().clone(),
            host: hosts.cloned().collect(),
            origin,
        }
    }

    fn origin(&self) -> Option<&HeaderValue> {
        self.origin.first()
    }

    /// The path as routing reads it.
    fn path(&self) -> String {
        Url::new(self.uri.clone()).path().to_owned()
    }

    fn into_head(self) -> RequestHead {
        let mut head = RequestHead::default();
        (head.method, head.uri) = (self.method, self.uri);
        for (name, values) in [(ORIGIN, self.origin), (HOST, self.host)] {
            for value in values {
                head.headers.append(name.clone(), value);
            }
        }
        head
    }

    /// A handler was reached. If its path is another, it should be the one that is expected here.
    fn warn_if_rewritten(&self, handlers: &Handlers, left: &Left) {
        let (from, to) = (self.uri.path(), left.uri.path());
        if from == to || slashes::differ_by_slashes_alone(from, to) {
            return;
        }
        let expected = handlers.expect(&self.path(), self.method.as_str());
        if !(expected.handlers.iter()).any(|it| it.handler == left.endpoint.handler) {
            log::was_rewritten(Some(left.endpoint), from, to);
        }
    }

    /// Something without a policy was reached. If its path is another, no handler should be expected
    /// here.
    fn warn_if_hidden(&self, handlers: &Handlers, to: &str) {
        let from = self.uri.path();
        if from == to || slashes::differ_by_slashes_alone(from, to) {
            return;
        }
        let expected = handlers.expect(&self.path(), self.method.as_str());
        if !expected.handlers.is_empty() {
            log::was_rewritten(None, from, to);
        }
    }
}

/// The headers that all of them grant on a response that none of them made.
async fn agreed(endpoints: impl IntoIterator<Item = Endpoint>, sent: Sent) -> Option<CorsHeaders> {
    let head = sent.into_head();
    let request = ActixRequest::from(&head);
    let mut agreed: Option<CorsHeaders> = None;
    for endpoint in endpoints {
        let decision = endpoint.decide_silently(request).await;
        let headers = match outcome(endpoint, decision, request.head) {
            Outcome::Run(headers) => headers,
            Outcome::Respond(_) => CorsHeaders::nothing(endpoint.policy),
        };
        agreed = Some(match agreed {
            Some(agreed) => agreed.and(&headers),
            None => headers,
        });
    }
    agreed
}

/// Answers a preflight if all of them let it through; the first that does not refuses it. `None` if there
/// are none.
///
/// The response grants what all of them do: credentials only if all allow these, and for the shortest
/// time.
async fn answer(endpoints: &[Endpoint], request: ActixRequest<'_>) -> Option<HttpResponse> {
    /// The seconds that a browser remembers a preflight without `Access-Control-Max-Age`:
    /// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
    const DEFAULT_MAX_AGE: u32 = 5;
    let mut shortest: Option<(u32, HttpResponse)> = None;
    for endpoint in endpoints {
        let decision = endpoint.decide_on(request).await;
        let is_allowed = matches!(decision, Decision::Preflight(Ok(_)));
        let Outcome::Respond(res) = outcome(*endpoint, decision, request.head) else {
            return None; // a preflight is never run
        };
        if !is_allowed {
            return Some(res);
        }
        let age = endpoint.policy.max_age().unwrap_or(DEFAULT_MAX_AGE);
        if shortest.as_ref().is_none_or(|(other, _)| age < *other) {
            shortest = Some((age, res));
        }
    }
    let (_, mut res) = shortest?;
    if !endpoints.iter().all(|endpoint| endpoint.policy.credentials) {
        res.headers_mut().remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
    Some(res)
}
