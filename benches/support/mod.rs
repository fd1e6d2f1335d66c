//! Four servers that respond alike, and the requests that they are measured with.

#![allow(dead_code)] // each benchmark uses a part of it

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Handler, Service, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpRequest, HttpResponse, Responder, guard, options, put, web};
use cors_rules::checked::by_length;
use cors_runtime::{__private, AnnotatedResource, AppCors, Policy, cors};

/// The servers, by what puts the headers on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// Nothing.
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

    /// Registers the handler, and what responds to its preflights.
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

/// The origin that is allowed.
const ALLOWED: &str = "https://app.example.com";

#[put("/me")]
async fn plain() -> impl Responder {
    HttpResponse::Ok().body("me")
}

#[cors(
    origins = ["https://app.example.com"],
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
        .allowed_origin(ALLOWED)
        .allowed_methods([Method::PUT])
        .allowed_headers(["content-type", "x-request-id"])
        .supports_credentials()
        .max_age(600)
}

// By hand as lean as it gets: every value is a constant but the origin, which is the request's own,
// and a look at `Origin` is one comparison.
const VARY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
const VARY_PREFLIGHT: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);
const TRUE: HeaderValue = HeaderValue::from_static("true");
const PUT: HeaderValue = HeaderValue::from_static("PUT");
const SECONDS: HeaderValue = HeaderValue::from_static("600");

fn allowed(req: &HttpRequest) -> Option<&HeaderValue> {
    req.headers()
        .get(ORIGIN)
        .filter(|origin| origin.as_bytes() == ALLOWED.as_bytes())
}

#[put("/me")]
async fn by_hand(req: HttpRequest) -> HttpResponse {
    let mut res = HttpResponse::Ok().body("me");
    let headers = res.headers_mut();
    headers.insert(VARY, VARY_ORIGIN);
    if let Some(origin) = allowed(&req) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    res
}

