//! Path normalizers and other middleware, on either side of `AppCors`.

use actix_web::body::BoxBody;
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderValue, ORIGIN};
use actix_web::middleware::{Compat, Condition, Next, NormalizePath, TrailingSlash, from_fn};
use actix_web::{App, Error, HttpMessage, HttpResponse, get, post, put, web};
use cors_runtime::{AppCors, Policy, cors, policy};

use super::APP;
use crate::support::{Server, authenticate, serve};

const EVIL: &str = "https://evil.example";

static PUBLIC: Policy = policy!(origins = ["*"], allow_headers = ["x-a"]);
static STRICT: Policy = policy!(origins = ["https://partner.example"], enforce);

#[cors(none)]
#[post("/internal")]
async fn internal() -> &'static str {
    "internal"
}

#[cors(origins = ["https://app.example"], credentials)]
#[put("/me")]
async fn write_me() -> &'static str {
    "written"
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/dir/")]
async fn dir() -> &'static str {
    "dir"
}

#[cors(origins = ["https://app.example"])]
#[post("/open")]
async fn open() -> &'static str {
    "open"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(internal)
        .service(write_me)
        .service(dir)
        .service(open)
        .route("/plain", web::put().to(|| async { "plain" }));
}

const BESIDE: [&str; 3] = ["inside", "between", "around"];

/// An app behind a login, whose normalizer is on this side of it and of `AppCors`.
fn with_normalizer(side: &'static str, to: TrailingSlash, has_default: bool) -> Server {
    serve!({
        let normalizer = |here| Compat::new(Condition::new(here == side, NormalizePath::new(to)));
        let app_cors = AppCors::new();
        App::new()
            .configure(configure)
            .wrap(normalizer("inside"))
            .wrap(from_fn(authenticate))
            .wrap(normalizer("between"))
            .wrap(if has_default {
                app_cors.otherwise(&PUBLIC)
            } else {
                app_cors
            })
            .wrap(normalizer("around"))
    })
}

/// A preflight's status, and the origin that a 401 allows.
fn say(server: &Server, method: &str, path: &str, origin: &str) -> (u16, u16, Option<String>) {
    let preflight = server.preflight(path, origin, method, "x-a");
    let plain = server.preflight(path, origin, method, "");
    let res = server.send(
        &format!("{method} {path}"),
        &[format!("Origin: {origin}")],
        "",
    );
    assert_eq!(res.status, 401, "{method} {path}");
    let allowed = res.header("access-control-allow-origin");
    (preflight.status, plain.status, allowed.map(str::to_owned))
}

#[test]
fn a_normalizer_may_be_on_either_side() {
    let app = || Some(APP.to_owned());
    let star = || Some("*".to_owned());
    for side in BESIDE {
        for to in [TrailingSlash::Trim, TrailingSlash::MergeOnly] {
            for has_default in [false, true] {
                let server = with_normalizer(side, to, has_default);
                let what = format!("{side}, {to:?}, a default: {has_default}");
                let spellings: &[_] = if matches!(to, TrailingSlash::Trim) {
                    &["/me", "/me/", "//me", "/me//"]
                } else {
                    &["/me", "//me"]
                };
                for path in spellings {
                    let said = say(&server, "PUT", path, APP);
                    assert_eq!(said, (403, 204, app()), "{what}: {path}");
                    let said = say(&server, "PUT", path, EVIL);
                    assert_eq!(said, (403, 403, None), "{what}: {path}");
                    let res = server.send(
                        &format!("PUT {path}"),
                        &[&*format!("Origin: {APP}"), "Authorization: x"],
                        "",
                    );
                    assert_eq!(res.body, "written", "{what}: {path}");
                    assert_eq!(
                        res.header("access-control-allow-origin"),
                        Some(APP),
                        "{what}: {path}"
                    );
                    // No default speaks for `none`.
                    let closed = path.replace("me", "internal");
                    let said = say(&server, "POST", &closed, APP);
                    assert_eq!(said, (403, 403, None), "{what}: {closed}");
                }
                let said = say(&server, "PUT", "/plain", APP);
                let expected = if has_default {
                    (204, 204, star())
                } else {
                    (401, 401, None)
                };
                assert_eq!(said, expected, "{what}");
                let said = say(&server, "PUT", "/nothing//at/all", APP);
                assert_eq!(said, expected, "{what}");
            }
        }
        let server = with_normalizer(side, TrailingSlash::Always, true);
        for path in ["/dir", "/dir/", "//dir"] {
            assert_eq!(
                say(&server, "GET", path, APP),
                (403, 204, app()),
                "{side}: {path}"
            );
        }
    }
}

