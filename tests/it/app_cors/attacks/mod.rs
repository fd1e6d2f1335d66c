//! `AppCors` against apps and requests that make it hard to tell which handler a request reaches.

mod leading_away;
mod nested_apps;
mod several_apps;
mod table;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderValue, ORIGIN};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, get, guard, post, put, route, routes, web};
use cors_runtime::{AppCors, Policy, cors, policy, surface};

/// One test at a time runs handlers.
static ALONE: Mutex<()> = Mutex::new(());

/// How many handlers ran.
static RAN: AtomicU32 = AtomicU32::new(0);

const APP: &str = "https://app.example";
const OTHER: &str = "https://other.example";

static ANYONE: Policy = policy!(origins = ["*"]);

fn ran(what: &'static str) -> &'static str {
    RAN.fetch_add(1, Ordering::SeqCst);
    what
}

async fn plain() -> &'static str {
    ran("plain")
}

/// Handlers that allow `APP`, and count that they ran.
macro_rules! handlers {
    ($($(#[$attr:meta])* $name:ident)*) => {$(
        $(#[$attr])*
        async fn $name() -> &'static str {
            ran(stringify!($name))
        }
    )*};
}

handlers! {
    #[cors(origins = ["https://app.example"])]
    #[get("")]
    empty
    #[cors(origins = ["https://app.example"])]
    #[put("")]
    put_empty
    #[cors(origins = ["https://app.example"])]
    #[get("/{a}/{b}")]
    by_two
    #[cors(origins = ["https://app.example"])]
    #[get("/")]
    slash
    #[cors(origins = ["https://app.example"])]
    #[get("/me")]
    me
    #[cors(origins = ["https://other.example"])]
    #[get("/me")]
    my_other
    #[cors(origins = ["https://app.example"], max_age = 5)]
    #[put("/me")]
    put_me
    #[cors(origins = ["https://app.example"])]
    #[get("/{id}")]
    by_id
    #[cors(origins = ["https://app.example"])]
    #[put("/{id}")]
    put_by_id
    #[cors(origins = ["https://app.example"])]
    #[get("/{id:[0-9a-f]{8}}/{lang:[a-z]{2}}")]
    by_regex
    #[cors(origins = ["https://app.example"])]
    #[get("/{tail}*")]
    tail
    #[cors(origins = ["https://app.example"])]
    #[get("/{tail:.*}")]
    regex_tail
    #[cors(origins = ["https://app.example"])]
    #[get("/größe and more")]
    unusual
    #[cors(none)]
    #[get("/me")]
    nobody
    #[cors(origins = ["https://app.example"])]
    #[routes]
    #[get("/one")]
    #[put("/two")]
    #[post("/two")]
    several_routes
    #[cors(origins = ["https://app.example"])]
    #[route("/many", method = "GET", method = "PUT", method = "PURGE")]
    several_methods
    #[cors(origins = ["https://app.example"], methods = ["PUT", "PATCH"])]
    by_hand
    #[cors(origins = ["https://app.example"], credentials, max_age = 60)]
    #[get("/me", guard = "is_second")]
    guarded
    #[cors(origins = ["https://app.example"], max_age = 6)]
    #[get("/me")]
    unguarded
    #[cors(origins = ["*"], max_age = 60)]
    #[get("/{id}", guard = "is_second")]
    guarded_by_id
    #[cors(origins = ["https://app.example"])]
    #[get("/refused", guard = "is_second")]
    only_guarded
}

#[cors(origins = ["https://app.example"])]
mod annotated {
    use super::{get, post, ran};

    #[get("/in/{module}")]
    pub(crate) async fn inside() -> &'static str {
        ran("inside")
    }

    #[post("/in/{module}")]
    pub(crate) async fn also_inside() -> &'static str {
        ran("also_inside")
    }
}

fn is_second(ctx: &guard::GuardContext<'_>) -> bool {
    let version = ctx.head().headers().get("x-version");
    version.is_some_and(|version| version == "2")
}

/// The outcome of a preflight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// It is granted, and this handler takes the request.
    Granted(&'static str),
    /// It is granted for a handler that this request does not reach. A path normalizer inside, or a
    /// header for the guard of a scope, would lead there.
    Unreached,
    Refused,
    /// It is left to the middleware, which knows no one.
    Passed,
}
use Then::{Granted, Passed, Refused, Unreached};

