//! The README: its whole app, and its recipe for files.

use actix_files::Files;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::{App, Result, error, get, web};
use cors_runtime::{AppCors, Policy, cors, policy};

use crate::support::serve;

static APP: Policy = policy!(
    origins = ["https://app.example.com"],
    dev_origins = ["http://localhost:5173"], // not in a release build
    credentials,
    allow_headers = ["content-type"],
    max_age = 600
);

#[cors(origins = ["*"])] // an exception: any page may read it, without cookies
#[get("/health")]
async fn health() -> &'static str {
    "up"
}

async fn notes() -> &'static str {
    "milk, tea"
}

async fn require_session(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>> {
    if request.path() == "/health" || request.cookie("session").is_some() {
        next.call(request).await
    } else {
        Err(error::ErrorUnauthorized("log in first"))
    }
}

/// The tests of this file run what the README shows.
#[test]
fn the_readme_shows_this_app() {
    let readme = include_str!("../../../README.md");
    let from = readme.split("static APP: Policy").nth(1).expect("the app");
    let until = from.split("    .bind(").next().expect("all of it");
    let mut here = include_str!("readme.rs").lines().map(str::trim);
    for line in until.lines().skip(1).map(str::trim) {
        let is_start = ["main", "HttpServer", "})"]
            .iter()
            .any(|part| line.contains(part));
        assert!(is_start || here.any(|other| other == line), "{line}");
    }
}

#[test]
fn a_default_an_exception_and_a_login_in_the_order_of_the_readme() {
    const ORIGIN: &str = "https://app.example.com";
    const SESSION: &str = "Cookie: session=a";
    const NONE: &str = "X-Other: a";
    let server = serve!(
        App::new()
            .service(health)
            .route("/notes", web::get().to(notes)) // no attribute: `APP` covers it
            .wrap(from_fn(require_session)) // sees no preflights; script can read its 401
            .wrap(AppCors::new().otherwise(&APP))
            .wrap(NormalizePath::trim()) // rewrites paths: around `AppCors`
    );
    for (path, origin, line, status, allowed) in [
        ("/notes", ORIGIN, SESSION, 200, Some(ORIGIN)),
        ("/notes/", ORIGIN, SESSION, 200, Some(ORIGIN)),
        ("/notes", ORIGIN, NONE, 401, Some(ORIGIN)),
        ("/notes", "https://evil.example", SESSION, 200, None),
        ("/none", ORIGIN, SESSION, 404, Some(ORIGIN)),
        ("/health", "https://evil.example", NONE, 200, Some("*")),
    ] {
        let lines = [format!("Origin: {origin}"), line.to_owned()];
        let response = server.send(&format!("GET {path}"), &lines, "");
        let found = response.header("access-control-allow-origin");
        assert_eq!(
            (response.status, found),
            (status, allowed),
            "{path} {origin}"
        );
    }
    for (path, origin, status) in [
        ("/notes", ORIGIN, 204),
        ("/notes/", ORIGIN, 204),
        ("/notes", "https://evil.example", 403),
        ("/health", "https://evil.example", 204),
    ] {
        assert_eq!(
            server.preflight(path, origin, "GET", "").status,
            status,
            "{path} {origin}"
        );
    }
}

/// The default of a scope covers its files, and nothing outside.
#[test]
fn anyone_may_read_the_files_and_nothing_else() {
    static FONTS: Policy = policy!(origins = ["*"]);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/app/public");
    let server = serve!(
        App::new()
            .service(
                web::scope("/fonts")
                    .service(Files::new("/", folder))
                    .wrap(AppCors::new().otherwise(&FONTS).only(&["GET"])),
            )
            .route("/notes", web::get().to(notes))
    );
    for (path, status, allowed) in [
        ("/fonts/logo.svg", 200, Some("*")),
        ("/fonts/none", 404, Some("*")),
        ("/notes", 200, None),
    ] {
        let response = server.send(&format!("GET {path}"), &["Origin: https://a.example"], "");
        let found = response.header("access-control-allow-origin");
        assert_eq!((response.status, found), (status, allowed), "{path}");
    }
    for (path, method, status) in [
        ("/fonts/logo.svg", "GET", 204),
        ("/fonts/logo.svg", "HEAD", 204),
        ("/fonts/logo.svg", "PUT", 403),
        ("/notes", "GET", 404),
    ] {
        let response = server.preflight(path, "https://a.example", method, "");
        assert_eq!(response.status, status, "{method} {path}");
    }
}
