//! Four servers that answer alike, and the requests that they are measured with.

#![allow(dead_code)] // each benchmark uses a part of it

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpRequest, HttpResponse, Responder, guard, options, put, web};
use cors_rules::pattern::by_length;
use cors_runtime::{__private, Policy, cors};

/// The servers, by what puts the headers on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// Nobody.
    Plain,
    /// The handler, as somebody who knows CORS would write it.
    ByHand,
    /// `#[cors]`
    Ours,
    /// `actix_cors` around the app.
    ActixCors,
}

impl Server {
    pub(crate) const ALL: [Server; 4] = [
        Server::Plain,
        Server::ByHand,
        Server::Ours,
        Server::ActixCors,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Server::Plain => "plain",
            Server::ByHand => "by hand",
            Server::Ours => "#[cors]",
            Server::ActixCors => "actix_cors",
        }
    }

    /// Registers the handler, and what answers its preflights.
    pub(crate) fn configure(self, app: &mut web::ServiceConfig) {
        match self {
            Server::Plain | Server::ActixCors => {
                app.service(plain);
            }
            Server::ByHand => {
                app.service(by_hand).service(preflight_by_hand);
            }
            Server::Ours => {
                app.service(ours);
            }
        }
    }

    pub(crate) async fn start(self) -> Ready {
        match self {
            Server::ActixCors => Ready::new(
                init_service(
                    App::new()
                        .wrap(actix_cors_policy())
                        .configure(|app| self.configure(app)),
                )
                .await,
            ),
            _ => Ready::new(init_service(App::new().configure(|app| self.configure(app))).await),
        }
    }
}

/// The origins that are allowed.
const ALLOWED: [&str; 2] = ["https://admin.example.com", "https://app.example.com"];

#[put("/me")]
async fn plain() -> impl Responder {
    HttpResponse::Ok().body("me")
}

#[cors(
    origins = ["https://app.example.com", "https://admin.example.com"],
    credentials,
    allow_headers = ["content-type", "x-request-id"],
    max_age = 600
)]
#[put("/me")]
async fn ours() -> impl Responder {
    HttpResponse::Ok().body("me")
}

pub(crate) fn actix_cors_policy() -> actix_cors::Cors {
    actix_cors::Cors::default()
        .allowed_origin(ALLOWED[0])
        .allowed_origin(ALLOWED[1])
        .allowed_methods([Method::PUT])
        .allowed_headers(["content-type", "x-request-id"])
        .supports_credentials()
        .max_age(600)
}

fn allowed(req: &HttpRequest) -> Option<&HeaderValue> {
    let origin = req.headers().get(ORIGIN)?;
    ALLOWED
        .iter()
        .any(|allowed| origin.as_bytes() == allowed.as_bytes())
        .then_some(origin)
}

#[put("/me")]
async fn by_hand(req: HttpRequest) -> HttpResponse {
    let mut res = HttpResponse::Ok();
    res.insert_header((VARY, HeaderValue::from_static("Origin")));
    if let Some(origin) = allowed(&req) {
        res.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()));
        res.insert_header((
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        ));
    }
    res.body("me")
}

