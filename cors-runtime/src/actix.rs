//! The adapter to actix-web: it translates, and decides nothing.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll, ready as poll_ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{
    RequestHead, Service, ServiceRequest, ServiceResponse, Transform, forward_ready,
};
use actix_web::guard::{self, Guard, GuardContext};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName,
    HeaderValue, ORIGIN, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpResponse};
use cors_rules::method::is_safelisted;
use pin_project_lite::pin_project;

use crate::decision::{Decision, Facts, Grant, OriginField, Preflight, Refusal, Verdict, decide};
use crate::origins::{self, Origins};
use crate::policy::Policy;
use crate::vary;

/// Accepts the requests of a route and their preflights.
///
/// A preflight for another method is not for this route, so several handlers share a path and each
/// preflight finds its own.
pub struct RouteGuard {
    methods: &'static [&'static str],
    /// actix-web's own guards, which note the methods that a path has for the `Allow` of a 405.
    own: Vec<Box<dyn Guard>>,
}

impl RouteGuard {
    pub(crate) fn new(methods: &'static [&'static str]) -> Self {
        let parsed = methods.iter().filter_map(|method| method.parse().ok());
        Self {
            methods,
            own: parsed
                .map(|method| Box::new(guard::Method(method)) as Box<dyn Guard>)
                .collect(),
        }
    }
}

impl Guard for RouteGuard {
    fn check(&self, ctx: &GuardContext<'_>) -> bool {
        let head = ctx.head();
        let accepted = match requested_method(head) {
            Some(asked) => self.methods.iter().any(|method| method.as_bytes() == asked),
            None => self.methods.contains(&head.method.as_str()),
        };
        if !accepted {
            for guard in &self.own {
                guard.check(ctx);
            }
        }
        accepted
    }
}

impl fmt::Debug for RouteGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteGuard")
            .field("methods", &self.methods)
            .finish_non_exhaustive()
    }
}

/// What `Access-Control-Request-Method` says, if the request is a preflight: `OPTIONS` with that field and `Origin`.
///
/// A field that stands there several times asks for no method that exists.
fn requested_method(head: &RequestHead) -> Option<&[u8]> {
    if head.method != Method::OPTIONS || !head.headers.contains_key(ORIGIN) {
        return None;
    }
    let mut lines = head.headers.get_all(ACCESS_CONTROL_REQUEST_METHOD);
    match (lines.next(), lines.next()) {
        (None, _) => None,
        (Some(line), None) => Some(line.as_bytes()),
        (Some(_), Some(_)) => Some(b""),
    }
}

/// The outermost layer of a route: answers its preflights, and puts its policy on every other answer.
#[derive(Debug, Clone, Copy)]
pub struct Cors {
    pub(crate) policy: &'static Policy,
    pub(crate) methods: &'static [&'static str],
}

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = CorsService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CorsService {
            cors: *self,
            service,
        }))
    }
}

/// The service of [`Cors`].
#[derive(Debug)]
pub struct CorsService<S> {
    cors: Cors,
    service: S,
}

impl<S, B> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = CorsFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let Cors { policy, methods } = self.cors;
        match decide(policy, facts(req.head(), policy, methods)) {
            Decision::Run(verdict) => {
                let stamp = Stamp::new(policy, verdict, req.head());
                CorsFuture::Run {
                    answer: self.service.call(req),
                    stamp,
                }
            }
            Decision::Forbid(refusal) => {
                let answer = forbid(refusal, req.head());
                CorsFuture::Answer {
                    answer: Some(req.into_response(answer)),
                }
            }
            Decision::Answer(verdict) => {
                let answer = answer_preflight(policy, verdict, req.head());
                CorsFuture::Answer {
                    answer: Some(req.into_response(answer)),
                }
            }
        }
    }
}

pin_project! {
    /// The future of [`CorsService`].
    #[project = CorsFutureProjection]
    pub enum CorsFuture<F> {
        /// The handler runs.
        Run { #[pin] answer: F, stamp: Stamp },
        /// The answer is there already.
        Answer { answer: Option<ServiceResponse<BoxBody>> },
    }
}

impl<F, B> Future for CorsFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody + 'static,
{
    type Output = Result<ServiceResponse<BoxBody>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            CorsFutureProjection::Answer { answer } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(answer)),
                // Polled again after it was ready, which no executor does.
                None => Poll::Pending,
            },
            CorsFutureProjection::Run { answer, stamp } => match poll_ready!(answer.poll(cx)) {
                Ok(mut res) => {
                    stamp.put_on(res.headers_mut());
                    Poll::Ready(Ok(res.map_into_boxed_body()))
                }
                // An inner middleware gave up: the answer is made of the error further out.
                Err(mut error) => {
                    let stamp = stamp.clone();
                    error.add_response_mapper(move |mut res| {
                        stamp.put_on(res.headers_mut());
                        res
                    });
                    Poll::Ready(Err(error))
                }
            },
        }
    }
}

fn facts<'a>(
    head: &'a RequestHead,
    policy: &Policy,
    methods: &'static [&'static str],
) -> Facts<'a, impl Iterator<Item = &'a [u8]> + use<'a>> {
    let mut origins = head.headers.get_all(ORIGIN);
    // Only `enforce` asks whether a request is same-origin; nobody else pays for the look-ups.
    let (fetch_site, host) = if policy.enforce {
        site(head)
    } else {
        (None, None)
    };
    Facts {
        origin: match (origins.next(), origins.next()) {
            (None, _) => OriginField::Absent,
            (Some(origin), None) => OriginField::Once(origin.as_bytes()),
            (Some(_), Some(_)) => OriginField::Repeated,
        },
        fetch_site,
        host,
        preflight: requested_method(head).map(|method| Preflight {
            method,
            methods,
            headers: head
                .headers
                .get_all(ACCESS_CONTROL_REQUEST_HEADERS)
                .map(HeaderValue::as_bytes),
        }),
    }
}

