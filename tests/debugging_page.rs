//! The commonest mistakes: what the log says of each, and what `curl` shows, as the page on
//! debugging quotes them.

mod support;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use actix_web::cookie::Cookie;
use actix_web::guard::GuardContext;
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::{App, HttpResponse, get, patch, post, put, web};
use cors_runtime::{AppCors, cors};
use support::{Server, authenticate, serve};

const PAGE: &str = include_str!("../cors-runtime/src/docs/debugging.md");

/// The log as `env_logger` prints it: the level, the sentence, the fields.
static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Lines;

impl log::Log for Lines {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("cors_runtime")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = format!("{} {}", record.level(), record.args());
            LINES.lock().expect("no test panics with it").push(line);
        }
    }

    fn flush(&self) {}
}

#[cors(origins = ["https://app.example.com"])]
#[get("/me")]
async fn read_me() -> &'static str {
    "you"
}

#[cors(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[put("/me")]
async fn write_me() -> &'static str {
    "written"
}

#[cors(origins = ["http://localhost:3000"])]
#[get("/drafts")]
async fn read_drafts() -> &'static str {
    "drafts"
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[post("/login")]
async fn log_in() -> HttpResponse {
    let session = Cookie::new("session", "secret");
    HttpResponse::Ok().cookie(session).finish()
}

#[cors(origins = ["https://app.example.com"])]
#[get("/account")]
async fn read_account() -> &'static str {
    "account"
}

#[cors(origins = ["*"], allow_headers = ["*"])]
#[get("/items")]
async fn read_items() -> &'static str {
    "items"
}

#[cors(origins = ["https://app.example.com"])]
#[patch("/title")]
async fn write_title() -> &'static str {
    "written"
}

#[cors(origins = ["https://app.example.com"], allow_headers = ["x-version"])]
#[put("/versions", guard = "has_version")]
async fn write_version() -> &'static str {
    "written"
}

#[cors(origins = ["https://app.example.com"])]
#[get("/panic")]
async fn panics() -> &'static str {
    panic!("this handler always does");
}

fn has_version(ctx: &GuardContext<'_>) -> bool {
    ctx.head().headers().contains_key("x-version")
}

fn configure(app: &mut web::ServiceConfig) {
    let account = web::scope("/private")
        .wrap(from_fn(authenticate))
        .service(read_account);
    app.service(read_me)
        .service(write_me)
        .service(read_drafts)
        .service(log_in)
        .service(read_items)
        .service(write_version)
        .service(write_title)
        .service(panics)
        .service(account);
}

/// A request that finds a mistake, and what comes of it.
struct Row {
    /// The section of the page.
    cause: &'static str,
    /// An `AppCors` is around the app.
    is_covered: bool,
    start: &'static str,
    headers: Vec<&'static str>,
    status: u16,
    /// The line in the log.
    log: Option<&'static str>,
    /// The advice in the body.
    advice: Option<&'static str>,
}

const ORIGIN: &str = "The origin is not listed";
const HEADER: &str = "A header is not listed";
const METHOD: &str = "No handler has the method";
const CREDENTIALS: &str = "The policy lacks credentials";
const COOKIE: &str = "The cookie stays on its site";
const AUTHENTICATION: &str = "Authentication responds first";
const REDIRECT: &str = "The response is a redirect";
const WILDCARD: &str = "The wildcard does not cover authorization";
const GUARD: &str = "A guard needs a header";
const PANIC: &str = "The handler panics";
const PROXY: &str = "A proxy adds the header too";
const CACHE: &str = "A cache ignores Vary";

