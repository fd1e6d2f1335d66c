//! CORS headers on responses.

use actix_web::body::BoxBody;
use actix_web::dev::{RequestHead, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CACHE_CONTROL, CONTENT_TYPE,
    HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::{Error, HttpResponse};
use cors_rules::method::is_safelisted;

use super::endpoint::{Endpoint, HandlerName};
use super::request::ActixRequest;
use super::{cookies, literal, vary};
use crate::core::decision::{AllowOrigin, Decision, Refusal};
use crate::core::explain::{self, Explanation, Staged};
use crate::core::policy::Policy;

/// What happens to a request.
pub(super) enum Outcome {
    /// The handler runs, and its response has these headers.
    Run(CorsHeaders),
    /// This is the response. The handler does not run.
    Respond(HttpResponse<BoxBody>),
}

/// Turns a decision into what happens.
#[inline]
pub(super) fn outcome(endpoint: Endpoint, decision: Decision, head: &RequestHead) -> Outcome {
    match decision {
        Decision::Run(allowed) => Outcome::Run(CorsHeaders::new(endpoint, allowed.ok(), head)),
        Decision::Preflight(Ok(origin)) => {
            Outcome::Respond(allowed_preflight(endpoint.policy, origin, head))
        }
        Decision::Preflight(Err(refusal)) => {
            Outcome::Respond(refused_preflight(endpoint, refusal, head))
        }
        Decision::Forbid(_) => Outcome::Respond(forbidden_request()),
    }
}

/// The value of `Access-Control-Allow-Origin` for a request.
#[inline]
fn value(allow_origin: AllowOrigin, head: &RequestHead) -> Option<HeaderValue> {
    match allow_origin {
        AllowOrigin::Any => Some(ANY),
        AllowOrigin::Exact(origin) => Some(literal::header_value(origin)),
        AllowOrigin::Echo => origin_of(head),
    }
}

/// The `Origin` of a request.
pub(super) fn origin_of(head: &RequestHead) -> Option<HeaderValue> {
    head.headers.get(ORIGIN).cloned()
}

/// The CORS headers for the response of a handler.
#[derive(Debug, Clone)]
pub(crate) struct CorsHeaders {
    policy: &'static Policy,
    allow_origin: Option<HeaderValue>,
    /// The handler that is named in the log if it sets a cookie that will never come back.
    watched: Option<HandlerName>,
}

impl CorsHeaders {
    #[inline]
    fn new(endpoint: Endpoint, allow_origin: Option<AllowOrigin>, head: &RequestHead) -> Self {
        let Endpoint {
            handler, policy, ..
        } = endpoint;
        let is_watched = allow_origin.is_some() && cookies::are_watched(policy, head);
        Self {
            policy,
            allow_origin: allow_origin.and_then(|it| value(it, head)),
            watched: is_watched.then_some(handler),
        }
    }

    /// Lets no one read the response.
    pub(super) fn nothing(policy: &'static Policy) -> Self {
        Self {
            policy,
            allow_origin: None,
            watched: None,
        }
    }

    /// What both grant to one request: the same, or nothing.
    pub(super) fn and(self, other: &Self) -> Self {
        let (ours, theirs) = (self.policy, other.policy);
        let are_equal = self.allow_origin == other.allow_origin
            && ours.credentials == theirs.credentials
            && ours.expose_headers.value == theirs.expose_headers.value
            && ours.depends_on_origin() == theirs.depends_on_origin();
        match (are_equal, ours.depends_on_origin()) {
            (true, _) => self,
            (false, true) => Self::nothing(ours),
            (false, false) => Self::nothing(theirs),
        }
    }

    /// The same, but nothing for an origin that is not this one: middleware may have made it up.
    pub(super) fn only_for(self, origin: Option<&HeaderValue>) -> Self {
        let is_granted = |allowed: &HeaderValue| *allowed == ANY || Some(allowed) == origin;
        Self {
            allow_origin: self.allow_origin.filter(is_granted),
            ..self
        }
    }

    /// Writes them onto a response, or onto that which an error becomes.
    #[inline]
    pub(super) fn write_onto<B>(&self, response: &mut Result<ServiceResponse<B>, Error>) {
        match response {
            Ok(res) => self.write_to(res.headers_mut()),
            Err(error) => {
                let headers = self.clone();
                error.add_response_mapper(move |mut res| {
                    headers.write_to(res.headers_mut());
                    res
                });
            }
        }
    }

    /// Replaces the CORS headers of a response, because the policy is the only authority.
    pub(super) fn write_to(&self, headers: &mut HeaderMap) {
        let policy = self.policy;
        while let Some(foreign) = headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control-"))
            .cloned()
        {
            headers.remove(foreign);
        }
        if policy.depends_on_origin() {
            vary::add_origin(headers);
        }
        let Some(allow_origin) = &self.allow_origin else {
            return;
        };
        if let Some(handler) = self.watched {
            cookies::warn_of_lost(handler, headers);
        }
        write_origin(headers, allow_origin.clone(), policy);
        if !policy.expose_headers.value.is_empty() {
            headers.insert(
                ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static(policy.expose_headers.value),
            );
        }
    }
}

fn write_origin(headers: &mut HeaderMap, allow_origin: HeaderValue, policy: &Policy) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin);
    if policy.credentials {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
}

