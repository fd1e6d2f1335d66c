//! The commonest mistakes: handlers that have them, and requests of a page that find them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use actix_web::cookie::Cookie;
use actix_web::guard::GuardContext;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, Responder, get, put, web};
use cors_runtime::{Allowlist, AppCors, cors};

use crate::servers::{APP, STRANGER};
use crate::support::authenticate;

/// A page makes a request, and something is wrong.
pub(crate) struct Mistake {
    /// Its section in the documentation.
    pub(crate) cause: &'static str,
    pub(crate) page: Page,
    pub(crate) path: &'static str,
    /// The second argument of `fetch`.
    pub(crate) init: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    App,
    Stranger,
}
use Page::{App, Stranger};

const fn mistake(
    cause: &'static str,
    page: Page,
    path: &'static str,
    init: &'static str,
) -> Mistake {
    Mistake {
        cause,
        page,
        path,
        init,
    }
}

const PUT: &str = r#"{ "method": "PUT" }"#;
const INCLUDE: &str = r#"{ "credentials": "include" }"#;

/// Those on one page stand together, as a cache keeps what the first of them gets.
#[rustfmt::skip]
pub(crate) const MISTAKES: &[Mistake] = &[
    mistake("The origin is not listed", App, "/scheme", "{}"),
    mistake("The origin is not listed", App, "/port", "{}"),
    mistake("The origin is not listed", App, "/origin", PUT),
    mistake("A header is not listed", App, "/header", r#"{ "method": "PUT", "headers": { "x-token": "1" } }"#),
    mistake("A header is not listed", App, "/header", r#"{ "method": "PUT", "headers": { "content-type": "application/json" } }"#),
    mistake("No handler has the method", App, "/method", PUT),
    mistake("No handler has the method", App, "/covered/method", PUT),
    mistake("The policy lacks credentials", App, "/credentials", INCLUDE),
    mistake("The policy lacks credentials", App, "/credentials-for-anyone", INCLUDE),
    mistake("Authentication responds first", App, "/private/me", "{}"),
    mistake("Authentication responds first", App, "/private/me", r#"{ "headers": { "authorization": "Bearer x" } }"#),
    mistake("The response is a redirect", App, "/redirect", "{}"),
    mistake("The response is a redirect", App, "/moved", PUT),
    mistake("The wildcard does not cover authorization", App, "/wildcard", r#"{ "method": "PUT", "headers": { "authorization": "Bearer x" } }"#),
    mistake("A guard needs a header", App, "/guard", r#"{ "method": "PUT", "headers": { "x-version": "1" } }"#),
    mistake("The handler panics", App, "/panic", "{}"),
    mistake("A proxy adds the header too", App, "/twice", "{}"),
    // Not a mistake: it fills the cache.
    mistake(RIGHT, App, "/cache", "{}"),
    mistake("A cache ignores Vary", Stranger, "/cache", "{}"),
    mistake("The origin is not listed", Stranger, "/host", "{}"),
    mistake("The cookie stays on its site", Stranger, "/cookie", INCLUDE),
];

/// The cause of a request without a mistake, which has no section.
pub(crate) const RIGHT: &str = "";

/// The page on `localhost`, but with another scheme, and with another port.
static SCHEME: Allowlist = Allowlist::new();
static PORT: Allowlist = Allowlist::new();

/// Fills the lists that miss this page.
pub(crate) fn miss(page: &str) {
    let secure = page.replace("http:", "https:");
    SCHEME.set([secure]).expect("an origin");
    PORT.set(["http://localhost:1"]).expect("an origin");
}

#[cors(origins = [SCHEME])]
#[get("/scheme")]
async fn scheme() -> &'static str {
    "ok"
}

#[cors(origins = [PORT])]
#[get("/port")]
async fn port() -> &'static str {
    "ok"
}

#[cors(origins = [APP])]
#[get("/host")]
async fn host() -> &'static str {
    "ok"
}

#[cors(origins = [PORT])]
#[put("/origin")]
async fn origin() -> &'static str {
    "ok"
}

#[cors(origins = [APP])]
#[put("/header")]
async fn header() -> &'static str {
    "ok"
}

#[cors(origins = [APP])]
#[get("/method")]
async fn method() -> &'static str {
    "ok"
}

