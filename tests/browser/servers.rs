//! The servers that the browser talks to: pages on two origins, and handlers on a third.

use std::collections::BTreeMap;
use std::sync::Mutex;

use actix_web::cookie::Cookie;
use actix_web::dev::Service;
use actix_web::http::StatusCode;
use actix_web::{
    App, HttpRequest, HttpResponse, HttpResponseBuilder, Responder, error, get, patch, post, put,
    web,
};
use cors_runtime::{Allowlist, cors};

use crate::extension;
use crate::mistakes;
use crate::recorder::recorder;
use crate::shared_path;
use crate::support::{Server, serve};

/// The page on `localhost`, by its port.
pub(crate) static APP: Allowlist = Allowlist::new();
/// The page on `127.0.0.1`, by its port.
pub(crate) static STRANGER: Allowlist = Allowlist::new();
/// The pages on `localhost` and `127.0.0.1`, by their ports.
pub(crate) static BOTH: Allowlist = Allowlist::new();

/// How often each method and path was asked for.
static COUNTS: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// How often `what`, a method and a path, was asked for.
pub(crate) fn count(what: &str) -> usize {
    let counts = COUNTS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    counts.get(what).copied().unwrap_or_default()
}

pub(crate) fn add(what: String) {
    let mut counts = COUNTS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    *counts.entry(what).or_default() += 1;
}

/// The response of most handlers, with headers that script may or may not see.
fn ok(body: &'static str) -> HttpResponseBuilder {
    let mut res = HttpResponse::Ok();
    res.insert_header(("x-total", "3"))
        .insert_header(("x-secret", "4"))
        .insert_header(("x-body", body))
        .insert_header(("cache-control", "no-store"));
    res
}

#[cors(origins = ["*"], expose_headers = ["x-total"])]
#[get("/public")]
async fn public() -> impl Responder {
    ok("public").body("public")
}

#[cors(origins = ["*"], expose_headers = ["*"], allow_headers = ["*"])]
#[put("/wild")]
async fn wild() -> impl Responder {
    ok("wild").body("wild")
}

#[cors(origins = [APP], credentials, expose_headers = ["x-total"])]
#[get("/me")]
async fn read_me(req: HttpRequest) -> impl Responder {
    let cookies = req.cookie("user").map(|cookie| cookie.value().to_owned());
    ok("me").body(cookies.unwrap_or("nobody".to_owned()))
}

#[cors(origins = ["http://127.0.0.1:*"], allow_headers = ["content-type"], max_age = 0)]
#[put("/me")]
async fn write_me() -> impl Responder {
    ok("written").body("written")
}

#[cors(origins = [APP], allow_headers = ["x-a", "authorization"], max_age = 0)]
#[patch("/headers")]
async fn headers() -> impl Responder {
    ok("headers").body("headers")
}

#[cors(origins = [APP], max_age = 600)]
#[put("/remembered")]
async fn remembered() -> &'static str {
    "remembered"
}

#[cors(origins = [APP], max_age = 0)]
#[put("/forgotten")]
async fn forgotten() -> &'static str {
    "forgotten"
}

#[cors(origins = [APP])]
#[get("/extractor")]
async fn extractor(_: web::Query<(u8, u8)>) -> &'static str {
    ""
}

#[cors(origins = [APP])]
#[get("/teapot")]
async fn teapot() -> actix_web::Result<&'static str> {
    Err(error::InternalError::new("short and stout", StatusCode::IM_A_TEAPOT).into())
}

fn signed_in(user: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .cookie(Cookie::build("user", user).path("/").finish())
        .body("signed in")
}

#[cors(origins = [APP], credentials)]
#[post("/sign-in")]
async fn sign_in() -> impl Responder {
    signed_in("ada")
}

#[cors(origins = [APP])]
#[post("/sign-in-without-credentials")]
async fn sign_in_without_credentials() -> impl Responder {
    signed_in("bob")
}

#[cors(origins = [APP], max_age = 0)]
#[put("/sign-in-without-credentials")]
async fn sign_in_without_credentials_by_put() -> impl Responder {
    signed_in("bob")
}

#[cors(origins = ["null"], danger(null_origin = "it is a test"))]
#[get("/null")]
async fn null() -> &'static str {
    "null"
}

#[cors(origins = [APP, "null"], danger(null_origin = "it is a test"))]
#[get("/redirect")]
async fn redirect(to: web::Query<BTreeMap<String, String>>) -> impl Responder {
    let to = to.get("to").cloned().unwrap_or_default();
    HttpResponse::Found()
        .insert_header(("location", to))
        .finish()
}

