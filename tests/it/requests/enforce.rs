//! `enforce`: each row is a request that a browser or a program really sends.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_service::IntoServiceFactory;
use actix_web::dev::{AppConfig, Payload, ServiceFactory};
use actix_web::http::header::HeaderMap;
use actix_web::{App, Error, FromRequest, HttpRequest, HttpResponse, get, head, post, test, web};
use cors_runtime::cors;

static EXTRACTED: AtomicUsize = AtomicUsize::new(0);

/// An extractor that leaves a trace.
struct Trace;

impl FromRequest for Trace {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        EXTRACTED.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok(Self))
    }
}

#[cors(origins = ["https://app.example.com", "https://*.example.org"], credentials, enforce)]
#[post("/transfer")]
async fn transfer(_: Trace) -> &'static str {
    "done"
}

#[cors(origins = ["https://app.example.com"], credentials, enforce)]
#[get("/socket")]
async fn socket(req: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
    Ok(actix_ws::handle(&req, body)?.0)
}

#[cors(origins = ["https://app.example.com"], enforce)]
#[get("/read")]
async fn read() -> &'static str {
    "done"
}

#[cors(origins = ["https://app.example.com"], enforce)]
#[head("/read-head")]
async fn read_head() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[post("/lax")]
async fn lax() -> &'static str {
    "done"
}

#[cors(origins = ["*"])]
#[post("/anyone")]
async fn anyone() -> &'static str {
    "done"
}

type Headers<'a> = &'a [(&'a str, &'a str)];

fn request(method: &str, path: &str, headers: Headers<'_>) -> test::TestRequest {
    let req = test::TestRequest::with_uri(path).method(method.parse().unwrap());
    headers
        .iter()
        .fold(req, |req, header| req.append_header(*header))
}

/// The CORS headers of a response, and `Vary`.
fn shown(headers: &HeaderMap) -> Vec<String> {
    let mut shown: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("access-control-") || *name == "vary")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    shown.sort();
    shown
}

const GRANTED: [&str; 3] = [
    "access-control-allow-credentials: true",
    "access-control-allow-origin: https://app.example.com",
    "vary: Origin",
];
const NOTHING: [&str; 1] = ["vary: Origin"];

