//! `AppCors`: preflights before any other middleware, and responses that are made before the
//! handler.

use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::{
    DefaultHeaders, ErrorHandlerResponse, ErrorHandlers, Next, NormalizePath, from_fn,
};
use actix_web::{App, Error, HttpResponse, web};
use cors_runtime::{AppCors, Policy, policy, surface};

use super::APP;
use super::handlers::{configure, read_me, write_me};
use crate::support::{authenticate, serve};

/// How many requests got past the outermost middleware, where they are counted.
static INSIDE: AtomicU32 = AtomicU32::new(0);

static PUBLIC: Policy = policy!(origins = ["*"], expose_headers = ["etag"]);

async fn count(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    INSIDE.fetch_add(1, Ordering::SeqCst);
    next.call(req).await
}

/// [`authenticate`], with a response rather than an error.
async fn refuse(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if req.headers().contains_key(header::AUTHORIZATION) {
        next.call(req).await
    } else {
        Ok(req.into_response(
            HttpResponse::TooManyRequests()
                .insert_header(("vary", "x-key"))
                .finish(),
        ))
    }
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn preflights_are_answered_by_the_handlers_policy_before_anything_runs() {
    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(authenticate))
            .wrap(from_fn(count))
            .wrap(AppCors::new())
    );
    let bare = serve!(App::new().configure(configure));
    for (path, origin, method, headers, status) in [
        ("/me", APP, "GET", "authorization", 204),
        ("/me", APP, "GET", "x-other", 403),
        ("/me", "https://evil.example", "GET", "", 403),
        ("/me", "https://admin.example", "PUT", "content-type", 204),
        ("/me", APP, "PUT", "", 403),
        ("/users/7", APP, "GET", "", 204),
        ("/files/a/b/c", APP, "GET", "", 204),
        ("/tenants/t", APP, "GET", "", 204),
        ("/tenants/t/users/7", APP, "GET", "", 204),
        ("/internal", APP, "POST", "", 403),
        ("/transfer", APP, "POST", "", 204),
        ("/by-hand", APP, "POST", "", 204),
        ("/slow", APP, "GET", "", 204),
        ("/slow", "https://evil.example", "GET", "", 403),
    ] {
        INSIDE.store(0, Ordering::SeqCst);
        let res = server.preflight(path, origin, method, headers);
        let what = format!("{method} {path} from {origin}");
        assert_eq!(res.status, status, "{what}");
        assert_eq!(INSIDE.load(Ordering::SeqCst), 0, "{what}: a middleware ran");
        // Routing alone answers the same.
        let inside = bare.preflight(path, origin, method, headers);
        assert_eq!(
            (res.status, res.cors()),
            (inside.status, inside.cors()),
            "{what}"
        );
    }
    // Guards are not asked, and both handlers must agree.
    assert_eq!(server.preflight("/version", APP, "GET", "").status, 204);
    assert_eq!(
        server
            .preflight("/version", "https://new.example", "GET", "")
            .status,
        403
    );
    // Where no annotated handler has the method, the request goes on as it would.
    for (path, method) in [("/plain", "GET"), ("/me", "DELETE"), ("/nowhere", "GET")] {
        INSIDE.store(0, Ordering::SeqCst);
        let res = server.preflight(path, APP, method, "");
        assert_eq!((res.status, res.cors()), (401, vec![]), "{method} {path}");
        assert_eq!(INSIDE.load(Ordering::SeqCst), 1, "{method} {path}");
    }
}

