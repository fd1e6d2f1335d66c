//! The app on the wire, and the policies of all its handlers.

use crate::support::{Server, serve};
#[cfg(debug_assertions)]
use cors_runtime::surface;

const APP: &str = "https://app.example.com";
const ADMIN: &str = "https://admin.example.com";
const PARTNER: &str = "https://reports.example.net";
const EVIL: &str = "https://evil.example";

const SESSION: &str = "Cookie: session=ada";
const TOKEN: &str = "Authorization: Bearer 1";
const NOTHING: &str = "X-Other: 1";

fn server() -> Server {
    let limits = crate::limits(1_000).expect("a limit");
    serve!(crate::app(&limits))
}

#[test]
fn preflights_need_no_session() {
    let server = server();
    for (path, origin, method, headers, status) in [
        ("/login", APP, "POST", "content-type", 204),
        ("/me", APP, "GET", "", 204),
        ("/me", APP, "DELETE", "", 204),
        ("/notes", APP, "GET", "", 204),
        ("/notes/7", APP, "PUT", "content-type", 204),
        ("/notes/7", APP, "PUT", "x-other", 403),
        ("/notes/7", EVIL, "PUT", "content-type", 403),
        ("/notes/7", ADMIN, "PUT", "content-type", 403),
        ("/notes/7/tags/home", APP, "PUT", "", 204),
        ("/shared/7", EVIL, "GET", "", 204),
        (
            "/exports",
            PARTNER,
            "POST",
            "authorization,content-type",
            204,
        ),
        (
            "/exports/7",
            "https://shop.books.example",
            "GET",
            "authorization",
            204,
        ),
        ("/exports/7", APP, "GET", "", 403),
        ("/admin/users/7", ADMIN, "DELETE", "", 204),
        ("/admin/users/7", APP, "DELETE", "", 403),
        ("/hooks/payment", APP, "POST", "", 403),
        ("/public/logo.svg", APP, "GET", "", 204),
        ("/public/logo.svg", EVIL, "GET", "", 403),
        ("/notes/7/", APP, "PUT", "content-type", 204),
        ("/hooks/payment/", APP, "POST", "", 403),
        ("/no/such/path", APP, "GET", "", 204),
    ] {
        let response = server.preflight(path, origin, method, headers);
        assert_eq!(
            response.status, status,
            "{method} {path} {origin} {headers}"
        );
    }
}

#[test]
fn script_reads_what_its_origin_may_read() {
    let server = server();
    for (start, origin, key, status, allowed) in [
        ("GET /notes/7", APP, SESSION, 200, Some(APP)),
        ("GET /notes/7", APP, NOTHING, 401, Some(APP)),
        ("GET /notes/7", EVIL, NOTHING, 401, None),
        ("GET /notes/7", EVIL, SESSION, 200, None),
        ("GET /notes/seven", APP, SESSION, 404, Some(APP)),
        ("GET /notes/7/", APP, SESSION, 200, Some(APP)),
        (
            "GET /notes/7",
            "http://localhost:5173",
            SESSION,
            200,
            DEVELOPMENT,
        ),
        ("GET /shared/7", EVIL, NOTHING, 200, Some("*")),
        ("GET /status", EVIL, NOTHING, 200, Some("*")),
        ("GET /exports/7", PARTNER, TOKEN, 200, Some(PARTNER)),
        ("GET /exports/7", APP, SESSION, 200, None),
        ("GET /admin/users/7", ADMIN, SESSION, 200, Some(ADMIN)),
        ("GET /admin/users/7", APP, SESSION, 403, None),
        ("POST /hooks/payment", APP, NOTHING, 403, None),
        ("DELETE /me", APP, SESSION, 200, Some(APP)),
        ("DELETE /me", EVIL, SESSION, 403, None),
        ("GET /public/logo.svg", APP, NOTHING, 200, Some(APP)),
        ("GET /public/none.svg", APP, NOTHING, 404, Some(APP)),
        ("GET /public/logo.svg", EVIL, NOTHING, 200, None),
    ] {
        let origin_line = format!("Origin: {origin}");
        let response = server.send(start, &[origin_line.as_str(), key], "");
        let found = response.header("access-control-allow-origin");
        assert_eq!(
            (response.status, found),
            (status, allowed),
            "{start} {origin} {key}"
        );
    }
}

/// The origin in `dev_origins`, in a build that has it.
const DEVELOPMENT: Option<&str> = if cfg!(debug_assertions) {
    Some("http://localhost:5173")
} else {
    None
};

#[test]
fn a_login_gives_a_cookie_to_the_app() {
    let server = server();
    let lines = [
        "Origin: https://app.example.com",
        "Content-Type: application/json",
        "Sec-Fetch-Site: cross-site",
    ];
    let response = server.send("POST /login", &lines, r#""ada""#);
    assert_eq!(response.status, 204);
    assert_eq!(
        response.header("access-control-allow-credentials"),
        Some("true")
    );
    let cookie = response.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("session=ada; "), "{cookie}");
}

/// A preflight does not count against the limit, and script can read the 429.
#[test]
fn script_can_read_that_there_were_too_many_requests() {
    let limits = crate::limits(1).expect("a limit");
    let server = serve!(crate::app(&limits));
    for _ in 0..3 {
        let preflight = server.preflight("/notes/7", APP, "PUT", "content-type");
        assert_eq!(preflight.status, 204);
    }
    let ask = || server.send("GET /me", &["Origin: https://app.example.com", SESSION], "");
    assert_eq!(ask().status, 200);
    let response = ask();
    assert_eq!(response.status, 429);
    assert_eq!(response.header("access-control-allow-origin"), Some(APP));
    assert!(response.header("retry-after").is_some());
}

#[test]
fn the_environment_adds_origins_and_a_mistake_is_refused() {
    let server = server();
    let origin = "Origin: https://preview.example";
    let allowed = || {
        let response = server.send("GET /me", &[origin, SESSION], "");
        response.header("access-control-allow-origin").is_some()
    };
    assert!(!allowed());
    let mistake = crate::MORE_ORIGINS.set(["https://preview.example/"]);
    assert!(mistake.is_err() && !allowed());
    let set = crate::MORE_ORIGINS.set(["https://preview.example"]);
    assert!(set.is_ok() && allowed());
}

/// A release build has no `dev_origins`, so its surface is shorter.
#[cfg(debug_assertions)]
#[actix_web::test]
async fn the_surface_is_as_it_was_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/app/surface.txt");
    let now = surface(crate::configure).await.to_string();
    if std::env::var_os("SURFACE").is_some_and(|value| value == "overwrite") {
        std::fs::write(path, &now).expect("a writable checkout");
    }
    let reviewed = std::fs::read_to_string(path).expect("the reviewed surface");
    assert_eq!(
        now, reviewed,
        "review the difference, then run this with SURFACE=overwrite"
    );
}