#[cors(origins = [APP])]
#[get("/credentials")]
async fn credentials() -> &'static str {
    "ok"
}

#[cors(origins = ["*"])]
#[get("/credentials-for-anyone")]
async fn credentials_for_anyone() -> &'static str {
    "ok"
}

#[cors(origins = [STRANGER], credentials)]
#[get("/cookie")]
async fn cookie() -> impl Responder {
    let cookie = Cookie::build("lost", "1").path("/mistakes/cookie").finish();
    HttpResponse::Ok().cookie(cookie).finish()
}

#[cors(origins = [APP], allow_headers = ["authorization"])]
#[get("/me")]
async fn private() -> &'static str {
    "ok"
}

#[cors(origins = [APP])]
#[get("/redirect")]
async fn redirect(req: HttpRequest) -> impl Responder {
    // From `localhost` to another origin, whose handler allows the page.
    let other = req
        .connection_info()
        .host()
        .replace("localhost", "127.0.0.1");
    HttpResponse::Found()
        .insert_header(("location", format!("http://{other}/mistakes/redirected")))
        .finish()
}

#[cors(origins = [APP])]
#[get("/redirected")]
async fn redirected() -> &'static str {
    "ok"
}

/// Redirects preflights too, as what adds or removes a slash before any handler is reached.
async fn moved() -> impl Responder {
    HttpResponse::PermanentRedirect()
        .insert_header(("location", "/mistakes/header"))
        .finish()
}

#[cors(origins = ["*"], allow_headers = ["*"])]
#[put("/wildcard")]
async fn wildcard() -> &'static str {
    "ok"
}

#[cors(origins = [APP], allow_headers = ["x-version"])]
#[put("/guard", guard = "is_versioned")]
async fn guarded() -> &'static str {
    "ok"
}

fn is_versioned(ctx: &GuardContext<'_>) -> bool {
    ctx.head().headers().contains_key("x-version")
}

#[cors(origins = [APP])]
#[get("/panic")]
async fn panics() -> &'static str {
    panic!("this handler always does");
}

/// Responds as a proxy that adds the header to a response that has it.
async fn twice(req: HttpRequest) -> impl Responder {
    let page = req.headers().get("origin").expect("a page asks");
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", page))
        .append_header(("access-control-allow-origin", "*"))
        .body("ok")
}

/// Responds as a cache that keeps one response for a URL, whatever `Vary` says.
async fn cache(req: HttpRequest) -> impl Responder {
    static KEPT: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let asking = req
        .headers()
        .get("origin")
        .and_then(|value| value.to_str().ok());
    let asking = asking.unwrap_or_default().to_owned();
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.entry(req.uri().to_string()).or_insert(asking);
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", kept.as_str()))
        .insert_header(("cache-control", "no-store"))
        .body("ok")
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    let private_scope = web::scope("/private")
        .wrap(from_fn(authenticate))
        .service(private);
    let covered = web::scope("/covered").wrap(AppCors::new()).service(method);
    app.service(
        web::scope("/mistakes")
            .service(covered)
            .service(scheme)
            .service(port)
            .service(host)
            .service(origin)
            .service(header)
            .service(method)
            .service(credentials)
            .service(credentials_for_anyone)
            .service(cookie)
            .service(private_scope)
            .service(redirect)
            .service(redirected)
            .service(wildcard)
            .service(guarded)
            .service(panics)
            .route("/twice", web::get().to(twice))
            .route("/moved", web::to(moved))
            .route("/cache", web::get().to(cache)),
    );
}

/// Messages that [`page`] writes to the console after each request, and after the last.
pub(crate) const NEXT: &str = "<<next>>";
pub(crate) const END: &str = "<<end>>";

/// A page that makes the requests in its fragment, and throws an error after each.
pub(crate) async fn page() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(format!(
            "<!doctype html><title>page</title><link rel=icon href='data:,'><script type=module>
            const mark = text => new Promise(done => setTimeout(() => {{
                setTimeout(done);
                throw new Error(text);
            }}));
            for (const [url, init] of JSON.parse(decodeURIComponent(location.hash.slice(1)))) {{
                await fetch(url, init).catch(() => {{}});
                await mark('{NEXT}');
            }}
            await mark('{END}');
            </script>"
        ))
}