#[options("/me")]
async fn preflight_by_hand(req: HttpRequest) -> HttpResponse {
    const VARIES: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let refuse = || {
        HttpResponse::Forbidden()
            .insert_header((VARY, HeaderValue::from_static(VARIES)))
            .finish()
    };
    let Some(origin) = allowed(&req) else {
        return refuse();
    };
    if req
        .headers()
        .get(ACCESS_CONTROL_REQUEST_METHOD)
        .is_none_or(|method| method != "PUT")
    {
        return refuse();
    }
    let asked = req.headers().get(ACCESS_CONTROL_REQUEST_HEADERS);
    if let Some(asked) = asked {
        let may = |name: &str| {
            name.is_empty()
                || name.eq_ignore_ascii_case("content-type")
                || name.eq_ignore_ascii_case("x-request-id")
        };
        if !asked
            .to_str()
            .is_ok_and(|list| list.split(',').map(str::trim).all(may))
        {
            return refuse();
        }
    }
    let mut res = HttpResponse::NoContent();
    res.insert_header((VARY, HeaderValue::from_static(VARIES)));
    res.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()));
    res.insert_header((
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    ));
    res.insert_header((
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("PUT"),
    ));
    if let Some(asked) = asked {
        res.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, asked.clone()));
    }
    res.insert_header((ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600")));
    res.finish()
}

/// The kinds of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    NoOrigin,
    Allowed,
    Refused,
    Preflight,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [
        Kind::NoOrigin,
        Kind::Allowed,
        Kind::Refused,
        Kind::Preflight,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::NoOrigin => "no `Origin`",
            Kind::Allowed => "allowed origin, credentials",
            Kind::Refused => "refused origin",
            Kind::Preflight => "preflight with two request headers",
        }
    }

    pub(crate) fn request(self) -> Request {
        let put = || TestRequest::put().uri("/me");
        let origin = |req: TestRequest, origin: &'static str| req.insert_header((ORIGIN, origin));
        match self {
            Kind::NoOrigin => put(),
            Kind::Allowed => origin(put(), "https://app.example.com"),
            Kind::Refused => origin(put(), "https://evil.example.com"),
            Kind::Preflight => origin(put().method(Method::OPTIONS), "https://app.example.com")
                .insert_header((ACCESS_CONTROL_REQUEST_METHOD, "PUT"))
                .insert_header((ACCESS_CONTROL_REQUEST_HEADERS, "content-type,x-request-id")),
        }
        .to_request()
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;

/// A service whose type does not matter: what that costs is the same for all.
#[derive(Clone)]
pub(crate) struct Ready(Rc<dyn Fn(Request) -> Answer>);

impl Ready {
    pub(crate) fn new<S, B>(service: S) -> Self
    where
        S: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
        B: actix_web::body::MessageBody + 'static,
    {
        let service = Rc::new(service);
        Self(Rc::new(move |req| {
            let answer = service.call(req);
            Box::pin(async move { Ok(answer.await?.map_into_boxed_body()) })
        }))
    }

    pub(crate) async fn ask(&self, req: Request) -> ServiceResponse<BoxBody> {
        match self.0(req).await {
            Ok(res) => res,
            Err(error) => panic!("the servers do not fail: {error}"),
        }
    }
}

/// Checks that by hand and by `#[cors]`, a server says the same.
pub(crate) async fn assert_servers_agree() {
    let said = |headers: &HeaderMap| {
        let mut said: Vec<_> = headers
            .iter()
            .filter(|(name, _)| *name == VARY || name.as_str().starts_with("access-control-"))
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        said.sort();
        said
    };
    let (one, other) = (Server::ByHand.start().await, Server::Ours.start().await);
    for kind in Kind::ALL {
        let (one, other) = (
            one.ask(kind.request()).await,
            other.ask(kind.request()).await,
        );
        assert_eq!(one.status(), other.status(), "{kind:?}");
        assert_eq!(said(one.headers()), said(other.headers()), "{kind:?}");
        let allowed = other.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(
            allowed,
            matches!(kind, Kind::Allowed | Kind::Preflight),
            "{kind:?}"
        );
    }
}

/// What the attribute writes for a list of `count` origins.
pub(crate) async fn with_origins(count: usize, patterns: usize) -> Ready {
    let leak = |text: String| -> &'static str { text.leak() };
    let mut exact: Vec<_> = (0..count)
        .map(|i| leak(format!("https://tenant-{i}.example.com")))
        .collect();
    exact.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
    let mut patterns: Vec<_> = (0..patterns)
        .map(|i| __private::Pattern::parse(leak(format!("https://*.group-{i}.example"))))
        .filter_map(Result::ok)
        .collect();
    patterns.sort_by(|a, b| by_length(a.host.as_bytes(), b.host.as_bytes()));
    let policy = __private::policy()
        .origins(exact.leak(), patterns.leak())
        .credentials()
        .policy();
    let policy: &'static Policy = Box::leak(Box::new(policy));
    let service = __private::resource("/me", "me", &["PUT"])
        .wrap(__private::layer(policy, &["PUT"]))
        .to(|| async { HttpResponse::Ok().body("me") });
    Ready::new(init_service(App::new().service(service)).await)
}

/// A request from `origin`.
pub(crate) fn from(origin: &str) -> Request {
    TestRequest::put()
        .uri("/me")
        .insert_header((ORIGIN, origin))
        .to_request()
}

/// An app with `count` handlers as the attributes write them.
pub(crate) async fn with_handlers(count: usize, annotated: bool) -> Ready {
    let policy: &'static Policy = ours::POLICY;
    let app = App::new().configure(|app| {
        for i in 0..count {
            let (path, name) = (format!("/handler-{i}"), format!("handler-{i}"));
            let handler = || async { HttpResponse::Ok().body("me") };
            if annotated {
                app.service(
                    __private::resource(&path, &name, &["PUT"])
                        .wrap(__private::layer(policy, &["PUT"]))
                        .to(handler),
                );
            } else {
                app.service(
                    web::resource(path)
                        .name(&name)
                        .guard(guard::Put())
                        .to(handler),
                );
            }
        }
    });
    Ready::new(init_service(app).await)
}