/// `Sec-Fetch-Site`, and the host that the request is for.
fn site(head: &RequestHead) -> (Option<&[u8]>, Option<&[u8]>) {
    let fetch_site = once(&head.headers, &SEC_FETCH_SITE)
        .map(|line| line.map_or(&[][..], HeaderValue::as_bytes));
    // The target of a request goes before `Host`: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
    let host = match head.uri.authority() {
        Some(authority) => Some(authority.as_str().as_bytes()),
        None => once(&head.headers, &HOST)
            .flatten()
            .map(HeaderValue::as_bytes),
    };
    (fetch_site, host)
}

/// The one line of a field; `Some(None)` if there are several.
fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Option<&'a HeaderValue>> {
    let mut lines = headers.get_all(name);
    let first = lines.next()?;
    Some(lines.next().is_none().then_some(first))
}

/// The value of `Access-Control-Allow-Origin`.
fn allow_origin(grant: Grant, head: &RequestHead) -> Option<HeaderValue> {
    match grant {
        Grant::Any => Some(HeaderValue::from_static("*")),
        Grant::Listed(origin) => Some(HeaderValue::from_static(origin)),
        Grant::Echoed => head.headers.get(ORIGIN).cloned(),
    }
}

/// What goes onto an answer once the handler has made it.
#[derive(Debug, Clone)]
pub struct Stamp {
    policy: &'static Policy,
    allow_origin: Option<HeaderValue>,
}

impl Stamp {
    fn new(policy: &'static Policy, verdict: Verdict<Grant>, head: &RequestHead) -> Self {
        let allow_origin = match verdict {
            Ok(grant) => allow_origin(grant, head),
            Err(refusal) => {
                log(refusal, head);
                None
            }
        };
        Self {
            policy,
            allow_origin,
        }
    }

    /// The policy is the only authority: what others said of CORS is removed first.
    fn put_on(&self, headers: &mut HeaderMap) {
        while let Some(foreign) = headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control-"))
            .cloned()
        {
            headers.remove(foreign);
        }
        if self.policy.origins != Origins::Any {
            vary::add_origin(headers);
        }
        let Some(allow_origin) = &self.allow_origin else {
            return;
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin.clone());
        if self.policy.credentials {
            headers.insert(
                ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            );
        }
        if !self.policy.expose_headers.value.is_empty() {
            headers.insert(
                ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static(self.policy.expose_headers.value),
            );
        }
    }
}

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// 403 with nothing, in place of the handler.
///
/// `Sec-Fetch-Site` need not be in `Vary`: for one URL, the origin determines it.
fn forbid(refusal: Refusal, head: &RequestHead) -> HttpResponse<BoxBody> {
    log(refusal, head);
    let mut res = HttpResponse::new(StatusCode::FORBIDDEN);
    res.headers_mut()
        .insert(VARY, HeaderValue::from_static("Origin"));
    res
}

/// 204 with what is granted, or 403 with nothing.
fn answer_preflight(
    policy: &Policy,
    verdict: Verdict<(Grant, &'static str)>,
    head: &RequestHead,
) -> HttpResponse<BoxBody> {
    let mut res = HttpResponse::new(StatusCode::FORBIDDEN);
    res.headers_mut().insert(
        VARY,
        HeaderValue::from_static(
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        ),
    );
    match verdict {
        Err(refusal) => log(refusal, head),
        Ok((grant, method)) => {
            *res.status_mut() = StatusCode::NO_CONTENT;
            let headers = res.headers_mut();
            if let Some(allow_origin) = allow_origin(grant, head) {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin);
            }
            if policy.credentials {
                headers.insert(
                    ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderValue::from_static("true"),
                );
            }
            if !is_safelisted(method) {
                headers.insert(
                    ACCESS_CONTROL_ALLOW_METHODS,
                    HeaderValue::from_static(method),
                );
            }
            // Each name in it was allowed, so what was asked is what is granted.
            for asked in head
                .headers
                .get_all(ACCESS_CONTROL_REQUEST_HEADERS)
                .filter(|line| !line.is_empty())
            {
                headers.append(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
            }
            if let Some(max_age) = policy.max_age {
                headers.insert(
                    ACCESS_CONTROL_MAX_AGE,
                    HeaderValue::from_static(max_age.value),
                );
            }
        }
    }
    res
}

/// The most bytes of `Origin` that are logged.
const SHOWN: usize = 256;

/// Says why nothing was granted. A request without `Origin` asked for nothing.
fn log(refusal: Refusal, head: &RequestHead) {
    if refusal == Refusal::NoOrigin {
        return;
    }
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let origin = head
        .headers
        .get(ORIGIN)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let malformed = origins::parse(origin).err().filter(|_| origin != b"null");
    tracing::debug!(
        origin = %origin[..origin.len().min(SHOWN)].escape_ascii(),
        method = %head.method,
        path = %head.uri.path().as_bytes().escape_ascii(),
        reason = ?refusal,
        malformed = malformed.map(tracing::field::display),
        "no CORS grant: {refusal}",
    );
}
