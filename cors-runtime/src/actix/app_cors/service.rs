//! The service of [`AppCors`](super::AppCors): all that can happen to a request on its way through.

use std::cell::OnceCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse, Url};
use actix_web::http::header::{HOST, HeaderValue, ORIGIN};
use actix_web::http::{Method, Uri};
use actix_web::{Error, HttpResponse};

use super::super::apply::{Pending, respond};
use super::super::explain;
use super::super::log::log;
use super::super::request::ActixRequest;
use super::default::DefaultPolicy;
use super::handlers::Handlers;
use super::log as app_log;
use super::marks::Mark;
use super::method::OtherMethods;
use super::slashes;
use super::slot::{Left, Slot};
use crate::core::decision::{Decision, Endpoint, preflight_method};
use crate::core::response::{Action, Response, action};

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
            app_log::surrounds::<S>();
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
            app_log::is_inside_another();
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
            app_log::surface(&lines);
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
        if let Some(response) = answer(&endpoints, request).await {
            let res = respond(response, request);
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
    let if_refused = endpoint.decide(&request).answered_by(|_, _| false);
    let Decision::Forbid(_) = if_refused else {
        return None; // whatever the sources say
    };
    let decision @ Decision::Forbid(_) = endpoint.decide(&request).decided().await else {
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
            handler.decide(&request).decided().await.refusal()?;
        }
    }
    log(endpoint, decision, request);
    match action(endpoint, decision, &request, false) {
        Action::Respond(response) => Some(respond(response, request)),
        Action::Run(_) => None,
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
        let reached = left.headers.endpoint;
        if !(expected.handlers.iter()).any(|it| it.id() == reached.id()) {
            app_log::was_rewritten(Some(reached), from, to);
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
            app_log::was_rewritten(None, from, to);
        }
    }
}

/// The headers that all of them grant on a response that none of them made.
async fn agreed(endpoints: impl IntoIterator<Item = Endpoint>, sent: Sent) -> Option<Pending> {
    let head = sent.into_head();
    let request = ActixRequest::from(&head);
    let mut agreed: Option<Pending> = None;
    for endpoint in endpoints {
        let decision = endpoint.decide(&request).decided().await;
        let headers = match action(endpoint, decision, &request, false) {
            Action::Run(headers) => headers,
            Action::Respond(response) => response.headers.for_no_origin(),
        };
        let headers = Pending::new(endpoint, headers, request);
        agreed = Some(match agreed {
            Some(agreed) => agreed.and(headers),
            None => headers,
        });
    }
    agreed
}

/// Answers a preflight if all of them let it through; the first that does not refuses it. `None` if there
/// are none. The response grants what all of them do.
async fn answer(endpoints: &[Endpoint], request: ActixRequest<'_>) -> Option<Response> {
    let mut agreed: Option<Response> = None;
    for endpoint in endpoints {
        let decision = endpoint.decide(&request).decided().await;
        let is_refused = decision.refusal().is_some();
        log(*endpoint, decision, request);
        let Action::Respond(mut response) = action(*endpoint, decision, &request, explain::is_on())
        else {
            return None; // a preflight is never run
        };
        if is_refused {
            return Some(response);
        }
        if let Some(agreed) = agreed {
            response.headers = response.headers.and(&agreed.headers);
        }
        agreed = Some(response);
    }
    agreed
}
