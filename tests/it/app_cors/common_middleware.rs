//! The middleware that people wrap their apps with, without `AppCors` around it and with it.

use actix_governor::{Governor, GovernorConfigBuilder};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::{
    Compress, Condition, DefaultHeaders, ErrorHandlerResponse, ErrorHandlers, Next, from_fn,
};
use actix_web::{App, Error, HttpResponse, error, get, post, web};
use actix_web_httpauth::extractors::{AuthenticationError, basic, bearer};
use actix_web_httpauth::middleware::HttpAuthentication;
use cors_runtime::{AppCors, cors};

use crate::support::{Response, Server, serve};

const APP: &str = "Origin: https://app.example";
const EVIL: &str = "Origin: https://evil.example";

#[cors(
    origins = ["https://app.example"],
    credentials,
    allow_headers = ["authorization"],
    expose_headers = ["retry-after"]
)]
#[get("/me")]
async fn me() -> &'static str {
    "me"
}

#[cors(origins = ["https://app.example"], allow_headers = ["content-type"])]
#[post("/write")]
async fn write(text: web::Json<String>) -> String {
    text.into_inner()
}

#[cors(origins = ["https://app.example"])]
#[post("/upload")]
async fn upload(bytes: web::Bytes) -> String {
    bytes.len().to_string()
}

#[cors(origins = ["https://app.example"])]
#[get("/broken")]
async fn broken() -> Result<&'static str, Error> {
    Err(error::ErrorInternalServerError("broken"))
}

#[cors(origins = ["https://app.example"])]
#[get("/long")]
async fn long() -> String {
    "long ".repeat(1_000)
}

fn configure(app: &mut web::ServiceConfig) {
    app.app_data(web::JsonConfig::default().limit(8))
        .app_data(web::PayloadConfig::new(8))
        .service(me)
        .service(write)
        .service(upload)
        .service(broken)
        .service(long);
}

async fn refuse(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    Err(error::ErrorForbidden("not today"))
}

type Checked = Result<ServiceRequest, (Error, ServiceRequest)>;

async fn bearer(req: ServiceRequest, token: bearer::BearerAuth) -> Checked {
    if token.token() == "right" {
        return Ok(req);
    }
    let challenge = actix_web_httpauth::headers::www_authenticate::bearer::Bearer::default();
    Err((AuthenticationError::new(challenge).into(), req))
}

async fn basic(req: ServiceRequest, user: basic::BasicAuth) -> Checked {
    if user.user_id() == "ada" {
        Ok(req)
    } else {
        Err((error::ErrorUnauthorized("not you"), req))
    }
}

/// One request an hour from each address.
fn limiter() -> Governor<
    actix_governor::PeerIpKeyExtractor,
    actix_governor::governor::middleware::NoOpMiddleware<
        actix_governor::governor::clock::QuantaInstant,
    >,
> {
    let config = GovernorConfigBuilder::default()
        .seconds_per_request(3_600)
        .burst_size(1)
        .finish();
    Governor::new(&config.expect("a positive period"))
}

fn replacing() -> ErrorHandlers<BoxBody> {
    ErrorHandlers::new().handler(StatusCode::INTERNAL_SERVER_ERROR, |res| {
        let (req, _) = res.into_parts();
        let res = HttpResponse::InternalServerError().body("replaced");
        let res = ServiceResponse::new(req, res).map_into_right_body();
        Ok(ErrorHandlerResponse::Response(res))
    })
}

/// The app behind a middleware, alone and inside `AppCors`.
macro_rules! behind {
    ($middleware:expr) => {
        (
            serve!(App::new().configure(configure).wrap($middleware)),
            serve!(
                App::new()
                    .configure(configure)
                    .wrap($middleware)
                    .wrap(AppCors::new())
            ),
        )
    };
}

/// A middleware, a request, and the responses without `AppCors`.
struct Row {
    middleware: &'static str,
    /// The server without `AppCors`, and the one with it.
    servers: (Server, Server),
    request: &'static str,
    lines: &'static [&'static str],
    body: &'static str,
    /// The statuses of a preflight and of the request without `AppCors`.
    alone: (u16, u16),
    /// Script reads the response without `AppCors`.
    is_read_alone: bool,
    /// With it: names in `Vary` beside `Origin`.
    vary: &'static [&'static str],
}

/// A row without headers, a body or names in `Vary`.
fn row(
    middleware: &'static str,
    servers: (Server, Server),
    request: &'static str,
    alone: (u16, u16),
    is_read_alone: bool,
) -> Row {
    Row {
        middleware,
        servers,
        request,
        lines: &[],
        body: "",
        alone,
        is_read_alone,
        vary: &[],
    }
}

fn preflight(server: &Server, request: &str, origin: &str) -> Response {
    let (method, path) = request.split_once(' ').expect("a method and a path");
    let lines = [
        origin.to_owned(),
        format!("Access-Control-Request-Method: {method}"),
    ];
    server.send(&format!("OPTIONS {path}"), &lines, "")
}

/// Asserts that no header of CORS is there twice.
fn assert_once(res: &Response, what: &str) {
    let cors = res.cors();
    let names: Vec<_> = cors
        .iter()
        .filter_map(|line| line.split(": ").next())
        .collect();
    assert!(
        names.windows(2).all(|pair| pair[0] != pair[1]),
        "{what}: {cors:?}"
    );
}