#[actix_web::test]
async fn a_request_from_elsewhere_is_refused_before_extractors_and_handler() {
    let rows: &[(&str, Headers<'_>, u16, &[&str])] = &[
        (
            "a program, without Origin",
            &[("host", "api.example.com")],
            200,
            &NOTHING,
        ),
        (
            "fetch() of an allowed origin",
            &[
                ("host", "api.example.com"),
                ("origin", "https://app.example.com"),
                ("sec-fetch-site", "same-site"),
                ("sec-fetch-mode", "cors"),
                ("sec-fetch-dest", "empty"),
            ],
            200,
            &GRANTED,
        ),
        (
            "fetch() of an allowed origin, an older browser",
            &[
                ("host", "api.example.com"),
                ("origin", "https://app.example.com"),
            ],
            200,
            &GRANTED,
        ),
        (
            "fetch() of another site",
            &[
                ("host", "api.example.com"),
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "cors"),
            ],
            403,
            &NOTHING,
        ),
        (
            "a form of another site, with cookies",
            &[
                ("host", "api.example.com"),
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
                ("sec-fetch-user", "?1"),
                ("content-type", "application/x-www-form-urlencoded"),
                ("cookie", "session=1"),
            ],
            403,
            &NOTHING,
        ),
        (
            "a form in a sandboxed frame, or with `no-referrer` policy",
            &[
                ("host", "api.example.com"),
                ("origin", "null"),
                ("sec-fetch-site", "cross-site"),
            ],
            403,
            &NOTHING,
        ),
        (
            "the same, an older browser",
            &[("host", "api.example.com"), ("origin", "null")],
            403,
            &NOTHING,
        ),
        (
            "a form of a sibling that is not listed",
            &[
                ("host", "api.example.com"),
                ("origin", "https://blog.example.com"),
                ("sec-fetch-site", "same-site"),
            ],
            403,
            &NOTHING,
        ),
        (
            "fetch() of the server's own page",
            &[
                ("host", "api.example.com"),
                ("origin", "https://api.example.com"),
                ("sec-fetch-site", "same-origin"),
            ],
            200,
            &NOTHING,
        ),
        (
            "the same through a proxy that puts its own Host",
            &[
                ("host", "10.0.0.7:8080"),
                ("origin", "https://api.example.com"),
                ("sec-fetch-site", "same-origin"),
            ],
            200,
            &NOTHING,
        ),
        (
            "a form of the server's own page with `no-referrer`, whose Origin is null",
            &[
                ("host", "api.example.com"),
                ("origin", "null"),
                ("sec-fetch-site", "same-origin"),
            ],
            200,
            &NOTHING,
        ),
        (
            "an extension with a permission for the host, in Firefox",
            &[
                ("host", "api.example.com"),
                (
                    "origin",
                    "moz-extension://9b2f4a5c-0c0f-4f6e-9d1c-3c1f5f0a7e11",
                ),
                ("sec-fetch-site", "same-origin"),
            ],
            403,
            &NOTHING,
        ),
        (
            "the same in Chromium",
            &[
                ("host", "api.example.com"),
                (
                    "origin",
                    "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
                ),
                ("sec-fetch-site", "none"),
            ],
            403,
            &NOTHING,
        ),
        (
            "a request that the user repeats",
            &[
                ("host", "api.example.com"),
                ("origin", "https://api.example.com"),
                ("sec-fetch-site", "none"),
            ],
            200,
            &NOTHING,
        ),
        (
            "the server's own page over http, where browsers send no Sec-Fetch-Site",
            &[
                ("host", "api.example.com:8080"),
                ("origin", "http://api.example.com:8080"),
            ],
            200,
            &NOTHING,
        ),
        (
            "the server's own page behind a proxy that ends TLS, an older browser",
            &[
                ("host", "api.example.com"),
                ("origin", "https://api.example.com"),
                ("x-forwarded-proto", "https"),
            ],
            200,
            &NOTHING,
        ),
        (
            "another port of the server's host",
            &[
                ("host", "api.example.com:8080"),
                ("origin", "http://api.example.com:9090"),
            ],
            403,
            &NOTHING,
        ),
        (
            "a forwarded host does not speak for the server",
            &[
                ("host", "api.example.com"),
                ("origin", "https://evil.example"),
                ("x-forwarded-host", "evil.example"),
                ("forwarded", "host=evil.example"),
            ],
            403,
            &NOTHING,
        ),
        (
            "a host that only starts like the server's",
            &[
                ("host", "api.example.com"),
                ("origin", "https://api.example.com.evil.example"),
            ],
            403,
            &NOTHING,
        ),
        (
            "the browser's word goes before Host, which the http page of the same host shares",
            &[
                ("host", "api.example.com"),
                ("origin", "http://api.example.com"),
                ("sec-fetch-site", "cross-site"),
            ],
            403,
            &NOTHING,
        ),
        (
            "a form of another site, whose Origin a proxy or an extension removed",
            &[
                ("host", "api.example.com"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("content-type", "application/x-www-form-urlencoded"),
                ("cookie", "session=1"),
            ],
            403,
            &NOTHING,
        ),
        (
            "the same of a sibling",
            &[("host", "api.example.com"), ("sec-fetch-site", "same-site")],
            403,
            &NOTHING,
        ),
        (
            "the same of the server's own page",
            &[
                ("host", "api.example.com"),
                ("sec-fetch-site", "same-origin"),
            ],
            200,
            &NOTHING,
        ),
        (
            "what the user starts, without Origin",
            &[("host", "api.example.com"), ("sec-fetch-site", "none")],
            200,
            &NOTHING,
        ),
        (
            "no Origin, and Sec-Fetch-Site twice, which no browser sends",
            &[
                ("host", "api.example.com"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "cross-site"),
            ],
            200,
            &NOTHING,
        ),
        (
            "Origin twice, an allowed one first",
            &[
                ("host", "api.example.com"),
                ("origin", "https://app.example.com"),
                ("origin", "https://evil.example"),
            ],
            403,
            &NOTHING,
        ),
        (
            "Sec-Fetch-Site twice",
            &[
                ("host", "api.example.com"),
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-site", "cross-site"),
            ],
            403,
            &NOTHING,
        ),
        (
            "Host twice",
            &[
                ("host", "api.example.com"),
                ("host", "evil.example"),
                ("origin", "https://evil.example"),
            ],
            403,
            &NOTHING,
        ),
        (
            "an `Origin` that is not an origin",
            &[("host", "api.example.com"), ("origin", "api.example.com")],
            403,
            &NOTHING,
        ),
    ];
    let app = crate::support::init_service(App::new().service(transfer)).await;
    for (row, headers, status, expected) in rows {
        let before = EXTRACTED.load(Ordering::Relaxed);
        let res =
            test::call_service(&app, request("POST", "/transfer", headers).to_request()).await;
        let extracted = EXTRACTED.load(Ordering::Relaxed) - before;
        assert_eq!(res.status(), *status, "{row}");
        assert_eq!(shown(res.headers()), *expected, "{row}");
        assert_eq!(extracted, usize::from(*status == 200), "{row}");
        let stored = res.headers().get("cache-control");
        let is_refused = *status == 403;
        assert_eq!(
            stored.is_some_and(|it| it == "no-store"),
            is_refused,
            "{row}"
        );
    }
}

#[actix_web::test]
async fn a_websocket_handshake_from_elsewhere_is_refused() {
    const HANDSHAKE: [(&str, &str); 5] = [
        ("host", "api.example.com"),
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let app = crate::support::init_service(App::new().service(socket)).await;
    for (row, more, status) in [
        (
            "an allowed origin",
            &[("origin", "https://app.example.com")][..],
            101,
        ),
        (
            "the server's own page",
            &[("origin", "https://api.example.com")],
            101,
        ),
        (
            "another site",
            &[("origin", "https://evil.example"), ("cookie", "session=1")],
            403,
        ),
        (
            "another site, as Firefox says it",
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "websocket"),
            ],
            403,
        ),
        ("a sandboxed frame", &[("origin", "null")], 403),
        ("a program", &[], 101),
    ] {
        let headers = [&HANDSHAKE[..], more].concat();
        let res = test::call_service(&app, request("GET", "/socket", &headers).to_request()).await;
        assert_eq!(res.status(), status, "{row}");
    }
}

