//! No handler with a policy runs for a request that its own preflight would not have let through.

use std::collections::BTreeMap;
use std::sync::Mutex;

use actix_web::{get, post, put, web};
use cors_runtime::{
    Allowlist, AsyncOriginSource, Origin, Policy, SourceError, Target, cors, policy,
};

use crate::support::Server;

/// How often each handler ran.
static RAN: Mutex<BTreeMap<&str, u32>> = Mutex::new(BTreeMap::new());

fn ran(handler: &'static str) -> &'static str {
    *RAN.lock()
        .expect("no test panics with it")
        .entry(handler)
        .or_default() += 1;
    handler
}

const P: &str = "https://p.example";
const Q: &str = "https://q.example";

static TENANTS: Allowlist = Allowlist::new();
static SHARED: Policy = policy!(
    origins = ["https://q.example"],
    credentials,
    allow_headers = ["content-type"]
);

struct Slow;

impl AsyncOriginSource for Slow {
    async fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        actix_web::rt::task::yield_now().await;
        Ok(origin.as_str() == Q)
    }
}

static SLOW: Slow = Slow;

/// The handler whose preflight lets the attack through.
#[cors(origins = ["https://p.example"], allow_headers = ["content-type"], credentials)]
#[get("/x")]
async fn read() -> &'static str {
    ran("read")
}

#[cors(origins = ["https://q.example"], allow_headers = ["content-type"], credentials)]
#[post("/x")]
async fn write(_: web::Bytes) -> &'static str {
    ran("write")
}

/// It allows P, and no JSON.
#[cors(origins = ["https://p.example"], credentials)]
#[post("/no-json")]
async fn no_json(_: web::Bytes) -> &'static str {
    ran("no_json")
}

#[cors(SHARED)]
#[post("/shared")]
async fn shared() -> &'static str {
    ran("shared")
}

#[cors(none)]
#[post("/none")]
async fn none() -> actix_web::HttpResponse {
    actix_web::HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .body(ran("none"))
}

#[cors(origins = [TENANTS], allow_headers = ["content-type"])]
#[post("/list")]
async fn list() -> &'static str {
    ran("list")
}

#[cors(origins = [SLOW], allow_headers = ["content-type"])]
#[put("/slow")]
async fn slow() -> &'static str {
    ran("slow")
}

/// Its preflight lets credentialed JSON through, to the next one.
#[cors(origins = ["https://p.example"], allow_headers = ["content-type"], credentials)]
#[put("/cred")]
async fn with_cookies() -> &'static str {
    ran("with_cookies")
}

#[cors(origins = ["*"], allow_headers = ["content-type"])]
#[post("/cred")]
async fn without_cookies() -> &'static str {
    ran("without_cookies")
}

#[cors(origins = ["*"])]
#[put("/anyone")]
async fn anyone() -> &'static str {
    ran("anyone")
}

#[cors(origins = ["https://q.example"], allow_headers = ["content-type"], methods = ["POST"])]
async fn by_hand() -> &'static str {
    ran("by_hand")
}

#[cors(none, methods = ["POST"])]
async fn none_by_hand() -> &'static str {
    ran("none_by_hand")
}

#[cors(none)]
mod module {
    #[actix_web::delete("/module")]
    pub(crate) async fn in_module() -> &'static str {
        super::ran("in_module")
    }
}