#[test]
fn responses_that_are_made_before_the_handler_can_be_read() {
    let with_error = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    let with_response = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(refuse))
            .wrap(AppCors::new())
    );
    let origin = format!("Origin: {APP}");
    let allowed = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example",
    ];
    for (server, status, vary) in [
        (&with_error, 401, "vary: origin"),
        (&with_response, 429, "vary: origin, x-key"),
    ] {
        let res = server.send("GET /me", &[&origin], "");
        assert_eq!(
            (res.status, res.cors()),
            (
                status,
                [&allowed[..], &[vary]]
                    .concat()
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            )
        );
        // Another origin reads nothing, and caches keep the two apart.
        let res = server.send("GET /me", &["Origin: https://evil.example"], "");
        assert_eq!((res.status, res.cors()), (status, vec![vary.to_owned()]));
        // Responses without a policy stay as they are.
        for path in ["/plain", "/nowhere"] {
            let res = server.send(&format!("GET {path}"), &[&origin], "");
            assert!(
                res.header("access-control-allow-origin").is_none(),
                "{path}"
            );
        }
        // With a password, the handler is reached.
        let res = server.send("GET /me", &[&origin, "Authorization: Basic x"], "");
        assert_eq!((res.status, &*res.body), (200, "me"));
        assert_eq!(res.cors(), [&allowed[..], &["vary: origin"]].concat());
    }
    // `enforce` and the guarantee hold.
    let lines = ["Origin: https://evil.example", "Authorization: Basic x"];
    let res = with_error.send("POST /transfer", &lines, "");
    assert_eq!((res.status, &*res.body), (403, ""));
    let lines = [
        &*origin,
        "Authorization: Basic x",
        "Sec-Fetch-Site: cross-site",
        "Content-Type: application/json",
    ];
    assert_eq!(with_error.send("POST /internal", &lines, "").status, 403);
}

#[test]
fn a_plain_handler_that_comes_first_keeps_its_response() {
    let server = serve!(App::new().configure(configure).wrap(AppCors::new()));
    let res = server.send("GET /users/me", &[format!("Origin: {APP}")], "");
    assert_eq!((&*res.body, res.cors()), ("plain", vec![]));
    let res = server.send("GET /users/7", &[format!("Origin: {APP}")], "");
    assert_eq!(&*res.body, "user");
    assert!(res.header("access-control-allow-origin").is_some());
    // Guards choose the handler, and its policy counts.
    for (version, body) in [("1", "1"), ("2", "2")] {
        let lines = [
            "Origin: https://new.example".to_owned(),
            format!("X-Version: {version}"),
        ];
        let res = server.send("GET /version", &lines, "");
        assert_eq!(&*res.body, body);
        assert_eq!(
            res.header("access-control-allow-origin").is_some(),
            version == "2",
            "{version}"
        );
    }
}

#[test]
fn the_policy_has_the_last_word() {
    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(refuse))
            .wrap(
                DefaultHeaders::new()
                    .add(("access-control-allow-origin", "*"))
                    .add(("vary", "accept-language"))
            )
            .wrap(
                ErrorHandlers::new().handler(StatusCode::TOO_MANY_REQUESTS, |res| {
                    let (req, _) = res.into_parts();
                    let res = HttpResponse::TooManyRequests().body("replaced");
                    Ok(ErrorHandlerResponse::Response(
                        ServiceResponse::new(req, res).map_into_right_body(),
                    ))
                })
            )
            .wrap(AppCors::new())
            .wrap(NormalizePath::trim())
    );
    let origin = format!("Origin: {APP}");
    let allowed = "access-control-allow-origin: https://app.example".to_owned();
    let res = server.send("GET /users/7/", &[&*origin, "Authorization: x"], "");
    assert_eq!(
        (res.status, res.cors()),
        (
            200,
            vec![allowed.clone(), "vary: accept-language, origin".to_owned()]
        )
    );
    let res = server.send("GET /users/7", &[&*origin], "");
    assert_eq!((res.status, &*res.body), (429, "replaced"));
    assert_eq!(res.cors(), [allowed, "vary: origin".to_owned()]);
}