#[test]
fn slashes_do_not_lead_around_a_default_that_enforces() {
    let server = serve!(
        App::new()
            .configure(configure)
            .default_service(web::to(|| async { "by default" }))
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    for (path, origin, status, body) in [
        ("/open", EVIL, 200, "open"),
        // There is no normalizer, so the default service takes it.
        ("/open/", EVIL, 403, ""),
        ("//open", EVIL, 403, ""),
        ("/internal/", EVIL, 403, ""),
        ("/nothing", EVIL, 403, ""),
        ("/nothing", "https://partner.example", 200, "by default"),
        ("/plain", EVIL, 403, ""),
    ] {
        let res = server.send(&format!("POST {path}"), &[format!("Origin: {origin}")], "");
        assert_eq!(
            (res.status, &*res.body),
            (status, body),
            "{path} from {origin}"
        );
    }
    // A normalizer leads to a handler, which allows its own origins.
    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(NormalizePath::trim())
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    let res = server.send("POST /open/", &[format!("Origin: {APP}")], "");
    assert_eq!((res.status, &*res.body), (200, "open"));
    assert_eq!(res.header("access-control-allow-origin"), Some(APP));
}

/// Takes away what `AppCors` has left on a request, and makes up an origin.
async fn forget(
    mut req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    *req.extensions_mut() = Extensions::new();
    req.headers_mut()
        .insert(ORIGIN, HeaderValue::from_static(APP));
    next.call(req).await
}

/// A path of any form is harmless, and so is middleware that takes things away.
#[test]
fn no_path_and_no_middleware_grants_more_than_the_policy() {
    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    let long = format!("/{}", "a/".repeat(15_000));
    for path in [
        "/%00",
        "/me//%00PUT",
        "/me%2F%2F%00PUT",
        "/internal//%00POST",
        "//",
        "///me///",
        "/me%2F",
        "/%6De",
        "/me?x=//",
        &long,
    ] {
        let res = server.preflight(path, EVIL, "POST", "");
        assert!(
            [204, 403, 400, 414, 431].contains(&res.status),
            "{path:.60}: {res:?}"
        );
        assert_ne!(
            res.header("access-control-allow-origin"),
            Some(EVIL),
            "{path:.60}"
        );
        if path.contains("internal") {
            continue;
        }
        let res = server.send(&format!("POST {path}"), &[format!("Origin: {EVIL}")], "");
        assert!(
            [401, 400, 414, 431].contains(&res.status),
            "{path:.60}: {res:?}"
        );
    }
    assert_eq!(server.preflight("/%69nternal", APP, "POST", "").status, 403);
    assert_eq!(server.preflight("/%6De", APP, "PUT", "").status, 204);

    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(forget))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    for (request, origin, allowed) in [
        ("PUT /me", APP, Some(APP)),
        ("PUT /me", EVIL, None),
        ("POST /internal", APP, None),
        ("PUT /plain", EVIL, Some("*")),
    ] {
        let res = server.send(request, &[format!("Origin: {origin}")], "");
        assert_eq!(res.status, 200, "{request}");
        assert_eq!(
            res.header("access-control-allow-origin"),
            allowed,
            "{request} from {origin}"
        );
    }
}

#[test]
fn a_scope_and_a_condition_may_have_one() {
    let server = serve!(
        App::new()
            .service(
                web::scope("/fonts")
                    .route("/a", web::get().to(HttpResponse::Ok))
                    .wrap(AppCors::new().otherwise(&PUBLIC).only(&["GET"]))
            )
            .service(
                web::scope("/api")
                    .configure(configure)
                    .wrap(from_fn(authenticate))
                    .wrap(Condition::new(true, AppCors::new()))
            )
            .service(
                web::scope("/off")
                    .configure(configure)
                    .wrap(from_fn(authenticate))
                    .wrap(Condition::new(false, AppCors::new().otherwise(&PUBLIC)))
            )
            .configure(configure)
    );
    for (method, path, origin, status) in [
        ("GET", "/fonts/a", EVIL, 204),
        ("HEAD", "/fonts/a", EVIL, 204),
        ("GET", "/fonts/none", EVIL, 204),
        ("PUT", "/fonts/a", EVIL, 403),
        ("PUT", "/api/me", APP, 204),
        ("PUT", "/api/me/", APP, 204),
        ("PUT", "/api/me", EVIL, 403),
        ("PUT", "/api/plain", EVIL, 401),
        ("PUT", "/off/me", APP, 401),
        ("PUT", "/plain", EVIL, 404),
        ("PUT", "/me", APP, 204),
    ] {
        let res = server.preflight(path, origin, method, "");
        assert_eq!(res.status, status, "{method} {path} from {origin}");
    }
    let res = server.send("GET /fonts/a", &[format!("Origin: {EVIL}")], "");
    assert_eq!(
        (res.status, res.header("access-control-allow-origin")),
        (200, Some("*"))
    );
}