/// 403 for a request whose handler does not run.
///
/// It depends on fields that are not in `Vary`, such as `Sec-Fetch-Site`, and programs can send any.
/// So no cache may store it, or one request could have it served to everyone.
fn forbidden_request() -> HttpResponse<BoxBody> {
    let mut res = forbidden(vary::ORIGIN);
    res.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    res
}

/// 403 without CORS headers.
fn forbidden(vary: HeaderValue) -> HttpResponse<BoxBody> {
    let mut res = HttpResponse::new(StatusCode::FORBIDDEN);
    res.headers_mut().insert(VARY, vary);
    res
}

const ANY: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The fields that every response to a preflight depends on.
const PREFLIGHT_VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// The response to a preflight that asks only for what is allowed.
fn allowed_preflight(
    policy: &Policy,
    origin: AllowOrigin,
    head: &RequestHead,
) -> HttpResponse<BoxBody> {
    let mut res = no_content(policy, origin, head);
    let headers = res.headers_mut();
    // There is one line, and its method is allowed.
    let method = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD);
    if let Some(method) = method.filter(|it| !it.to_str().is_ok_and(is_safelisted)) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    }
    // Each name in these lines is allowed, so the lines are the response.
    let lines = head.headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS);
    for line in lines.filter(|line| !line.is_empty()) {
        headers.append(ACCESS_CONTROL_ALLOW_HEADERS, line.clone());
    }
    if !policy.max_age.is_empty() {
        headers.insert(
            ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static(policy.max_age),
        );
    }
    res
}

/// 204 for an allowed origin.
fn no_content(policy: &Policy, origin: AllowOrigin, head: &RequestHead) -> HttpResponse<BoxBody> {
    let mut res = HttpResponse::new(StatusCode::NO_CONTENT);
    let headers = res.headers_mut();
    headers.insert(VARY, PREFLIGHT_VARY);
    if let Some(allow_origin) = value(origin, head) {
        write_origin(headers, allow_origin, policy);
    }
    res
}

/// The response to a preflight that asks for something that is not allowed.
fn refused_preflight(
    endpoint: Endpoint,
    refusal: Refusal,
    head: &RequestHead,
) -> HttpResponse<BoxBody> {
    if !explain::is_on() {
        return forbidden(PREFLIGHT_VARY);
    }
    let Endpoint {
        handler,
        policy,
        methods,
    } = endpoint;
    let request = ActixRequest::from(head);
    if let Some(staged) = Staged::new(policy, methods, &request, refusal) {
        return staged_preflight(policy, &staged, head);
    }
    let handler = handler.name();
    let explanation =
        Explanation::new(handler, policy, methods, head.uri.path(), &request, refusal);
    let mut res = forbidden(PREFLIGHT_VARY).set_body(BoxBody::new(explanation.to_string()));
    let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
    res.headers_mut().insert(CONTENT_TYPE, content_type);
    res
}

/// 204 for the origin, with what is allowed instead of what was requested.
fn staged_preflight(
    policy: &Policy,
    staged: &Staged<'_>,
    head: &RequestHead,
) -> HttpResponse<BoxBody> {
    let origin = if policy.allows_any_origin() {
        AllowOrigin::Any
    } else {
        AllowOrigin::Echo
    };
    let mut res = no_content(policy, origin, head);
    for (name, values) in [
        (ACCESS_CONTROL_ALLOW_METHODS, &staged.methods),
        (ACCESS_CONTROL_ALLOW_HEADERS, &staged.headers),
    ] {
        // Methods and header names are tokens, so this does not fail.
        if let Ok(value) = HeaderValue::try_from(values.join(", "))
            && !values.is_empty()
        {
            res.headers_mut().insert(name, value);
        }
    }
    res
}