const APP: &str = "Origin: https://app.example.com";
const ASKS_PUT: &str = "Access-Control-Request-Method: PUT";
const ASKS_DELETE: &str = "Access-Control-Request-Method: DELETE";
const ASKS_GET: &str = "Access-Control-Request-Method: GET";

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let row = |cause, start, headers: &[&'static str], status, log, advice| Row {
        cause,
        is_covered: false,
        start,
        headers: headers.to_vec(),
        status,
        log,
        advice,
    };
    let covered = |row| Row {
        is_covered: true,
        ..row
    };
    vec![
        row(ORIGIN, "GET /me", &["Origin: http://app.example.com"], 200, Some("the policy of `read_me` does not allow the origin `http://app.example.com`: `https://app.example.com` is listed, which has another scheme"), None),
        row(ORIGIN, "GET /me", &["Origin: https://app.example.com:8443"], 200, Some("`https://app.example.com` is listed, which has another port"), None),
        row(ORIGIN, "GET /drafts", &["Origin: http://127.0.0.1:3000"], 200, Some("`http://localhost:3000` is listed, and `localhost` and `127.0.0.1` are two origins"), None),
        row(ORIGIN, "GET /me", &["Origin: https://app.example.com/"], 200, Some("no browser sends this: it ends with a slash"), None),
        row(ORIGIN, "OPTIONS /me", &["Origin: http://app.example.com", ASKS_PUT], 403, Some("the policy of `write_me` does not allow the origin"), Some(r#"add `"http://app.example.com"` to `origins`, if you trust it"#)),
        row(HEADER, "OPTIONS /me", &[APP, ASKS_PUT, "Access-Control-Request-Headers: x-token"], 204, Some("the policy of `write_me` does not allow the header `x-token`"), None),
        row(METHOD, "OPTIONS /me", &[APP, ASKS_DELETE], 404, None, None),
        covered(row(METHOD, "OPTIONS /me", &[APP, ASKS_DELETE], 204, Some("`read_me` does not have the method `DELETE`"), None)),
        row(METHOD, "OPTIONS /versions", &[APP, ASKS_GET], 404, None, None),
        covered(row(METHOD, "OPTIONS /versions", &[APP, ASKS_GET], 403, Some("`write_version` does not have the method `GET`"), Some("#[cors(…)] #[get(…)] on a handler of this path"))),
        row(METHOD, "OPTIONS /title", &[APP, "Access-Control-Request-Method: patch"], 204, Some("the page must write `PATCH`"), None),
        row(CREDENTIALS, "GET /me", &[APP, "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: cross-site"], 200, None, None),
        row(CREDENTIALS, "GET /me", &[APP, "Cookie: session=1", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: cross-site"], 200, Some("the policy of `read_me` has no `credentials`"), None),
        row(CREDENTIALS, "GET /items", &[APP, "Cookie: session=1", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: same-site"], 200, Some("the policy of `read_items` has no `credentials`"), None),
        row(COOKIE, "POST /login", &[APP, "Sec-Fetch-Site: cross-site"], 200, Some("a page on another site will never send this cookie back"), None),
        row(AUTHENTICATION, "GET /private/account", &[APP], 401, None, None),
        row(AUTHENTICATION, "OPTIONS /private/account", &[APP, ASKS_GET], 401, None, None),
        covered(row(AUTHENTICATION, "GET /private/account", &[APP], 401, None, None)),
        covered(row(AUTHENTICATION, "OPTIONS /private/account", &[APP, ASKS_GET], 204, None, None)),
        row(REDIRECT, "GET /me", &["Origin: null"], 200, Some("some redirects send `null`"), None),
        row(WILDCARD, "OPTIONS /items", &[APP, ASKS_GET, "Access-Control-Request-Headers: authorization"], 204, Some("the policy of `read_items` does not allow the header `authorization`"), None),
        row(GUARD, "OPTIONS /versions", &[APP, ASKS_PUT, "Access-Control-Request-Headers: x-version"], 404, None, None),
        covered(row(GUARD, "OPTIONS /versions", &[APP, ASKS_PUT, "Access-Control-Request-Headers: x-version"], 204, None, None)),
        // The response has one header. The proxy comes later.
        row(PROXY, "GET /me", &[APP], 200, None, None),
        row(CACHE, "GET /me", &[APP], 200, None, None),
    ]
}

fn take_lines() -> Vec<String> {
    std::mem::take(&mut *LINES.lock().expect("no test panics with it"))
}

#[test]
fn what_the_page_on_debugging_quotes_is_true() {
    log::set_logger(&Lines).expect("no other logger in this process");
    log::set_max_level(log::LevelFilter::Debug);
    let bare = Server::start(configure);
    let with_app_cors = serve!(
        App::new()
            .configure(configure)
            .wrap(NormalizePath::trim())
            .wrap(AppCors::new())
    );
    cors_runtime::explain(true);
    let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows() {
        let what = format!("{}: {} {:?}", row.cause, row.start, row.headers);
        let server = if row.is_covered {
            &with_app_cors
        } else {
            &bare
        };
        let res = server.send(row.start, &row.headers, "");
        assert_eq!(res.status, row.status, "{what}");

        let mut lines = take_lines();
        lines.retain(|line| !line.starts_with("INFO the CORS surface"));
        match row.log {
            None => assert_eq!(lines, [""; 0], "{what}"),
            Some(expected) => {
                let [line] = lines.as_slice() else {
                    panic!("{what}: {lines:?}");
                };
                assert!(line.starts_with("WARN "), "{what}: {line}");
                assert!(line.contains(expected), "{what}: {line}");
            }
        }
        if let Some(advice) = row.advice {
            assert_eq!(
                res.header("content-type"),
                Some("text/plain; charset=utf-8")
            );
            let advice = format!("\nadvice:  {advice}\n");
            assert!(res.body.contains(&advice), "{what}: {}", res.body);
        }
        let said = said.entry(row.cause).or_default();
        said.extend(lines.iter().map(|line| one_line(line)));
        said.push(one_line(&res.body));
    }
    assert_eq!(response_of_panic(&bare), "", "the connection closes");
    said.insert(PANIC, take_lines());
    check_page(&said);
}

/// The bytes that come back from a handler that panics.
fn response_of_panic(server: &Server) -> String {
    let mut stream = TcpStream::connect(server.addr).expect("the server listens");
    let request = format!(
        "GET /panic HTTP/1.1\r\nHost: {}\r\n{APP}\r\n\r\n",
        server.addr
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut response = String::new();
    // It may reset the connection.
    let _ = stream.read_to_string(&mut response);
    response
}

/// The page quotes only what was logged, and each mistake has a section with its line.
fn check_page(said: &BTreeMap<&str, Vec<String>>) {
    let (start, causes) = (PAGE.split_once("\n# The causes\n")).expect("the causes have a chapter");
    let sections: BTreeMap<_, _> = (causes.split("\n## ").skip(1))
        .filter_map(|section| section.split_once('\n'))
        .collect();
    assert!(
        sections.keys().eq(said.keys()),
        "{:?} and not {:?}",
        sections.keys(),
        said.keys()
    );
    for (cause, section) in sections {
        let logs: Vec<_> = said[cause].iter().filter(|line| is_log(line)).collect();
        let quotes: Vec<_> = (quotes(section).iter())
            .flat_map(|quote| quote.split("WARN ").skip(1))
            .map(|line| format!("WARN {}", line.trim_end()))
            .collect();
        for quote in &quotes {
            assert!(logs.contains(&quote), "{cause}: nothing says {quote}");
        }
        assert_eq!(quotes.is_empty(), logs.is_empty(), "{cause}: {logs:?}");
        let says_nothing = one_line(section).contains("the log says nothing");
        assert!(!quotes.is_empty() || says_nothing, "{cause}");
        let anchor = format!("](#{})", cause.to_lowercase().replace(' ', "-"));
        assert!(start.contains(&anchor), "no message leads to {anchor}");
    }
    let quotes = quotes(start);
    let [curl] = quotes.as_slice() else {
        panic!("{quotes:?}");
    };
    let (_, body) = curl.split_once(" CORS: ").expect("a body");
    let body = format!("CORS: {body}");
    let bodies = &said[ORIGIN];
    assert!(bodies.contains(&body), "no body is {body}");
}

fn is_log(text: &str) -> bool {
    text.starts_with("WARN ")
}

/// The blocks of plain text, each in one line.
fn quotes(section: &str) -> Vec<String> {
    (section.split("```text\n").skip(1))
        .filter_map(|rest| rest.split_once("\n```"))
        .map(|(block, _)| one_line(block))
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