use crate::support::{Response, Server, authenticate, serve};

fn preflight(server: &Server, path: &str, origin: &str, method: &str) -> Response {
    let lines = [
        format!("Origin: {origin}"),
        format!("Access-Control-Request-Method: {method}"),
    ];
    server.send(&format!("OPTIONS {path}"), &lines, "")
}

type Row<'a> = (&'a str, &'a str, &'a str, Then);

/// Tries each row against the app: a method, a path, an origin, and what happens.
fn try_all(what: &str, configure: fn(&mut web::ServiceConfig), rows: &[Row<'_>]) {
    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    for (method, path, origin, then) in rows {
        let what = format!("{what}: {method} {path:.80} from {origin}");
        RAN.store(0, Ordering::SeqCst);
        let res = preflight(&server, path, origin, method);
        assert_eq!(RAN.load(Ordering::SeqCst), 0, "{what}: something ran");
        let found = match res.status {
            204 => {
                let lines = [format!("Origin: {origin}"), "Authorization: x".to_owned()];
                let actual = server.send(&format!("{method} {path}"), &lines, "");
                if actual.status == 404 {
                    assert_eq!(*then, Unreached, "{what}");
                    continue;
                }
                let Granted(handler) = then else {
                    panic!("{what}: granted, and the request gets {actual:?}")
                };
                assert_eq!(actual.body, *handler, "{what}");
                // Nobody is told who they are, and script can read that.
                let unknown = server.send(&format!("{method} {path}"), &lines[..1], "");
                assert_eq!(unknown.status, 401, "{what}");
                for res in [&res, &actual, &unknown] {
                    let allowed = res.header("access-control-allow-origin");
                    assert_eq!(allowed, Some(*origin), "{what}");
                    assert!(
                        res.cors()
                            .last()
                            .is_some_and(|vary| vary.contains("origin"))
                    );
                }
                *then
            }
            403 => Refused,
            401 => Passed,
            status => panic!("{what}: {status}"),
        };
        assert_eq!(found, *then, "{what}");
        if found == Passed {
            assert_eq!(res.cors(), Vec::<String>::new(), "{what}");
        }
    }
}

#[test]
fn a_preflight_for_several_handlers_grants_what_all_of_them_do() {
    let server = serve!(
        App::new()
            .service(guarded)
            .service(unguarded)
            .wrap(AppCors::new())
    );
    let res = preflight(&server, "/me", APP, "GET");
    let expected = [
        "access-control-allow-origin: https://app.example",
        "access-control-max-age: 6",
        "vary: access-control-request-headers, access-control-request-method, origin",
    ];
    assert_eq!(
        (res.status, res.cors()),
        (204, expected.map(String::from).to_vec())
    );
}

#[test]
fn a_default_has_its_say_where_an_unannotated_route_comes_first() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let server = serve!(
        App::new()
            .service(web::resource("/me").to(plain))
            .service(by_id)
            .service(nobody)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
    );
    for (origin, status) in [(APP, 204), (OTHER, 403)] {
        assert_eq!(
            preflight(&server, "/me", origin, "GET").status,
            status,
            "{origin}"
        );
    }
    let lines = [format!("Origin: {OTHER}"), "Authorization: x".to_owned()];
    let res = server.send("GET /me", &lines, "");
    assert_eq!(
        (&*res.body, res.cors()),
        ("plain", vec!["access-control-allow-origin: *".to_owned()])
    );
    // It is not known who would have taken it.
    let res = server.send("GET /me", &lines[..1], "");
    assert_eq!(
        (res.status, res.cors()),
        (401, vec!["vary: origin".to_owned()])
    );
    assert_eq!(preflight(&server, "/7", OTHER, "GET").status, 403);
    // Nor is what guards of scopes hide.
    let server = serve!(
        App::new()
            .service(
                web::scope("/a")
                    .guard(guard::Header("x-version", "1"))
                    .service(by_two)
            )
            .service(web::scope("/a").service(nobody))
            .service(web::scope("/b").service(web::resource("/{tail}*").to(plain)))
            .service(tail)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
    );
    for (path, status) in [("/a/me", 403), ("/b/me", 204), ("/c", 403)] {
        assert_eq!(
            preflight(&server, path, OTHER, "GET").status,
            status,
            "{path}"
        );
    }
}

