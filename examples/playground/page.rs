//! The page, and the frames that call from other origins.

use actix_web::{HttpResponse, Responder, get, web};
use serde_json::{Value, json};

use crate::{handlers, record};

/// Where the other servers are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) callers: u16,
    pub(crate) api: u16,
    pub(crate) cache: u16,
}

const HTML: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/playground.js");
const FRAME: &str = include_str!("page/frame.html");

/// What the compiler says of the unsafe variant of each question, as its test has it.
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

/// The page with what it has to know in it.
pub(crate) struct Page(String);

pub(crate) fn render(ports: Ports) -> Page {
    let messages = MESSAGES.map(|(question, message)| (question.to_owned(), first(message).into()));
    let data = json!({
        "app": format!("http://app.shop.localhost:{}", ports.callers),
        "stranger": format!("http://stranger.shop.localhost:{}", ports.callers),
        "api": format!("http://api.shop.localhost:{}", ports.api),
        "cache": format!("http://cache.shop.localhost:{}", ports.cache),
        "handlers": sources(),
        "messages": serde_json::Map::from_iter(messages),
    });
    // In a script, only `</` could end the data.
    Page(HTML.replace("{data}", &data.to_string().replace("</", "<\\/")))
}

/// The first of the messages in a file of the compiler's words.
fn first(messages: &str) -> &str {
    messages.split("\n\n").next().unwrap_or(messages).trim_end()
}

/// The handlers that the page calls, with their source: from the comment above the attribute to the end of the function.
fn sources() -> Vec<Value> {
    let calls = [
        ("weather", "GET", "/weather", false),
        ("profile", "GET", "/profile", false),
        ("rename", "PUT", "/profile", true),
        ("transfer", "POST", "/transfer", false),
        ("echo", "GET", "/echo", false),
    ];
    let blocks: Vec<_> = handlers::SOURCE
        .split("\n\n")
        .filter(|block| block.contains("#[cors("))
        .collect();
    calls
        .into_iter()
        .filter_map(|(name, method, path, json)| {
            let source = blocks.iter().find(|block| block.contains(&format!("async fn {name}(")))?;
            let (about, source) = source.split_once('\n')?;
            let about = about.trim_start_matches("// ");
            Some(json!({ "name": name, "method": method, "path": path, "json": json, "about": about, "source": source }))
        })
        .collect()
}

#[get("/")]
async fn index(page: web::Data<Page>) -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(page.0.clone())
}

#[get("/style.css")]
async fn style() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(STYLE)
}

#[get("/playground.js")]
async fn script() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .body(SCRIPT)
}

/// What the server of the handlers saw of one call.
#[get("/records/{id}")]
async fn records(id: web::Path<String>) -> impl Responder {
    web::Json(record::of(&id))
}

#[get("/frame")]
async fn frame() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(FRAME)
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(index)
        .service(style)
        .service(script)
        .service(records);
}

pub(crate) fn configure_caller(app: &mut web::ServiceConfig) {
    app.service(frame);
}
