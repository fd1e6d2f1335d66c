//! The host and the path that a source sees.

use std::sync::Mutex;

use actix_web::middleware::{NormalizePath, TrailingSlash};
use actix_web::{put, web};
use cors_runtime::{AppCors, Cached};

use super::*;
use crate::support::serve;

/// Notes what it sees, and allows everyone.
struct Notes;

static SEEN: Mutex<Vec<(Option<String>, String)>> = Mutex::new(Vec::new());

impl OriginSource for Notes {
    fn allows(&self, _: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        let seen = (target.host().map(str::to_owned), target.path().to_owned());
        SEEN.lock().expect("a list").push(seen);
        Ok(true)
    }
}

static NOTES: Notes = Notes;

#[cors(origins = [NOTES])]
#[put("/cart")]
async fn cart() -> &'static str {
    "cart"
}

#[cors(origins = [NOTES])]
#[put("/files/{tail}*")]
async fn files() -> &'static str {
    "files"
}

#[cors(origins = [NOTES])]
#[put("/end/")]
async fn slash_at_the_end() -> &'static str {
    "end"
}

fn noted(app: &mut web::ServiceConfig) {
    app.service(web::scope("/t/{tenant}").service(cart).service(files))
        .service(slash_at_the_end);
}

/// A normalizer may be on either side of `AppCors`, or around the app without one.
#[test]
fn a_preflight_and_its_request_ask_about_the_same_target() {
    let trim = NormalizePath::trim;
    let add = || NormalizePath::new(TrailingSlash::Always);
    let bare: &[_] = &[
        ("/t/acme/cart", Some("/t/acme/cart")),
        ("/t/acme/cart?tenant=evil#x", Some("/t/acme/cart")),
        ("/t/%61cme/cart", Some("/t/%61cme/cart")),
        ("/%74/acme/c%61rt", Some("/%74/acme/c%61rt")),
        ("/t/a%2Fb/cart", Some("/t/a%2Fb/cart")),
        ("/t/a%2Fb%2Fcart", None),
        ("/t/ACME/cart", Some("/t/ACME/cart")),
        ("/t/../cart", Some("/t/../cart")),
        ("/t/a/../b/cart", None),
        ("/t/a/files/../../b", Some("/t/a/files/../../b")),
        ("/t/a/files//b/%2e%2e", Some("/t/a/files//b/%2e%2e")),
        ("/t/acme/cart/", None),
        ("//t/acme/cart", None),
    ];
    let normalized: &[_] = &[
        ("/t/acme/cart", Some("/t/acme/cart")),
        ("/t/acme/cart//?x", Some("/t/acme/cart")),
        ("//t///acme/cart/", Some("/t/acme/cart")),
        ("/t//%61cme/cart/", Some("/t/%61cme/cart")),
        ("/t/a%2F/cart/", Some("/t/a%2F/cart")),
        ("/t/a/../b/cart/", None),
    ];
    for (what, server, rows) in [
        ("bare", serve!(App::new().configure(noted)), bare),
        (
            "a normalizer",
            serve!(App::new().configure(noted).wrap(trim())),
            normalized,
        ),
        (
            "a normalizer in `AppCors`",
            serve!(
                App::new()
                    .configure(noted)
                    .wrap(trim())
                    .wrap(AppCors::new())
            ),
            normalized,
        ),
        (
            "a normalizer around `AppCors`",
            serve!(
                App::new()
                    .configure(noted)
                    .wrap(AppCors::new())
                    .wrap(trim())
            ),
            normalized,
        ),
        (
            "a normalizer in `AppCors` that adds a slash",
            serve!(App::new().configure(noted).wrap(add()).wrap(AppCors::new())),
            &[("/end", Some("/end/")), ("//end///", Some("/end/"))],
        ),
    ] {
        for (path, expected) in rows {
            let own = server.addr.to_string();
            for (host, target) in [
                (&*own, (*path).to_owned()),
                ("api.example", format!("http://API.example:80{path}")),
            ] {
                let what = format!("{what}: {target}");
                let seen = || std::mem::take(&mut *SEEN.lock().expect("a list"));
                server.preflight(&target, "https://a.example", "PUT", "");
                let by_preflight = seen();
                let origin = ["Origin: https://a.example"];
                let response = server.send(&format!("PUT {target}"), &origin, "");
                let status = expected.map_or(404, |_| 200);
                assert_eq!(response.status, status, "{what}");
                assert_eq!(by_preflight, seen(), "{what}");
                let expected = expected.map(|path| (Some(host.to_owned()), path.to_owned()));
                assert_eq!(by_preflight, Vec::from_iter(expected), "{what}");
            }
        }
    }
}

/// Middleware that responds before the handler is reached has the headers of that handler, so its
/// sources are asked at the path of that handler.
#[test]
fn a_response_of_middleware_is_read_by_who_may_read_the_handler() {
    let server = serve!(
        App::new()
            .service(of_tenant)
            .wrap(NormalizePath::trim())
            .wrap(actix_web::middleware::from_fn(crate::support::authenticate))
            .wrap(AppCors::new())
    );
    for (origin, path, is_allowed) in [
        ("https://acme.example", "/t/acme/x", true),
        ("https://acme.example", "//t//acme/x", true),
        ("https://evil.example", "//t//acme/x", false),
        ("https://acme.example", "/t/evil//x", false),
    ] {
        let response = ask_get(&server, path, origin);
        let allowed = response.header("access-control-allow-origin");
        assert_eq!(response.status, 401, "{path}");
        assert_eq!(allowed.is_some(), is_allowed, "{origin} {path}");
    }
}