#[options("/me")]
async fn preflight_by_hand(req: HttpRequest) -> HttpResponse {
    let asked = req.headers().get(ACCESS_CONTROL_REQUEST_HEADERS);
    let is_listed =
        |name: &[u8]| matches!(name.trim_ascii(), b"" | b"content-type" | b"x-request-id");
    let may = |asked: &HeaderValue| asked.as_bytes().split(|byte| *byte == b',').all(is_listed);
    let origin = allowed(&req).filter(|_| {
        let method = req.headers().get(ACCESS_CONTROL_REQUEST_METHOD);
        method.is_some_and(|method| method == "PUT") && asked.is_none_or(may)
    });
    let Some(origin) = origin else {
        let mut res = HttpResponse::new(StatusCode::FORBIDDEN);
        res.headers_mut().insert(VARY, VARY_PREFLIGHT);
        return res;
    };
    let mut res = HttpResponse::new(StatusCode::NO_CONTENT);
    let headers = res.headers_mut();
    headers.insert(VARY, VARY_PREFLIGHT);
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, PUT);
    if let Some(asked) = asked {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, SECONDS);
    res
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
        self.request_to("/me")
    }

    pub(crate) fn request_to(self, path: &str) -> Request {
        let put = || TestRequest::put().uri(path);
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

type Responding = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;

/// A service whose type does not matter: what that costs is the same for all.
#[derive(Clone)]
pub(crate) struct Ready(Rc<dyn Fn(Request) -> Responding>);

impl Ready {
    pub(crate) fn new<S, B>(service: S) -> Self
    where
        S: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
        B: actix_web::body::MessageBody + 'static,
    {
        let service = Rc::new(service);
        Self(Rc::new(move |req| {
            let response = service.call(req);
            Box::pin(async move { Ok(response.await?.map_into_boxed_body()) })
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

/// The resource that the attribute writes for a `PUT` handler.
fn annotated<F: Handler<(), Output = HttpResponse>>(
    path: &str,
    policy: &'static Policy,
    handler: F,
) -> AnnotatedResource {
    __private::resource(path, path, "me", policy, &["PUT"], handler)
}

type Headers = &'static [&'static str];

/// A handler as the attribute writes it, for a list of `count` origins.
pub(crate) async fn with_origins(count: usize, patterns: usize, headers: Headers) -> Ready {
    let leak = |text: String| -> &'static str { text.leak() };
    let mut exact: Vec<_> = (0..count)
        .map(|i| leak(format!("https://tenant-{i}.example.com")))
        .collect();
    exact.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
    let mut patterns: Vec<_> = (0..patterns)
        .map(|i| leak(format!("https://*.group-{i}.example")))
        .collect();
    patterns.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
    let policy = __private::policy()
        .origins(exact.leak(), patterns.leak())
        .credentials(true)
        .allow_headers(false, headers)
        .policy;
    let policy: &'static Policy = Box::leak(Box::new(policy));
    let service = annotated("/me", policy, || async { HttpResponse::Ok().body("me") });
    Ready::new(init_service(App::new().service(service)).await)
}

/// A request from `origin`.
pub(crate) fn from(origin: &str) -> Request {
    TestRequest::put()
        .uri("/me")
        .insert_header((ORIGIN, origin))
        .to_request()
}

/// A handler that sets `Vary` to `count` names.
pub(crate) async fn with_vary(count: usize, is_annotated: bool) -> Ready {
    let names: Vec<_> = (0..count).map(|i| format!("x-name-{i}")).collect();
    let line = HeaderValue::from_str(&names.join(", ")).expect("names");
    let handler = move || {
        let line = line.clone();
        async move { HttpResponse::Ok().insert_header((VARY, line)).body("me") }
    };
    let app = App::new().configure(|app| {
        if is_annotated {
            app.service(annotated("/me", ours::POLICY, handler));
        } else {
            app.service(web::resource("/me").guard(guard::Put()).to(handler));
        }
    });
    Ready::new(init_service(app).await)
}

/// The handlers of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handlers {
    Plain,
    Annotated,
    /// Annotated, and `AppCors` around the app.
    Covered,
    /// Annotated, behind a middleware that lets nobody in.
    Rejected,
    /// The same, and `AppCors` around the app.
    RejectedCovered,
}

impl Handlers {
    pub(crate) const ALL: [Handlers; 5] = [
        Self::Plain,
        Self::Annotated,
        Self::Covered,
        Self::Rejected,
        Self::RejectedCovered,
    ];
}

/// An app with `count` handlers as the attributes write them.
pub(crate) async fn with_handlers(count: usize, handlers: Handlers) -> Ready {
    let policy: &'static Policy = ours::POLICY;
    let configure = |app: &mut web::ServiceConfig| {
        for i in 0..count {
            let path = format!("/handler-{i}");
            let handler = || async { HttpResponse::Ok().body("me") };
            if handlers == Handlers::Plain {
                let resource = web::resource(&*path).name(&path).guard(guard::Put());
                app.service(resource.to(handler));
            } else {
                app.service(annotated(&path, policy, handler));
            }
        }
    };
    let reject = || {
        actix_web::middleware::from_fn(
            |req: actix_web::dev::ServiceRequest, _: actix_web::middleware::Next<BoxBody>| async move {
                Ok::<ServiceResponse, Error>(req.into_response(HttpResponse::Unauthorized()))
            },
        )
    };
    if handlers == Handlers::Rejected {
        Ready::new(init_service(App::new().configure(configure).wrap(reject())).await)
    } else if handlers == Handlers::RejectedCovered {
        Ready::new(
            init_service(
                App::new()
                    .configure(configure)
                    .wrap(reject())
                    .wrap(AppCors::new()),
            )
            .await,
        )
    } else if handlers == Handlers::Covered {
        let app = App::new().configure(configure).wrap(AppCors::new());
        Ready::new(init_service(app).await)
    } else {
        Ready::new(init_service(App::new().configure(configure)).await)
    }
}
