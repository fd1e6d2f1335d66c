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

fn server() -> Server {
    serve!(crate::app())
}

#[test]
fn preflights_need_no_session() {
    let server = server();
    for (path, origin, method, header, status) in [
        ("/login", APP, "POST", "content-type", 204),
        ("/me", APP, "GET", "", 204),
        ("/me", APP, "DELETE", "", 204),
        ("/notes", APP, "GET", "", 204),
        ("/notes/7", APP, "PUT", "content-type", 204),
        ("/notes/7", APP, "PUT", "x-other", 403),
        ("/notes/7", APP, "PATCH", "content-type", 204),
        ("/notes/7", EVIL, "PUT", "content-type", 403),
        ("/notes/7", ADMIN, "PUT", "content-type", 403),
        ("/notebooks", APP, "POST", "content-type", 204),
        ("/notes/7/tags/home", APP, "DELETE", "", 204),
        ("/shared/7", EVIL, "GET", "", 204),
        (
            "/exports",
            PARTNER,
            "POST",
            "authorization,content-type",
            204,
        ),
        (
            "/exports",
            "https://shop.books.example",
            "GET",
            "authorization",
            204,
        ),
        ("/exports", APP, "GET", "", 403),
        ("/exports/7", PARTNER, "DELETE", "authorization", 204),
        ("/admin/users/7", ADMIN, "DELETE", "", 204),
        ("/admin/users/7", APP, "DELETE", "", 403),
        ("/hooks/payment", APP, "POST", "", 403),
        ("/public/logo.svg", EVIL, "GET", "", 204),
        ("/public/logo.svg", EVIL, "PUT", "", 403),
        ("/notes/7/", APP, "PUT", "content-type", 204),
        ("/hooks/payment/", APP, "POST", "", 403),
        ("/no/such/path", EVIL, "GET", "", 204),
    ] {
        let mut lines = vec![
            format!("Origin: {origin}"),
            format!("Access-Control-Request-Method: {method}"),
        ];
        if !header.is_empty() {
            lines.push(format!("Access-Control-Request-Headers: {header}"));
        }
        let response = server.send(&format!("OPTIONS {path}"), &lines, "");
        assert_eq!(response.status, status, "{method} {path} {origin} {header}");
    }
}

#[test]
fn script_reads_what_its_origin_may_read() {
    let server = server();
    for (start, origin, key, status, allowed) in [
        ("GET /session", APP, SESSION, 200, Some(APP)),
        ("GET /session", APP, "X-No: session", 401, Some(APP)),
        ("GET /session", EVIL, "X-No: session", 401, None),
        ("GET /notes/7", APP, SESSION, 200, Some(APP)),
        ("GET /notes/seven", APP, SESSION, 404, Some(APP)),
        ("GET /notes/7/", APP, SESSION, 200, Some(APP)),
        (
            "GET /notes/7",
            "http://localhost:5173",
            SESSION,
            200,
            DEVELOPMENT,
        ),
        ("GET /notes/7", EVIL, SESSION, 200, None),
        ("GET /shared/7", EVIL, "X-No: session", 200, Some("*")),
        ("GET /exports/7", PARTNER, TOKEN, 200, Some(PARTNER)),
        ("GET /exports/7", APP, SESSION, 200, None),
        ("GET /admin/users", ADMIN, SESSION, 200, Some(ADMIN)),
        ("GET /admin/users", APP, SESSION, 403, None),
        ("GET /status", EVIL, "X-No: session", 200, Some("*")),
        ("POST /hooks/mail", APP, "X-No: session", 200, None),
        ("DELETE /me", APP, SESSION, 200, Some(APP)),
        ("DELETE /me", EVIL, SESSION, 403, None),
        (
            "GET /public/logo.svg",
            EVIL,
            "X-No: session",
            200,
            Some("*"),
        ),
        (
            "GET /public/none.svg",
            EVIL,
            "X-No: session",
            404,
            Some("*"),
        ),
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

/// What `dev_origins` add, in a build that has them.
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

#[test]
fn only_a_list_shows_how_many_notes_there_are() {
    let server = server();
    for (path, exposed) in [
        ("/notes", Some("x-total")),
        ("/notes/search", Some("x-total")),
        ("/notes/7", None),
    ] {
        let response = server.send(
            &format!("GET {path}"),
            &["Origin: https://app.example.com", SESSION],
            "",
        );
        assert_eq!(
            response.header("access-control-expose-headers"),
            exposed,
            "{path}"
        );
        assert_eq!(
            response.header("access-control-allow-credentials"),
            Some("true"),
            "{path}"
        );
    }
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