/// A table of tenants and their origins, which decides as the documentation says.
struct Table(&'static [(&'static str, &'static str)]);

impl AsyncOriginSource for Table {
    async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        let tenant = target.path().strip_prefix("/t/");
        let tenant = tenant.and_then(|rest| rest.split('/').next());
        tokio::task::yield_now().await;
        Ok((self.0.iter()).any(|row| Some(row.0) == tenant && row.1 == origin.as_str()))
    }

    fn path_segments(&self) -> usize {
        2
    }
}

impl CredentialSafe for Table {}

const TENANTS: &[(&str, &str)] = &[
    ("acme", "https://acme.example"),
    ("evil", "https://evil.example"),
];

static TABLE: Table = Table(TENANTS);
static CACHED: Cached<Table> = Cached::new(Table(TENANTS), 100, Duration::from_secs(60));
static CARELESS: Table = Table(&[("%61cme", "https://evil.example")]);

#[cors(origins = [CACHED], credentials)]
#[get("/t/{tenant}/{rest}*")]
async fn of_tenant(path: web::Path<(String, String)>) -> String {
    path.into_inner().0
}

#[cors(origins = [TABLE], credentials)]
#[get("/t/{tenant}/{rest}*")]
async fn uncached(path: web::Path<(String, String)>) -> String {
    path.into_inner().0
}

#[cors(origins = [CARELESS], credentials)]
#[get("/t/{tenant}/{rest}*")]
async fn careless(path: web::Path<(String, String)>) -> String {
    path.into_inner().0
}

#[test]
fn no_spelling_of_a_path_shows_one_tenant_what_another_has() {
    let segments = [
        "acme",
        "evil",
        "ACME",
        "%61cme",
        "%2561cme",
        "%65vil",
        "evil%2F..%2Facme",
        "evil%2facme",
        "evil%2F",
        "%2Fevil",
        "evil%00",
        "evil%0d%0a",
        "evil%FF",
        "evil;acme",
        "evil,acme",
        "evil+",
        "evil%20",
        "evil.",
        "..",
        ".",
        "%2e%2e",
        "%2E",
        "",
        "%",
        "%6",
        "%zz",
        "é",
        "{tenant}",
        "evil\\acme",
        "t",
    ];
    let plain = [
        serve!(App::new().service(of_tenant)),
        serve!(App::new().service(uncached)),
    ];
    let normalized = serve!(
        App::new()
            .service(of_tenant)
            .wrap(NormalizePath::trim())
            .wrap(AppCors::new())
    );
    let (mut granted, mut refused) = (0, 0);
    for server in plain.iter().chain([&normalized]) {
        for first in segments {
            for second in ["acme", "evil", "..", ""] {
                for path in [
                    format!("/t/{first}/{second}"),
                    format!("/t/{first}/../{second}/x"),
                    format!("http://{second}.example/t/{first}/x"),
                ] {
                    for (tenant, origin) in TENANTS {
                        let response = ask_get(server, &path, origin);
                        let allowed = response.header("access-control-allow-origin");
                        if response.status != 200 || allowed.is_none() {
                            refused += 1;
                            continue;
                        }
                        granted += 1;
                        assert_eq!(allowed, Some(*origin), "{path}");
                        assert_eq!(&response.body, tenant, "{path}");
                    }
                }
            }
        }
    }
    assert!(granted > 50 && refused > 1_000, "{granted} {refused}");
}

/// Why the documentation asks for plain names.
#[test]
fn an_encoded_name_in_the_table_shows_its_tenant_what_another_has() {
    let server = serve!(App::new().service(careless));
    let response = ask_get(&server, "/t/%61cme/x", "https://evil.example");
    let allowed = response.header("access-control-allow-origin");
    assert_eq!(
        (allowed, &*response.body),
        (Some("https://evil.example"), "acme")
    );
}

/// Panics before it is asked.
struct Panics;

impl AsyncOriginSource for Panics {
    async fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Ok(true)
    }

    fn path_segments(&self) -> usize {
        panic!("no number")
    }
}

static PANICS: Cached<Panics> = Cached::new(Panics, 100, Duration::from_secs(60));

#[cors(origins = [PANICS])]
#[get("/panics")]
async fn panics() -> &'static str {
    ""
}

#[test]
fn a_source_that_panics_over_its_segments_allows_no_one() {
    let server = Server::start(|app| {
        app.service(panics);
    });
    let response = ask_get(&server, "/panics", "https://a.example");
    assert_eq!(response.status, 200);
    assert_eq!(response.cors(), REFUSED);
}

/// Allows a page at one path. It does not say which segments it looks at.
struct WholePath;

impl AsyncOriginSource for WholePath {
    async fn allows(&self, _: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        Ok(target.path() == "/whole/path")
    }
}

static WHOLE: WholePath = WholePath;
static CACHED_WHOLE: Cached<WholePath> = Cached::new(WholePath, 100, Duration::from_secs(60));

#[cors(origins = [WHOLE])]
#[get("/whole/{rest}")]
async fn whole() -> &'static str {
    ""
}

#[cors(origins = [CACHED_WHOLE])]
#[get("/whole/path")]
async fn cached_whole() -> &'static str {
    ""
}

#[test]
fn only_a_cache_withholds_the_path() {
    let origin = "https://a.example";
    let server = Server::start(|app| {
        app.service(whole);
    });
    let allowed = |path| ask_get(&server, path, origin).cors() != REFUSED;
    assert!(allowed("/whole/path") && !allowed("/whole/other"));
    let server = Server::start(|app| {
        app.service(cached_whole);
    });
    assert_eq!(ask_get(&server, "/whole/path", origin).cors(), REFUSED);
}