#[test]
fn a_default_covers_what_has_no_policy_and_none_stays_none() {
    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC).only(&["GET", "HEAD"]))
    );
    let origin = "Origin: https://anyone.example";
    let public = [
        "access-control-allow-origin: *",
        "access-control-expose-headers: etag",
    ]
    .map(String::from);
    for (path, status) in [("/plain", 200), ("/nowhere", 404), ("/users/me", 200)] {
        let res = server.send(&format!("GET {path}"), &[origin, "Authorization: x"], "");
        assert_eq!(
            (res.status, res.cors()),
            (status, public.to_vec()),
            "{path}"
        );
    }
    // An annotated handler has that path too, so it is not clear what the default is for.
    let res = server.send("GET /users/me", &[origin], "");
    assert_eq!(
        (res.status, res.cors()),
        (401, vec!["vary: origin".to_owned()])
    );
    // A response that middleware makes before the handler.
    let res = server.send("GET /plain", &[origin], "");
    assert_eq!((res.status, res.cors()), (401, public.to_vec()));
    // `only` is about preflights. A response has the headers whatever the method.
    let res = server.send("POST /plain", &[origin, "Authorization: x"], "");
    assert_eq!((res.status, res.cors()), (404, public.to_vec()));
    assert_eq!(server.preflight("/plain", APP, "GET", "").status, 204);
    assert_eq!(server.preflight("/plain", APP, "PUT", "").status, 403);
    // Handlers keep their own.
    let res = server.send("POST /internal", &[origin, "Authorization: x"], "");
    assert_eq!((res.status, res.cors()), (200, vec![]));
    let res = server.send("GET /me", &[origin, "Authorization: x"], "");
    assert_eq!(
        (res.status, res.cors()),
        (200, vec!["vary: origin".to_owned()])
    );
    assert_eq!(server.preflight("/internal", APP, "POST", "").status, 403);
}

#[test]
#[should_panic(expected = "rule: miscased_method")]
fn methods_of_the_default_follow_the_rules() {
    let _ = AppCors::new().otherwise(&PUBLIC).only(&["get"]);
}

#[test]
fn one_inside_another_is_harmless_and_so_is_one_on_a_scope() {
    let server = serve!(
        App::new()
            .service(
                web::scope("/inner")
                    .wrap(from_fn(refuse))
                    .wrap(AppCors::new())
                    .service(read_me)
            )
            .service(write_me)
            .wrap(AppCors::new())
            .wrap(AppCors::new())
    );
    let res = server.send("GET /inner/me", &[format!("Origin: {APP}")], "");
    assert_eq!(res.status, 429);
    assert_eq!(res.header("access-control-allow-origin"), Some(APP));
    assert_eq!(server.preflight("/inner/me", APP, "GET", "").status, 204);
    // On a scope alone.
    let server = serve!(
        App::new().service(
            web::scope("/inner")
                .service(read_me)
                .wrap(from_fn(refuse))
                .wrap(AppCors::new())
        )
    );
    let res = server.send("GET /inner/me", &[format!("Origin: {APP}")], "");
    assert_eq!(
        (res.status, res.header("access-control-allow-origin")),
        (429, Some(APP))
    );
    assert_eq!(server.preflight("/inner/me", APP, "GET", "").status, 204);
}

#[actix_web::test]
async fn the_surface_of_an_app_is_a_page() {
    let found = surface(configure).await.to_string();
    let expected = "\
/by-hand POST by_hand: origins = [\"https://app.example\"]
/files/{tail}* GET files: origins = [\"https://app.example\"]
/internal POST internal: none
/me GET read_me: origins = [\"https://app.example\"], credentials, allow_headers = [\"authorization\"]
/me PUT write_me: origins = [\"https://admin.example\"], allow_headers = [\"content-type\"], max_age = 5
/slow GET slow: origins = [SLOW]
/tenants/{tenant} GET root_of_scope: origins = [\"https://app.example\"]
/tenants/{tenant}/users/{id} GET user: origins = [\"https://app.example\"]
/transfer POST transfer: origins = [\"https://app.example\"], enforce
/users/{id} GET user: origins = [\"https://app.example\"]
/version GET version_1: origins = [\"https://app.example\"]
/version GET version_2: origins = [\"https://app.example\", \"https://new.example\"]
";
    assert_eq!(found, expected);
}