fn server() -> Server {
    TENANTS.set([Q]).expect("an origin");
    Server::start(|app| {
        app.service(read)
            .service(write)
            .service(no_json)
            .service(shared)
            .service(none);
        app.service(list)
            .service(slow)
            .service(anyone)
            .service(module::in_module);
        app.service(by_hand::at("/by-hand"))
            .service(none_by_hand::at("/none-by-hand"));
        app.service(with_cookies).service(without_cookies);
    })
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn a_handler_runs_only_for_what_its_own_preflight_lets_through() {
    const JSON: &str = "Content-Type: application/json";
    const CROSS: &str = "Sec-Fetch-Site: cross-site";
    const COOKIE: &str = "Cookie: user=ada";
    let server = server();
    let p = format!("Origin: {P}");
    let q = format!("Origin: {Q}");
    let long = format!("Content-Type: text/plain;{}", "a".repeat(64 * 1024));
    let long_site = format!("Sec-Fetch-Site: cross-site{}", " ".repeat(60 * 1024));
    let refused = (403, "");
    for (what, start, lines, (status, runs)) in [
        // The attack, at each kind of handler.
        (
            "another origin's JSON",
            "POST /x",
            vec![&*p, JSON, CROSS],
            refused,
        ),
        (
            "on the same site",
            "POST /x",
            vec![&p, JSON, "Sec-Fetch-Site: same-site"],
            refused,
        ),
        (
            "a shared policy",
            "POST /shared",
            vec![&p, JSON, CROSS],
            refused,
        ),
        ("none", "POST /none", vec![&p, JSON, CROSS], refused),
        ("a list", "POST /list", vec![&p, JSON, CROSS], refused),
        ("a source that waits", "PUT /slow", vec![&p, CROSS], refused),
        ("by hand", "POST /by-hand", vec![&p, JSON, CROSS], refused),
        (
            "none by hand",
            "POST /none-by-hand",
            vec![&p, JSON, CROSS],
            refused,
        ),
        (
            "none on a module",
            "DELETE /module",
            vec![&p, CROSS],
            refused,
        ),
        (
            "JSON that the policy does not allow",
            "POST /no-json",
            vec![&p, JSON, CROSS],
            refused,
        ),
        (
            "JSON where anyone may call",
            "PUT /anyone",
            vec![&p, JSON, CROSS],
            refused,
        ),
        ("without an origin", "POST /x", vec![JSON, CROSS], refused),
        (
            "cookies where there are no credentials",
            "POST /cred",
            vec![&p, JSON, CROSS, COOKIE],
            refused,
        ),
        (
            "on the same site",
            "POST /cred",
            vec![&p, JSON, "Sec-Fetch-Site: same-site", COOKIE],
            refused,
        ),
        (
            "cookies with a method",
            "PUT /anyone",
            vec![&p, CROSS, COOKIE],
            refused,
        ),
        (
            "two lines of cookies",
            "PUT /anyone",
            vec![&p, CROSS, COOKIE, COOKIE],
            refused,
        ),
        (
            "cookies without an origin",
            "PUT /anyone",
            vec![CROSS, COOKIE],
            refused,
        ),
        (
            "an opaque origin",
            "POST /x",
            vec!["Origin: null", JSON, CROSS],
            refused,
        ),
        (
            "an origin sent twice",
            "POST /x",
            vec![&q, &q, JSON, CROSS],
            refused,
        ),
        (
            "two content types",
            "POST /x",
            vec![&p, "Content-Type: text/plain", JSON, CROSS],
            refused,
        ),
        (
            "two content types, joined",
            "POST /x",
            vec![&p, "Content-Type: text/plain, application/json", CROSS],
            refused,
        ),
        (
            "a content type of 64 KiB",
            "POST /x",
            vec![&p, &long, CROSS],
            refused,
        ),
        (
            "an invalid content type",
            "POST /x",
            vec![&p, "Content-Type: text/plain x", CROSS],
            refused,
        ),
        (
            "an unsafe byte",
            "POST /x",
            vec![&p, "Content-Type: text/plain; a=\"b\"", CROSS],
            refused,
        ),
        (
            "an empty content type",
            "POST /x",
            vec![&p, "Content-Type:", CROSS],
            refused,
        ),
        (
            "script that sends a type of reports",
            "POST /x",
            vec![
                &p,
                "Content-Type: application/csp-report",
                CROSS,
                "Sec-Fetch-Mode: cors",
            ],
            refused,
        ),
        (
            "reports that a browser asks for",
            "POST /x",
            vec![&p, "Content-Type: application/reports+json", CROSS],
            refused,
        ),
        // The policy allows these.
        (
            "the origin that is allowed",
            "POST /x",
            vec![&q, JSON, CROSS],
            (200, "write"),
        ),
        (
            "by hand",
            "POST /by-hand",
            vec![&q, JSON, CROSS],
            (200, "by_hand"),
        ),
        ("a list", "POST /list", vec![&q, JSON, CROSS], (200, "list")),
        (
            "a source that waits",
            "PUT /slow",
            vec![&q, JSON, CROSS],
            (200, "slow"),
        ),
        ("anyone", "PUT /anyone", vec![&p, CROSS], (200, "anyone")),
        (
            "cookies where there are credentials",
            "PUT /cred",
            vec![&p, JSON, CROSS, COOKIE],
            (200, "with_cookies"),
        ),
        (
            "no cookies where there are no credentials",
            "POST /cred",
            vec![&p, JSON, CROSS],
            (200, "without_cookies"),
        ),
        (
            "cookies that need no preflight",
            "POST /cred",
            vec![&p, "Content-Type: text/plain", CROSS, COOKIE],
            (200, "without_cookies"),
        ),
        (
            "cookies of a program",
            "POST /cred",
            vec![&p, JSON, COOKIE],
            (200, "without_cookies"),
        ),
        (
            "cookies of the server's own page",
            "POST /cred",
            vec![JSON, "Sec-Fetch-Site: same-origin", COOKIE],
            (200, "without_cookies"),
        ),
        (
            "a report with cookies",
            "POST /cred",
            vec![&p, "Content-Type: application/csp-report", CROSS, COOKIE],
            (200, "without_cookies"),
        ),
        (
            "anyone, without an origin",
            "PUT /anyone",
            vec![CROSS],
            (200, "anyone"),
        ),
        // No evidence.
        ("a program", "POST /x", vec![JSON], (200, "write")),
        (
            "a program with an origin",
            "POST /x",
            vec![&p, JSON],
            (200, "write"),
        ),
        (
            "the server's own page",
            "POST /x",
            vec![&p, JSON, "Sec-Fetch-Site: same-origin"],
            (200, "write"),
        ),
        (
            "the user",
            "POST /x",
            vec![&p, JSON, "Sec-Fetch-Site: none"],
            (200, "write"),
        ),
        (
            "a site sent twice",
            "POST /x",
            vec![&p, JSON, CROSS, CROSS],
            (200, "write"),
        ),
        (
            "another case",
            "POST /x",
            vec![&p, JSON, "Sec-Fetch-Site: Cross-Site"],
            (200, "write"),
        ),
        (
            "a list of sites",
            "POST /x",
            vec![&p, JSON, "Sec-Fetch-Site: cross-site, cross-site"],
            (200, "write"),
        ),
        // Fetch safelists it.
        (
            "two entries of a header list, joined",
            "POST /x",
            vec![&p, "Content-Type: text/plain, text/plain", CROSS],
            (200, "write"),
        ),
        (
            "two entries on two lines",
            "POST /x",
            vec![
                &p,
                "Content-Type: text/plain",
                "Content-Type: text/plain",
                CROSS,
            ],
            (200, "write"),
        ),
        (
            "no content type",
            "POST /x",
            vec![&p, CROSS],
            (200, "write"),
        ),
        (
            "text",
            "POST /x",
            vec![&p, "Content-Type: text/plain", CROSS],
            (200, "write"),
        ),
        (
            "text in capitals",
            "POST /x",
            vec![&p, "Content-Type: TEXT/Plain ; charset=utf-8", CROSS],
            (200, "write"),
        ),
        (
            "a parameter that does not parse",
            "POST /x",
            vec![&p, "Content-Type: text/plain;,application/json", CROSS],
            (200, "write"),
        ),
        (
            "a form",
            "POST /x",
            vec![
                &p,
                "Content-Type: application/x-www-form-urlencoded;charset=UTF-8",
                CROSS,
            ],
            (200, "write"),
        ),
        (
            "a form with files",
            "POST /x",
            vec![
                &p,
                "Content-Type: multipart/form-data; boundary=----a",
                CROSS,
            ],
            (200, "write"),
        ),
        (
            "a form of a sandboxed page",
            "POST /none",
            vec!["Origin: null", "Content-Type: text/plain", CROSS],
            (200, "none"),
        ),
        ("a GET", "GET /x", vec![&q, CROSS], (200, "read")),
        (
            "a GET without an origin",
            "GET /x",
            vec![CROSS],
            (200, "read"),
        ),
        // Browsers send these of themselves.
        (
            "a CSP report",
            "POST /x",
            vec![
                &p,
                "Content-Type: application/csp-report",
                CROSS,
                "Sec-Fetch-Mode: no-cors",
            ],
            (200, "write"),
        ),
        (
            "a CSP report of WebKit",
            "POST /x",
            vec![
                "Origin: null",
                "Content-Type: application/csp-report",
                CROSS,
            ],
            (200, "write"),
        ),
        (
            "a ping",
            "POST /x",
            vec![
                &p,
                "Content-Type: text/ping",
                CROSS,
                "Sec-Fetch-Mode: no-cors",
            ],
            (200, "write"),
        ),
        // Blanks around a value are not part of it.
        (
            "a site with blanks",
            "POST /x",
            vec![&p, JSON, &long_site],
            refused,
        ),
    ] {
        RAN.lock().expect("no test panics with it").clear();
        let res = server.send(start, &lines, "");
        let counted = std::mem::take(&mut *RAN.lock().expect("no test panics with it"));
        let expected: BTreeMap<_, _> = (!runs.is_empty())
            .then_some((runs, 1))
            .into_iter()
            .collect();
        assert_eq!(
            (res.status, &counted),
            (status, &expected),
            "{what}: {start}"
        );
        if status == 403 {
            assert_eq!(res.cors(), ["vary: origin"], "{what}: {start}");
            assert_eq!(res.header("cache-control"), Some("no-store"), "{what}");
        }
    }
}
