//! What whoever operates the server learns of a refusal.

mod support;

use std::fmt::{self, Write};
use std::sync::Mutex;

use actix_web::dev::RequestHead;
use actix_web::{get, put};
use cors_runtime::{Origin, OriginSource, SourceError, cors};
use support::Server;

/// The events, a line each: level, then fields in their order.
static EVENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

const NOT_ALLOWED: &str = "the policy does not allow this origin";

struct Events;

struct Line(String);

impl tracing::field::Visit for Line {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").expect("a string takes it");
    }
}

impl tracing::Subscriber for Events {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("cors_runtime")
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        EVENTS.lock().expect("no test panics with it").push(line.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

struct Fails;

impl OriginSource for Fails {
    fn allows(&self, origin: &Origin<'_>, _: &RequestHead) -> Result<bool, SourceError> {
        match origin.as_str() {
            "https://error.example" => Err("line\nbreak \u{1b}[31m".into()),
            "https://panic.example" => panic!("line\nbreak"),
            _ => Ok(false),
        }
    }
}

static FAILS: Fails = Fails;

#[cors(origins = ["https://app.example"], allow_headers = ["x-a"], enforce)]
#[put("/")]
async fn handler() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example", FAILS])]
#[get("/fails")]
async fn fails() -> &'static str {
    ""
}

#[test]
fn every_refusal_says_why_and_nothing_of_a_request_is_written_raw() {
    tracing::subscriber::set_global_default(Events).expect("no other subscriber in this process");
    let server = Server::start(|app| {
        app.service(handler).service(fails);
    });
    let long = format!("Origin: https://{}.example", "a".repeat(2000));
    let shown = format!("https://{}", "a".repeat(256 - "https://".len()));
    let preflight = |method: &str, headers: &str| {
        vec![
            b"Origin: https://app.example".to_vec(),
            format!("Access-Control-Request-Method: {method}").into_bytes(),
            format!("Access-Control-Request-Headers: {headers}").into_bytes(),
        ]
    };
    let origin = |line: &[u8]| vec![line.to_vec()];
    let refused = |origin: &str, method: &str, path: &str, reason: &str, sentence: &str| {
        vec![format!(
            "DEBUG message=no CORS grant: {sentence} origin={origin} method={method} path={path} reason={reason}"
        )]
    };
    for (start, headers, expected) in [
        ("PUT /", vec![], vec![]),
        ("PUT /", origin(b"Origin: https://app.example"), vec![]),
        ("PUT /", origin(b"Origin: https://evil.example"), refused("https://evil.example", "PUT", "/", "OriginNotAllowed", NOT_ALLOWED)),
        ("PUT /", origin(b"Origin: null"), refused("null", "PUT", "/", "OriginNotAllowed", NOT_ALLOWED)),
        (
            "PUT /",
            origin(b"Origin: https://app.example/"),
            refused("https://app.example/", "PUT", "/", "OriginNotAllowed malformed=it ends with a slash", NOT_ALLOWED),
        ),
        (
            "PUT /",
            origin(b"Origin: \xff\t\xc3\xa4"),
            refused(r"\xff\t\xc3\xa4", "PUT", "/", "OriginNotAllowed malformed=it is not ASCII", NOT_ALLOWED),
        ),
        (
            "PUT /",
            origin(long.as_bytes()),
            refused(&shown, "PUT", "/", "OriginNotAllowed malformed=its host has over 253 characters", NOT_ALLOWED),
        ),
        (
            "PUT /",
            vec![b"Origin: https://app.example".to_vec(), b"Origin: https://evil.example".to_vec()],
            refused("https://app.example", "PUT", "/", "RepeatedOrigin", "the request has several `Origin` lines"),
        ),
        (
            "OPTIONS /",
            preflight("PUT", "x-b"),
            refused("https://app.example", "OPTIONS", "/", "HeaderNotAllowed", "the policy does not allow one of these request headers"),
        ),
        (
            "OPTIONS /",
            preflight("PUT", "x-a, \u{e4}"),
            refused("https://app.example", "OPTIONS", "/", "MalformedHeaders", "one of the request headers asked for is not a header name"),
        ),
        (
            "OPTIONS /",
            preflight("PUT", &",".repeat(16 * 1024 + 1)),
            refused("https://app.example", "OPTIONS", "/", "HeadersTooLong", "the list of request headers is too long"),
        ),
        (
            "GET /fails",
            origin(b"Origin: https://error.example"),
            [
                vec![r#"ERROR message=an origin source failed, which denies source="FAILS" error=line\nbreak \u{1b}[31m"#.to_owned()],
                refused("https://error.example", "GET", "/fails", "OriginNotAllowed", NOT_ALLOWED),
            ]
            .concat(),
        ),
        (
            "GET /fails",
            origin(b"Origin: https://panic.example"),
            [
                vec![r#"ERROR message=an origin source panicked, which denies source="FAILS" panic=line\nbreak"#.to_owned()],
                refused("https://panic.example", "GET", "/fails", "OriginNotAllowed", NOT_ALLOWED),
            ]
            .concat(),
        ),
    ] {
        EVENTS.lock().expect("no test panics with it").clear();
        server.send(start, &headers, "");
        let found = std::mem::take(&mut *EVENTS.lock().expect("no test panics with it"));
        assert_eq!(found, expected, "{start} {:?}", headers.iter().map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>());
    }
}
