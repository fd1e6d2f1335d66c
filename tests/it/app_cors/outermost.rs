//! Middleware around the app writes headers after the policy did. An `AppCors` around it writes
//! last.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::{App, Error, HttpResponse, ResponseError, get, web};
use cors_runtime::{AppCors, AsyncOriginSource, Origin, SourceError, Target, cors};
use futures_util::FutureExt;

use crate::support::serve;

const APP: &str = "https://app.example";
const EVIL: &str = "https://evil.example";

/// An error that writes CORS headers itself.
#[derive(Debug)]
struct Permissive;

impl fmt::Display for Permissive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("permissive")
    }
}

impl ResponseError for Permissive {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(StatusCode::CONFLICT)
            .insert_header(("access-control-allow-origin", "*"))
            .body("permissive")
    }
}

/// An error of the handler, which actix-web makes a response that remembers it.
#[cors(origins = ["https://app.example"], credentials)]
#[get("/of-the-handler")]
async fn of_the_handler() -> Result<&'static str, Permissive> {
    Err(Permissive)
}

async fn fail(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    Err(Permissive.into())
}

/// An error of a middleware inside the policy.
#[cors(origins = ["https://app.example"], credentials)]
#[get("/of-a-middleware", wrap = "from_fn(fail)")]
async fn of_a_middleware() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example"])]
#[get("/long")]
async fn long() -> String {
    "long ".repeat(1_000)
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(of_the_handler)
        .service(of_a_middleware)
        .service(long);
}

/// Makes a new response from an error.
async fn render(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match next.call(req).await {
        Err(error) => {
            let rendered = error.as_response_error().error_response();
            Err(InternalError::from_response(error, rendered).into())
        }
        Ok(res) => {
            let error = res.response().error().map(Error::as_response_error);
            let rendered = error.map(ResponseError::error_response);
            Ok(res.into_response(rendered.unwrap_or_else(|| HttpResponse::Ok().finish())))
        }
    }
}

#[test]
fn an_error_that_a_middleware_renders_has_its_own_headers_unless_app_cors_is_outermost() {
    let inside = serve!(App::new().configure(configure));
    let alone = serve!(App::new().configure(configure).wrap(from_fn(render)));
    let outermost = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(render))
            .wrap(AppCors::new())
    );
    let granted = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example",
        "vary: origin",
    ];
    let nothing = ["vary: origin"];
    let own = ["access-control-allow-origin: *"];
    for (what, server, of_app, of_evil) in [
        ("no middleware", &inside, &granted[..], &nothing[..]),
        ("the middleware alone", &alone, &own, &own),
        ("`AppCors` outermost", &outermost, &granted, &nothing),
    ] {
        for path in ["/of-the-handler", "/of-a-middleware"] {
            for (origin, expected) in [(APP, of_app), (EVIL, of_evil)] {
                let lines = [format!("Origin: {origin}")];
                let res = server.send(&format!("GET {path}"), &lines, "");
                assert_eq!(res.status, 409, "{what}, {path}");
                assert_eq!(res.body, "permissive", "{what}, {path}");
                assert_eq!(res.cors(), expected, "{what}, {path}, {origin}");
            }
        }
    }
}

#[test]
fn compress_adds_a_line_of_vary_unless_app_cors_is_outermost() {
    let alone = serve!(App::new().configure(configure).wrap(Compress::default()));
    let innermost = serve!(
        App::new()
            .configure(configure)
            .wrap(AppCors::new())
            .wrap(Compress::default())
    );
    let outermost = serve!(
        App::new()
            .configure(configure)
            .wrap(Compress::default())
            .wrap(AppCors::new())
    );
    for (what, server, expected) in [
        ("alone", &alone, &["Origin", "accept-encoding"][..]),
        (
            "`AppCors` inside",
            &innermost,
            &["Origin", "accept-encoding"],
        ),
        (
            "`AppCors` outermost",
            &outermost,
            &["accept-encoding, Origin"],
        ),
    ] {
        let lines = [&format!("Origin: {APP}"), "Accept-Encoding: gzip"];
        let res = server.send("GET /long", &lines, "");
        let vary = res.headers.iter().filter(|(name, _)| name == "vary");
        let vary: Vec<_> = vary.map(|(_, value)| value.as_str()).collect();
        assert_eq!(vary, expected, "{what}");
    }
}

/// Its first call never ends.
struct SlowOnce(AtomicBool);

impl AsyncOriginSource for SlowOnce {
    async fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        if !self.0.swap(true, Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        Ok(origin.as_str() == APP)
    }
}

static SLOW_ONCE: SlowOnce = SlowOnce(AtomicBool::new(false));

#[cors(origins = [SLOW_ONCE])]
#[get("/slow")]
async fn slow() -> &'static str {
    "never reached"
}

/// Responds itself if nothing inside does at once.
async fn give_up(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(req).now_or_never();
    response.unwrap_or_else(|| Err(actix_web::error::ErrorGatewayTimeout("too slow")))
}

#[test]
fn the_page_reads_that_its_request_timed_out_while_a_source_was_asked() {
    let server = serve!(
        App::new()
            .service(slow)
            .wrap(from_fn(give_up))
            .wrap(AppCors::new())
    );
    let lines = [format!("Origin: {APP}")];
    let res = server.send("GET /slow", &lines, "");
    assert_eq!((res.status, &*res.body), (504, "too slow"));
    let granted = [
        "access-control-allow-origin: https://app.example",
        "vary: origin",
    ];
    assert_eq!(res.cors(), granted);
}
