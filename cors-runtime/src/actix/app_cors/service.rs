//! The service of [`AppCors`](super::AppCors).

use std::cell::OnceCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse, Url};
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, HOST, ORIGIN};
use actix_web::{Error, HttpResponse};

use super::super::endpoint::Endpoint;
use super::super::request::ActixRequest;
use super::super::response::{CorsHeaders, Outcome, origin_of, outcome};
use super::handlers::Handlers;
use super::log;
use super::marks::Mark;
use super::method::OtherMethods;
use super::slot::Slot;
use crate::decision::{Decision, preflight_method};
use crate::explain;

/// The service of [`AppCors`](super::AppCors).
#[derive(Debug)]
pub struct AppCorsService<S>(Rc<Around<S>>);

#[derive(Debug)]
struct Around<S> {
    service: S,
    marks: Vec<Rc<Mark>>,
    otherwise: Option<Endpoint>,
    /// Found at the first request: only a request knows the resource map.
    handlers: OnceCell<Handlers>,
}

impl<S> AppCorsService<S> {
    pub(super) fn new(service: S, marks: Vec<Rc<Mark>>, otherwise: Option<Endpoint>) -> Self {
        if otherwise.is_none() {
            log::surrounds::<S>();
        }
        Self(Rc::new(Around {
            service,
            marks,
            otherwise,
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
        // Three boxes: that of most requests is small.
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
            let handlers = Handlers::new(req.resource_map(), &self.marks, self.otherwise);
            log::surface(&handlers);
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
        let (path, head) = (req.match_info().as_str(), req.head());
        let request = ActixRequest::from(&req);
        let method = preflight_method(&request).unwrap_or_default();
        let mut expected = handlers.expect(path, &String::from_utf8_lossy(method));
        expected.handlers.extend(expected.default);
        if let Some(res) = answer(&expected.handlers, head).await {
            return Ok(req.into_response(res));
        }
        // While refusals are explained, the handlers on its path say why.
        let on_path = explain::is_on().then(|| handlers.on_path(path));
        let others = OtherMethods::new(on_path.unwrap_or_default(), head).await;
        let response = self.pass_on(req).await;
        match others {
            Some(others) => others.explain(response),
            None => response,
        }
    }

    /// The handler of a request decides, and leaves its headers. If none was reached, what middleware
    /// responds gets the headers that all handlers agree on which it may have reached.
    async fn respond(&self, req: ServiceRequest) -> Result<ServiceResponse, Error> {
        let handlers = self.handlers(&req);
        // What has no policy of its own decides on nothing, so the default does, and first.
        let mut by_default = None;
        if handlers.default_for(req.method().as_str()).is_some() {
            match Box::pin(decide_by_default(handlers, &req)).await {
                Some(Outcome::Respond(res)) => return Ok(req.into_response(res)),
                Some(Outcome::Run(headers)) => by_default = Some(headers),
                None => {}
            }
        }
        let (origin, sent) = (origin_of(req.head()), essence(req.head()));
        let is_secure = req.app_config().secure();
        let slot = Slot::put_into(req.request());
        let mut response = self.pass_on(req).await;
        let was_left = || (response.as_ref()).is_ok_and(|res| handlers.was_left(res.request()));
        let headers = match slot.take() {
            Some(headers) => Some(headers.only_for(origin.as_ref())),
            None if was_left() => by_default,
            None => Box::pin(agree(by_default, handlers, sent(), is_secure)).await,
        };
        if let Some(headers) = headers {
            headers.write_onto(&mut response);
        }
        response
    }
}

/// What the default says of a request that something without a policy may take.
async fn decide_by_default(handlers: &Handlers, req: &ServiceRequest) -> Option<Outcome> {
    let (path, head) = (req.match_info().as_str(), req.head());
    let default = handlers.expect(path, head.method.as_str()).default?;
    let decision = default.decide_on(req.into()).await;
    Some(outcome(default, decision, head))
}

/// What is needed of a request that does not come back. It becomes a head only where it is needed.
fn essence(head: &RequestHead) -> impl FnOnce() -> RequestHead + use<> {
    let (method, uri) = (head.method.clone(), head.uri.clone());
    let mut fields = Vec::new();
    if head.headers.contains_key(ORIGIN) {
        for name in [ORIGIN, HOST] {
            let values = head.headers.get_all(&name);
            fields.extend(values.map(|value| (name.clone(), value.clone())));
        }
    }
    move || {
        let mut head = RequestHead::default();
        (head.method, head.uri) = (method, uri);
        for (name, value) in fields {
            head.headers.append(name, value);
        }
        head
    }
}

/// What the default and all handlers grant that the request may have reached.
async fn agree(
    mut agreed: Option<CorsHeaders>,
    handlers: &Handlers,
    head: RequestHead,
    is_secure: bool,
) -> Option<CorsHeaders> {
    let path = Url::new(head.uri.clone());
    let expected = handlers.expect(path.path(), head.method.as_str());
    let request = ActixRequest {
        head: &head,
        is_secure,
    };
    for endpoint in expected.handlers {
        let headers = match outcome(endpoint, endpoint.decide_on(request).await, &head) {
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
async fn answer(endpoints: &[Endpoint], head: &RequestHead) -> Option<HttpResponse> {
    /// The seconds that a browser remembers a preflight without `Access-Control-Max-Age`:
    /// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
    const DEFAULT_MAX_AGE: u32 = 5;
    let mut shortest: Option<(u32, HttpResponse)> = None;
    for endpoint in endpoints {
        let decision = endpoint.decide_on(head.into()).await;
        let is_allowed = matches!(decision, Decision::Preflight(Ok(_)));
        let Outcome::Respond(res) = outcome(*endpoint, decision, head) else {
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