#[cors(origins = [APP])]
#[get("/image")]
async fn image() -> impl Responder {
    HttpResponse::Ok()
        .content_type("image/svg+xml")
        .body(r#"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"/>"#)
}

#[cors(origins = [APP])]
#[get("/font")]
async fn font() -> actix_web::Result<impl Responder> {
    let bytes = crate::world::font_file().and_then(|path| std::fs::read(path).ok());
    let bytes = bytes.ok_or_else(|| error::ErrorNotFound("no font"))?;
    Ok(HttpResponse::Ok().content_type("font/ttf").body(bytes))
}

#[cors(origins = [APP], enforce)]
#[post("/enforced")]
async fn enforced() -> &'static str {
    add("enforced ran".to_owned());
    "ran"
}

#[cors(origins = [BOTH], expose_headers = ["x-cache"])]
#[get("/cached")]
async fn cached() -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("cache-control", "max-age=600"))
        .body("cached")
}

/// The servers that run, and where.
pub(crate) struct Servers {
    pub(crate) api: Server,
    /// The page that the policies allow: on `localhost`.
    pub(crate) app: String,
    /// A page that they do not allow: on `127.0.0.1`.
    pub(crate) stranger: String,
    /// Where the handlers are.
    pub(crate) url: String,
    /// The same handlers on another origin.
    pub(crate) other: String,
    pub(crate) recorders: Recorders,
    _running: [Server; 2],
}

/// Servers that grant everything, and write down what arrives.
pub(crate) struct Recorders {
    /// Pages on `localhost`, and on `127.0.0.1`.
    pub(crate) app: String,
    pub(crate) stranger: String,
    /// Where requests go, on `localhost`, and where they are redirected to.
    pub(crate) url: String,
    pub(crate) other: String,
    _running: [Server; 3],
}

fn at(host: &str, server: &Server) -> String {
    format!("http://{host}:{}", server.addr.port())
}

impl Recorders {
    fn start() -> Self {
        let (pages, url, other) = (recorder(), recorder(), recorder());
        Self {
            app: at("localhost", &pages),
            stranger: at("127.0.0.1", &pages),
            url: at("localhost", &url),
            other: at("localhost", &other),
            _running: [pages, url, other],
        }
    }
}

impl Servers {
    pub(crate) fn start() -> Self {
        let (pages, api, other) = (pages(), api(), api());
        let (app, stranger) = (at("localhost", &pages), at("127.0.0.1", &pages));
        APP.set([&app]).expect("an origin");
        STRANGER.set([&stranger]).expect("a loopback origin");
        mistakes::miss(&app);
        BOTH.set([&app, &stranger]).expect("loopback origins");
        Self {
            app,
            stranger,
            url: at("localhost", &api),
            other: at("localhost", &other),
            api,
            recorders: Recorders::start(),
            _running: [pages, other],
        }
    }
}

/// A page to run script in.
async fn page() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body("<!doctype html><title>page</title><body>")
}

/// A worker that fetches what it is told to.
async fn worker() -> impl Responder {
    HttpResponse::Ok().content_type("text/javascript").body(
        "onmessage = async ({ data: [url, init] }) => {
             postMessage(await fetch(url, init).then(async res => [res.status, await res.text()], () => 'blocked'));
         };",
    )
}

/// A server of pages.
fn pages() -> Server {
    serve!(
        App::new()
            .route("/", web::get().to(page))
            .route("/worker.js", web::get().to(worker))
            .route("/mistakes", web::get().to(mistakes::page))
    )
}

/// The server of handlers, which has a page too.
fn api() -> Server {
    serve!(
        App::new()
            .wrap_fn(|req, service| {
                add(format!("{} {}", req.method(), req.path()));
                service.call(req)
            })
            .route("/", web::get().to(page))
            .configure(configure)
    )
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(public)
        .service(wild)
        .service(read_me)
        .service(write_me)
        .service(headers)
        .service(remembered)
        .service(forgotten)
        .service(extractor)
        .service(teapot)
        .service(sign_in)
        .service(sign_in_without_credentials)
        .service(sign_in_without_credentials_by_put)
        .service(null)
        .service(redirect)
        .service(image)
        .service(font)
        .service(enforced)
        .service(cached)
        .configure(extension::configure)
        .configure(shared_path::configure)
        .configure(mistakes::configure);
}
