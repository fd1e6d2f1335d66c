//! The log tells an operator about refusals.

use std::time::Duration;

use actix_web::{get, put};
use cors_runtime::{AsyncOriginSource, Origin, OriginSource, SourceError, Target, cors};

use crate::support::Server;
use crate::support::events::Log;

const NOT_ALLOWED: &str = "the policy does not allow this origin";
const SOURCE_FAILED: &str = "a source of origins failed, so the origin is not allowed";

struct Fails;

impl OriginSource for Fails {
    fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
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

/// Blocks its thread for longer than its limit.
struct Late;

impl AsyncOriginSource for Late {
    async fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        std::thread::sleep(self.time_limit() * 50);
        Ok(true)
    }

    fn time_limit(&self) -> Duration {
        Duration::from_millis(1)
    }
}

static LATE: Late = Late;

#[cors(origins = ["https://app.example", LATE])]
#[get("/late")]
async fn late() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example"])]
#[get("/long/{tail}")]
async fn long_path() -> &'static str {
    ""
}

const APP: &[u8] = b"Origin: https://app.example";
const CROSS: &[u8] = b"Sec-Fetch-Site: cross-site";
const JSON: &[u8] = b"Content-Type: application/json";

#[test]
#[allow(clippy::too_many_lines)] // a table
fn every_refusal_says_why_and_nothing_of_a_request_is_written_raw() {
    let events = Log::open(|_| true);
    let server = Server::start(|app| {
        app.service(handler)
            .service(fails)
            .service(late)
            .service(long_path);
    });
    let long = format!("Origin: https://{}.example", "a".repeat(2000));
    let shown = format!("https://{}…", "a".repeat(256 - "https://".len()));
    let preflight = |method: &str, headers: &str| {
        vec![
            b"Origin: https://app.example".to_vec(),
            format!("Access-Control-Request-Method: {method}").into_bytes(),
            format!("Access-Control-Request-Headers: {headers}").into_bytes(),
        ]
    };
    let origin = |line: &[u8]| vec![line.to_vec()];
    let fails_preflight = |why: &str| {
        format!(
            "this needs a preflight, which would have failed: {why}; perhaps the preflight of another handler on this \
             path let it through"
        )
    };
    let refused = |origin: &str, method: &str, path: &str, reason: &str, sentence: &str| {
        let (method, preflight) = match method.strip_prefix("OPTIONS for ") {
            Some(method) => (method, true),
            None => (method, false),
        };
        let happened = if preflight {
            "the preflight was refused"
        } else if path == "/" || reason.ends_with("FailsPreflight") {
            "403, the handler did not run"
        } else {
            "the handler ran, and the page cannot read its response"
        };
        let by = match path {
            "/" => "handler",
            "/fails" => "fails",
            "/late" => "late",
            _ => "long_path",
        };
        let sentence = if sentence == NOT_ALLOWED {
            let plain = !origin.contains('\\');
            let origin = if plain {
                format!("`{origin}`")
            } else {
                format!("\"{origin}\"")
            };
            format!("the policy of `{by}` does not allow the origin {origin}")
        } else {
            sentence.to_owned()
        };
        vec![format!(
            "DEBUG message={happened}: {sentence} origin=\"{origin}\" method=\"{method}\" preflight={preflight} path=\"{path}\" handler={by:?} reason={reason}"
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
            &*format!("GET /long/{}%0a", "a".repeat(2000)),
            origin(b"Origin: https://evil.example"),
            refused("https://evil.example", "GET", &format!("/long/{}…", "a".repeat(256 - "/long/".len())), "OriginNotAllowed", NOT_ALLOWED),
        ),
        (
            "OPTIONS /",
            preflight("PUT", "x-b"),
            refused("https://app.example", "OPTIONS for PUT", "/", "HeaderNotAllowed", "the policy of `handler` does not allow the header `x-b`"),
        ),
        (
            "OPTIONS /",
            preflight("PUT", "x-a, \u{e4}"),
            refused("https://app.example", "OPTIONS for PUT", "/", "MalformedHeaders", "`Access-Control-Request-Headers` contains something that is not a header name"),
        ),
        (
            "OPTIONS /",
            preflight("PUT", &",".repeat(16 * 1024 + 1)),
            refused("https://app.example", "OPTIONS for PUT", "/", "HeadersTooLong", "`Access-Control-Request-Headers` is too long"),
        ),
        (
            "PUT /",
            origin(CROSS),
            refused("", "PUT", "/", "OriginMissing", "the request comes from a page of another origin, and has no `Origin`"),
        ),
        (
            "PUT /",
            vec![APP.to_vec(), CROSS.to_vec(), JSON.to_vec()],
            refused("https://app.example", "PUT", "/", "ContentTypeFailsPreflight", &fails_preflight("the policy of `handler` does not allow the header `content-type`")),
        ),
        (
            "PUT /",
            vec![APP.to_vec(), CROSS.to_vec(), b"Cookie: a=b".to_vec()],
            refused("https://app.example", "PUT", "/", "CredentialsFailPreflight", &fails_preflight("it has cookies, and the policy of `handler` has no `credentials`")),
        ),
        (
            "GET /fails",
            vec![b"Origin: null".to_vec(), CROSS.to_vec(), JSON.to_vec()],
            refused("null", "GET", "/fails", "OriginFailsPreflight", &fails_preflight("the policy of `fails` does not allow the origin `null`")),
        ),
        (
            "GET /fails",
            vec![CROSS.to_vec(), JSON.to_vec()],
            refused("", "GET", "/fails", "OriginFailsPreflight", &fails_preflight("the request has no `Origin`")),
        ),
        (
            "GET /fails",
            origin(b"Origin: https://error.example"),
            [
                vec![r#"ERROR message=an origin source failed, so the origin is not allowed source="FAILS" failure=line\nbreak \u{1b}[31m"#.to_owned()],
                refused("https://error.example", "GET", "/fails", "SourceFailed", SOURCE_FAILED),
            ]
            .concat(),
        ),
        (
            "GET /fails",
            origin(b"Origin: https://panic.example"),
            [
                vec![r#"ERROR message=an origin source failed, so the origin is not allowed source="FAILS" failure=it panicked: line\nbreak"#.to_owned()],
                refused("https://panic.example", "GET", "/fails", "SourceFailed", SOURCE_FAILED),
            ]
            .concat(),
        ),
        (
            "GET /late",
            vec![b"Origin: https://a.example".to_vec(), CROSS.to_vec(), JSON.to_vec()],
            vec![
                r#"ERROR message=an origin source failed, so the origin is not allowed source="LATE" failure=it took longer than 1ms"#.to_owned(),
                format!(r#"DEBUG message=403, the handler did not run: {SOURCE_FAILED} origin="`https://a.example`" method="`GET`" preflight=false path="`/late`" handler="late" reason=SourceFailed"#).replace('`', ""),
            ],
        ),
        (
            "GET /late",
            origin(b"Origin: https://a.example"),
            [
                vec![r#"ERROR message=an origin source failed, so the origin is not allowed source="LATE" failure=it took longer than 1ms"#.to_owned()],
                refused("https://a.example", "GET", "/late", "SourceFailed", SOURCE_FAILED),
            ]
            .concat(),
        ),
    ] {
        events.take();
        server.send(start, &headers, "");
        let found = events.take();
        assert_eq!(found, expected, "{start} {:?}", headers.iter().map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>());
    }
}