#[test]
fn the_first_request_cannot_blind_it() {
    for host in ["", "[", "a b", "evil.example/%00?#", "\u{fc}"] {
        let server = serve!(
            App::new()
                .service(me)
                .service(nobody)
                .wrap(from_fn(authenticate))
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
        );
        let first = format!(
            "OPTIONS /me HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: {host}\r\nConnection: close\r\n\r\n"
        );
        send_raw(&server, &first);
        assert_eq!(
            preflight(&server, "/me", OTHER, "GET").status,
            403,
            "{host}"
        );
    }
}

fn send_raw(server: &Server, text: &str) {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(server.addr).expect("the server listens");
    stream.write_all(text.as_bytes()).expect("the server reads");
    let _ = stream.read_to_end(&mut Vec::new());
}

#[test]
fn a_refusal_by_the_middleware_of_a_scope_can_be_read_at_the_scope_itself() {
    let server = serve!(
        App::new()
            .service(
                web::scope("/users")
                    .wrap(from_fn(authenticate))
                    .service(empty)
                    .service(me)
            )
            .wrap(AppCors::new())
    );
    for path in ["/users", "/users/me"] {
        let res = server.send(&format!("GET {path}"), &[format!("Origin: {APP}")], "");
        assert_eq!(
            (res.status, res.header("access-control-allow-origin")),
            (401, Some(APP)),
            "{path}"
        );
    }
}

#[test]
fn an_origin_that_a_middleware_makes_up_allows_nobody() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let pretend = |mut req: ServiceRequest, next: Next<BoxBody>| {
        let origin = HeaderValue::from_static(APP);
        req.headers_mut().insert(ORIGIN, origin);
        next.call(req)
    };
    let server = serve!(
        App::new()
            .service(guarded)
            .service(unguarded)
            .wrap(from_fn(pretend))
            .wrap(AppCors::new())
    );
    for origin in [Some("https://evil.example"), Some(OTHER), None] {
        let lines = origin.map(|origin| format!("Origin: {origin}"));
        let lines: Vec<_> = lines.into_iter().collect();
        let res = server.send("GET /me", &lines, "");
        let found = res.header("access-control-allow-origin");
        assert_eq!((&*res.body, found), ("unguarded", None), "{origin:?}");
        assert!(res.header("vary").is_some(), "{origin:?}");
    }
}

#[test]
fn a_scope_whose_guard_does_not_hold_covers_no_other_resource_at_its_path() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let server = serve!(
        App::new()
            .service(
                web::scope("/a")
                    .guard(guard::Header("x-version", "1"))
                    .service(empty)
                    .service(put_empty)
            )
            .service(web::resource("/{any}").to(plain))
            .wrap(AppCors::new())
    );
    let lines = [format!("Origin: {APP}"), "X-Version: 1".to_owned()];
    for (method, lines, body, allowed) in [
        ("GET", &lines[..], "empty", Some(APP)),
        ("PUT", &lines[..], "put_empty", Some(APP)),
        ("GET", &lines[..1], "plain", None),
        ("PUT", &lines[..1], "plain", None),
        ("GET", &[], "plain", None),
    ] {
        let res = server.send(&format!("{method} /a"), lines, "");
        let found = res.header("access-control-allow-origin");
        assert_eq!((&*res.body, found), (body, allowed), "{method} {lines:?}");
        assert_eq!(res.header("vary").is_some(), allowed.is_some(), "{method}");
    }
}

#[actix_web::test]
async fn the_surface_has_the_patterns_as_they_are_written() {
    let found = surface(|app: &mut web::ServiceConfig| {
        app.service(
            web::scope("/t/{tenant}").service(by_regex).service(
                web::scope(r"/v{version:\d+}")
                    .service(by_regex)
                    .service(unusual),
            ),
        )
        .service(tail)
        .service(regex_tail);
    })
    .await
    .to_string();
    let patterns: Vec<_> = found
        .lines()
        .map(|line| line.split(": origins").next().unwrap_or_default())
        .collect();
    assert_eq!(
        patterns,
        [
            "/t/{tenant}/v{version:\\d+}/größe and more GET unusual",
            "/t/{tenant}/v{version:\\d+}/{id:[0-9a-f]{8}}/{lang:[a-z]{2}} GET by_regex",
            "/t/{tenant}/{id:[0-9a-f]{8}}/{lang:[a-z]{2}} GET by_regex",
            "/{tail:.*} GET regex_tail",
            "/{tail}* GET tail",
        ]
    );
}