/// Links, images and GET forms have no `Origin`, wherever they are.
#[actix_web::test]
async fn a_get_without_origin_runs() {
    let app = crate::support::init_service(App::new().service(read).service(read_head)).await;
    for site in ["cross-site", "same-site", "same-origin", "none"] {
        for (method, path) in [("GET", "/read"), ("HEAD", "/read-head")] {
            let headers = [("host", "api.example.com"), ("sec-fetch-site", site)];
            let res = test::call_service(&app, request(method, path, &headers).to_request()).await;
            assert_eq!(res.status(), 200, "{method}, {site}");
        }
    }
}

/// Where the server itself terminates TLS, a page of `http` on its host is of another origin.
#[actix_web::test]
async fn the_scheme_counts_where_the_server_terminates_tls() {
    for (row, is_secure, origin, site, status) in [
        ("its own page", true, "https://api.example.com", None, 200),
        (
            "the http page of its host",
            true,
            "http://api.example.com",
            None,
            403,
        ),
        (
            "the same, whatever the user started",
            true,
            "http://api.example.com",
            Some("none"),
            403,
        ),
        (
            "its own page, by the browser's word",
            true,
            "https://api.example.com",
            Some("same-origin"),
            200,
        ),
        // A proxy may have terminated TLS, so the scheme is unknown.
        (
            "behind a proxy",
            false,
            "https://api.example.com",
            None,
            200,
        ),
        (
            "behind a proxy, the http page",
            false,
            "http://api.example.com",
            None,
            200,
        ),
        (
            "an allowed origin",
            true,
            "https://app.example.com",
            Some("same-site"),
            200,
        ),
    ] {
        let app = App::new().service(read).into_factory();
        let address = "127.0.0.1:443".parse().unwrap();
        let config = AppConfig::__priv_test_new(is_secure, "localhost".to_owned(), address);
        let app = app.new_service(config).await.unwrap();
        let site = site.map(|site| ("sec-fetch-site", site));
        let headers: Vec<_> = [("host", "api.example.com"), ("origin", origin)]
            .into_iter()
            .chain(site)
            .collect();
        let res = test::call_service(&app, request("GET", "/read", &headers).to_request()).await;
        assert_eq!(res.status(), status, "{row}");
    }
}

#[actix_web::test]
async fn preflights_are_answered_as_without_it() {
    let app = crate::support::init_service(App::new().service(transfer)).await;
    for (origin, status) in [
        ("https://app.example.com", 204),
        ("https://evil.example", 403),
    ] {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
        ];
        let res =
            test::call_service(&app, request("OPTIONS", "/transfer", &headers).to_request()).await;
        assert_eq!(res.status(), status, "{origin}");
    }
}

#[actix_web::test]
async fn without_it_or_with_any_origin_every_request_runs() {
    let app = crate::support::init_service(App::new().service(lax).service(anyone)).await;
    let headers = [
        ("host", "api.example.com"),
        ("origin", "https://evil.example"),
    ];
    for (path, expected) in [
        ("/lax", &["vary: Origin"][..]),
        ("/anyone", &["access-control-allow-origin: *"]),
    ] {
        let res = test::call_service(&app, request("POST", path, &headers).to_request()).await;
        assert_eq!(res.status(), 200, "{path}");
        assert_eq!(shown(res.headers()), expected, "{path}");
    }
}