fn vary(res: &Response) -> Vec<String> {
    let vary = res.header("vary").unwrap_or_default().to_ascii_lowercase();
    let mut names: Vec<_> = vary.split(", ").map(String::from).collect();
    names.sort();
    names
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn what_a_middleware_responds_is_read_by_those_whom_the_handler_allows() {
    let always = || Condition::new(true, from_fn(refuse));
    let never = || Condition::new(false, from_fn(refuse));
    let headers = || {
        DefaultHeaders::new()
            .add(("vary", "x-tenant"))
            .add(("access-control-allow-origin", "*"))
            .add(("access-control-allow-credentials", "true"))
            .add(("access-control-expose-headers", "*"))
    };
    let rows = [
        Row {
            lines: &["Authorization: Bearer wrong"],
            ..row(
                "httpauth, bearer",
                behind!(HttpAuthentication::bearer(bearer)),
                "GET /me",
                (401, 401),
                false,
            )
        },
        Row {
            lines: &["Authorization: Bearer right"],
            ..row(
                "httpauth, bearer, let in",
                behind!(HttpAuthentication::bearer(bearer)),
                "GET /me",
                (401, 200),
                true,
            )
        },
        row(
            "httpauth, basic, without a password",
            behind!(HttpAuthentication::basic(basic)),
            "GET /me",
            (401, 401),
            false,
        ),
        row(
            "from_fn",
            behind!(from_fn(refuse)),
            "GET /me",
            (403, 403),
            false,
        ),
        row("governor", behind!(limiter()), "GET /me", (429, 429), false),
        row(
            "ErrorHandlers",
            behind!(replacing()),
            "GET /broken",
            (204, 500),
            false,
        ),
        Row {
            lines: &["Content-Type: application/json"],
            body: "\"too long for it\"",
            ..row(
                "a limit of JSON",
                behind!(never()),
                "POST /write",
                (204, 413),
                true,
            )
        },
        Row {
            body: "too long for it",
            ..row(
                "a limit of payloads",
                behind!(never()),
                "POST /upload",
                (204, 413),
                true,
            )
        },
        row(
            "Condition, on",
            behind!(always()),
            "POST /upload",
            (403, 403),
            false,
        ),
        row(
            "Condition, off",
            behind!(never()),
            "GET /me",
            (204, 200),
            true,
        ),
        Row {
            vary: &["x-tenant"],
            ..row(
                "DefaultHeaders",
                behind!(headers()),
                "GET /long",
                (204, 200),
                true,
            )
        },
        row(
            "DefaultHeaders around a failure",
            (
                serve!(
                    App::new()
                        .configure(configure)
                        .wrap(from_fn(refuse))
                        .wrap(headers())
                ),
                serve!(
                    App::new()
                        .configure(configure)
                        .wrap(from_fn(refuse))
                        .wrap(headers())
                        .wrap(AppCors::new())
                ),
            ),
            "GET /long",
            (403, 403),
            false,
        ),
        Row {
            lines: &["Accept-Encoding: gzip"],
            vary: &["accept-encoding"],
            ..row(
                "Compress",
                behind!(Compress::default()),
                "GET /long",
                (204, 200),
                true,
            )
        },
        row(
            "AppCors in a Condition",
            (
                serve!(
                    App::new()
                        .configure(configure)
                        .wrap(from_fn(refuse))
                        .wrap(Condition::new(false, AppCors::new()))
                ),
                serve!(
                    App::new()
                        .configure(configure)
                        .wrap(from_fn(refuse))
                        .wrap(Condition::new(true, AppCors::new()))
                ),
            ),
            "GET /me",
            (403, 403),
            false,
        ),
    ];
    for row in rows {
        check(&row);
    }
}

fn check(row: &Row) {
    let what = row.middleware;
    let (alone, inside) = &row.servers;
    for server in [alone, inside] {
        // The limiter lets this one through, and no other.
        if what == "governor" {
            assert_eq!(server.send("GET /me", &[APP], "").status, 200);
        }
    }
    let is_allowed =
        |res: &Response| res.header("access-control-allow-origin") == Some("https://app.example");
    let request = |server: &Server, origin| {
        let lines = [&[origin], row.lines].concat();
        server.send(row.request, &lines, row.body)
    };
    assert_eq!(
        preflight(alone, row.request, APP).status,
        row.alone.0,
        "{what}"
    );
    let by_itself = request(alone, APP);
    assert_eq!(by_itself.status, row.alone.1, "{what}");
    assert_eq!(is_allowed(&by_itself), row.is_read_alone, "{what}, alone");

    let res = preflight(inside, row.request, APP);
    assert_eq!((res.status, is_allowed(&res)), (204, true), "{what}");
    assert_once(&res, what);
    let res = preflight(inside, row.request, EVIL);
    assert_eq!(
        (res.status, res.header("access-control-allow-origin")),
        (403, None),
        "{what}"
    );
    let mut expected = [&["origin"], row.vary].concat();
    expected.sort_unstable();
    for origin in [APP, EVIL] {
        let res = request(inside, origin);
        assert_once(&res, what);
        assert_eq!(
            (res.status, &res.body),
            (by_itself.status, &by_itself.body),
            "{what}"
        );
        assert_eq!(vary(&res), expected, "{what}, from {origin}");
        assert_eq!(is_allowed(&res), origin == APP, "{what}, from {origin}");
        let is_known = row.request == "GET /me" && origin == APP;
        for (name, value) in [
            ("access-control-allow-credentials", "true"),
            ("access-control-expose-headers", "retry-after"),
        ] {
            assert_eq!(
                res.header(name),
                is_known.then_some(value),
                "{what}, from {origin}"
            );
        }
    }
}
