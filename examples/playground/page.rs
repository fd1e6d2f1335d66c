//! The page, and the frames that make calls from other origins.

use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, Responder, get, post, web};
use serde_json::{Map, Value, json};

use crate::{handlers, record};

/// The ports of the other servers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) callers: u16,
    pub(crate) api: u16,
    pub(crate) cache: u16,
}

/// The name under which the page works: its cookies and its frames count as one site with the
/// handlers.
const HOST: &str = "shop.localhost";

const HTML: &str = include_str!("page/index.html");
const DETOUR: &str = include_str!("page/detour.html");
const STYLE: &str = include_str!("page/style.css");
const FRAME: &str = include_str!("page/frame.html");

/// The modules of the page's script. It starts with `playground`.
const SCRIPTS: [(&str, &str); 5] = [
    ("elements", include_str!("page/elements.js")),
    ("calls", include_str!("page/calls.js")),
    ("handlers", include_str!("page/handlers.js")),
    ("questions", include_str!("page/questions.js")),
    ("playground", include_str!("page/playground.js")),
];

/// The compiler's message about the unsafe variant in each question. The tests of the messages
/// check these texts.
const MESSAGES: [(&str, &str); 5] = [
    (
        "credentials",
        include_str!("../../tests/ui/credentials/wildcard_with_credentials.stderr"),
    ),
    (
        "set-cookie",
        include_str!("../../tests/ui/warnings/session_without_credentials.stderr"),
    ),
    (
        "echo",
        include_str!("../../tests/ui/origins/missing_origins.stderr"),
    ),
    (
        "vary",
        include_str!("../../tests/ui/arguments/no_vary.stderr"),
    ),
    (
        "preflight",
        include_str!("../../tests/ui/warnings/json_without_content_type.stderr"),
    ),
];

/// The handlers in the table: name, method, path, whether it takes JSON, and what script should
/// get. That is for the app with `omit` and with `include`, then for the stranger.
const CALLS: [(&str, &str, &str, bool, [&str; 4]); 5] = [
    (
        "weather",
        "GET",
        "/weather",
        false,
        ["read", "blocked", "read", "blocked"],
    ),
    (
        "profile",
        "GET",
        "/profile",
        false,
        ["read", "read", "blocked", "blocked"],
    ),
    (
        "rename",
        "PUT",
        "/profile",
        true,
        ["read", "blocked", "blocked", "blocked"],
    ),
    (
        "transfer",
        "POST",
        "/transfer",
        false,
        ["read", "read", "blocked", "blocked"],
    ),
    // The stranger reads what the browser sends the cookie for: that is the leak.
    (
        "echo",
        "GET",
        "/echo",
        false,
        ["read", "read", "read", "leak"],
    ),
];

/// The page with its data filled in.
pub(crate) struct Page(String);

pub(crate) fn render(ports: Ports) -> Page {
    let messages = MESSAGES.map(|(question, message)| (question.to_owned(), first(message).into()));
    let at = |name: &str, port| format!("http://{name}.localhost:{port}");
    let calls: Vec<_> = CALLS
        .iter()
        .map(|(name, method, path, json, expected)| {
            json!({ "name": name, "method": method, "path": path, "json": json, "expected": expected })
        })
        .collect();
    let data = json!({
        "app": at("app.shop", ports.callers),
        "stranger": at("stranger.shop", ports.callers),
        "elsewhere": at("elsewhere", ports.callers),
        "api": at("api.shop", ports.api),
        "cache": at("cache.shop", ports.cache),
        "handlers": calls,
        "sources": sources(),
        "messages": Map::from_iter(messages),
    });
    // In a script element, only `</` could end the data early.
    Page(HTML.replace("{data}", &data.to_string().replace("</", "<\\/")))
}

/// The first message in a file of messages. The test of a warning makes it an error, to stop the
/// build; users get a warning.
fn first(messages: &str) -> String {
    let message = messages.split("\n\n").next().unwrap_or(messages);
    let message = message.split("\nnote: the lint level").next();
    let message = message
        .unwrap_or_default()
        .trim_end_matches(['|', ' ', '\n']);
    message.replacen("error: use of deprecated", "warning: use of deprecated", 1)
}

/// The handlers by name. Each has its source, from the comment above the attribute to the end of
/// the function.
fn sources() -> Map<String, Value> {
    let blocks = handlers::SOURCE.split("\n\n").filter_map(|block| {
        let (about, source) = block.strip_prefix("// ")?.split_once('\n')?;
        let (_, after) = source.split_once("async fn ")?;
        let (name, _) = after.split_once('(')?;
        Some((name.to_owned(), json!({ "about": about, "source": source })))
    });
    blocks.collect()
}

/// The page, or a page that leads to it: under another name, the browser would take the handlers
/// for another site.
#[get("/")]
async fn index(req: HttpRequest, page: web::Data<Page>) -> impl Responder {
    let host = req
        .headers()
        .get("host")
        .and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default();
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let html = if name.eq_ignore_ascii_case(HOST) {
        page.0.clone()
    } else {
        DETOUR.to_owned()
    };
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .body(html)
}

#[get("/style.css")]
async fn style() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(STYLE)
}

#[get("/{name}.js")]
async fn script(name: web::Path<String>) -> HttpResponse {
    match SCRIPTS.iter().find(|(other, _)| *other == *name) {
        Some((_, text)) => HttpResponse::Ok()
            .content_type("text/javascript; charset=utf-8")
            .body(*text),
        None => HttpResponse::NotFound().finish(),
    }
}

/// The requests that one call made, as the servers saw them.
#[get("/records/{id}")]
async fn records(id: web::Path<String>) -> impl Responder {
    web::Json(record::of(&id))
}

/// Switches explanations of refusals `on` or `off`.
#[post("/explain/{how}")]
async fn explain(how: web::Path<String>) -> impl Responder {
    cors_runtime::explain(*how == "on");
    HttpResponse::NoContent()
}

#[get("/frame")]
async fn frame() -> impl Responder {
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .body(FRAME)
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(index)
        .service(style)
        .service(script)
        .service(records)
        .service(explain);
}

pub(crate) fn configure_caller(app: &mut web::ServiceConfig) {
    app.service(frame);
}
