//! Which handler is found, and what is not seen.

use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::test::{TestRequest, try_call_service};
use actix_web::{App, HttpRequest, HttpResponse, get, post, put, web};
use cors_runtime::{AppCors, Policy, cors, policy, surface};

use super::APP;
use crate::support::{Server, authenticate, init_service, serve};

const ADMIN: &str = "https://admin.example";
const EVIL: &str = "https://evil.example";

static PUBLIC: Policy = policy!(origins = ["*"]);
static STRICT: Policy = policy!(origins = ["https://app.example"], enforce);

#[cors(origins = ["https://app.example"], credentials)]
#[get("/me")]
async fn get_me() -> &'static str {
    "get_me"
}

#[cors(origins = ["https://admin.example"], credentials)]
#[put("/me")]
async fn put_me() -> &'static str {
    "put_me"
}

#[cors(origins = ["https://app.example"])]
#[get("/{id}", guard = "is_json")]
async fn guarded_id() -> &'static str {
    "guarded_id"
}

#[cors(none)]
#[get("/me")]
async fn nobody() -> &'static str {
    "nobody"
}

#[cors(origins = ["https://app.example"])]
#[get("/files/{tail}*")]
async fn read_file(req: HttpRequest) -> String {
    req.match_pattern().unwrap_or_default()
}

#[cors(origins = ["https://admin.example"])]
#[put("/files/{tail}*")]
async fn write_file() -> &'static str {
    "write_file"
}

#[cors(origins = ["https://app.example"])]
#[post("/open")]
async fn open() -> &'static str {
    "open"
}

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn by_hand() -> &'static str {
    "by_hand"
}

fn is_json(ctx: &actix_web::guard::GuardContext<'_>) -> bool {
    ctx.head()
        .headers()
        .get("accept")
        .is_some_and(|it| it == "application/json")
}

async fn any() -> &'static str {
    "any"
}

fn preflight(server: &Server, path: &str, origin: &str, method: &str) -> (u16, Option<String>) {
    let res = server.preflight(path, origin, method, "");
    (
        res.status,
        res.header("access-control-allow-origin").map(str::to_owned),
    )
}

#[test]
fn an_unannotated_resource_beside_annotated_ones_has_the_default() {
    let server = serve!(
        App::new()
            .service(
                web::scope("/api/{tenant:[a-z]+}")
                    .service(get_me)
                    .service(put_me)
                    .service(web::resource("/any").to(any))
            )
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC).only(&["GET", "PUT"]))
    );
    let star = Some("*".to_owned());
    assert_eq!(
        preflight(&server, "/api/acme/any", APP, "PUT"),
        (204, star.clone())
    );
    assert_eq!(
        preflight(&server, "/api/acme/any", EVIL, "PUT"),
        (204, star)
    );
    assert_eq!(preflight(&server, "/api/acme/me", APP, "PUT"), (403, None));
    assert_eq!(
        preflight(&server, "/api/acme/me", ADMIN, "PUT"),
        (204, Some(ADMIN.to_owned()))
    );
    assert_eq!(
        preflight(&server, "/api/ACME/me", ADMIN, "PUT"),
        (204, Some("*".to_owned()))
    );
    for (path, origin, status, allowed) in [
        ("/api/acme/any", EVIL, 401, Some("*")),
        ("/api/acme/me", EVIL, 401, None),
        ("/api/acme/me", APP, 401, Some(APP)),
    ] {
        let res = server.send(&format!("GET {path}"), &[format!("Origin: {origin}")], "");
        assert_eq!(
            (res.status, res.header("access-control-allow-origin")),
            (status, allowed),
            "{path} {origin}"
        );
    }
}

#[test]
fn enforce_of_the_default_holds_for_what_has_no_policy_only() {
    let server = serve!(
        App::new()
            .service(open)
            .service(get_me)
            .route("/plain", web::post().to(any))
            .wrap(AppCors::new().otherwise(&STRICT).only(&["GET", "POST"]))
    );
    for (path, origin, status, allowed) in [
        ("/plain", EVIL, 403, None),
        ("/plain", APP, 200, Some(APP)),
        ("/open", EVIL, 200, None),
        ("/open", APP, 200, Some(APP)),
        ("/nothing", EVIL, 403, None),
    ] {
        let res = server.send(&format!("POST {path}"), &[format!("Origin: {origin}")], "");
        assert_eq!(
            (res.status, res.header("access-control-allow-origin")),
            (status, allowed),
            "{path} {origin}"
        );
        assert!(
            res.header("vary")
                .is_some_and(|vary| vary.eq_ignore_ascii_case("origin")),
            "{path} {origin}"
        );
    }
}

#[test]
fn each_method_of_a_tail_has_its_own_policy() {
    let server = serve!(
        App::new()
            .service(read_file)
            .service(write_file)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    assert_eq!(preflight(&server, "/files/a/b", APP, "GET").0, 204);
    assert_eq!(preflight(&server, "/files/a/b", ADMIN, "PUT").0, 204);
    assert_eq!(preflight(&server, "/files/a/b", APP, "PUT").0, 403);
    assert_eq!(preflight(&server, "/files/a//b", ADMIN, "PUT").0, 204);
    assert_eq!(preflight(&server, "/files/", ADMIN, "PUT").0, 204);
    // The tail of an annotated handler matches no `\0`, and its pattern says so.
    let res = server.send("GET /files/a/b", &["Authorization: x"], "");
    assert_eq!(res.body, r"/files/{tail:[^\x00]*}");
}

#[test]
fn a_default_has_the_paths_that_no_tail_matches() {
    let server = serve!(
        App::new()
            .service(
                web::scope("/{a}")
                    .service(web::scope("/{b}").service(by_hand::at("")))
                    .service(by_hand::at("/{tail}*"))
            )
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    let anyone = (204, Some("*".to_owned()));
    for path in ["/", "//"] {
        assert_eq!(preflight(&server, path, EVIL, "GET"), anyone, "{path}");
    }
    for path in ["/1/", "/1/2", "/1/2/3"] {
        let app = (204, Some(APP.to_owned()));
        assert_eq!(preflight(&server, path, APP, "GET"), app, "{path}");
        assert_eq!(preflight(&server, path, EVIL, "GET").0, 403, "{path}");
    }
}

#[test]
fn the_first_scope_whose_pattern_matches_takes_the_request() {
    let server = serve!(
        App::new()
            .service(web::scope(r"/{id:\d+}").service(get_me))
            .service(
                web::scope("/{name:[a-z]+}")
                    .service(nobody)
                    .service(web::scope("/{x}/{y}").service(get_me))
            )
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    assert_eq!(preflight(&server, "/7/me", APP, "GET").0, 204);
    assert_eq!(preflight(&server, "/abc/me", APP, "GET").0, 403);
    assert_eq!(preflight(&server, "/abc/1/2/me", APP, "GET").0, 204);
}

#[test]
fn a_handler_by_hand_has_the_last_word_on_headers_of_middleware() {
    let server = serve!(
        App::new()
            .service(by_hand::at("/at"))
            .wrap(
                DefaultHeaders::new()
                    .add(("vary", "accept"))
                    .add(("access-control-allow-origin", "*"))
            )
            .wrap(AppCors::new())
    );
    for path in ["/at"] {
        for (origin, allowed) in [(APP, Some(APP)), (EVIL, None)] {
            let res = server.send(&format!("GET {path}"), &[format!("Origin: {origin}")], "");
            assert_eq!(
                (&*res.body, res.header("access-control-allow-origin")),
                ("by_hand", allowed),
                "{path}"
            );
            assert_eq!(res.header("vary"), Some("accept, Origin"), "{path}");
        }
    }
}

/// A mark stands for its app only, whatever else is built on the thread, and whenever.
#[actix_web::test]
async fn apps_on_one_thread_are_told_apart_while_they_wait() {
    let early = AppCors::new();
    let inner = init_service(
        App::new()
            .service(put_me)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new()),
    )
    .await;
    let outer = init_service(
        App::new()
            .service(get_me)
            .wrap(from_fn(authenticate))
            .wrap(early),
    )
    .await;
    let ask = |method: &'static str, origin: &'static str| {
        TestRequest::with_uri("/me")
            .method(actix_web::http::Method::OPTIONS)
            .insert_header(("origin", origin))
            .insert_header(("access-control-request-method", method))
            .to_request()
    };
    macro_rules! status {
        ($app:expr, $method:expr, $origin:expr) => {
            match try_call_service(&$app, ask($method, $origin)).await {
                Ok(res) => res.status().as_u16(),
                Err(error) => error.as_response_error().status_code().as_u16(),
            }
        };
    }
    assert_eq!(status!(inner, "PUT", ADMIN), 204);
    assert_eq!(status!(inner, "GET", APP), 401);
    assert_eq!(status!(outer, "GET", APP), 204);
    assert_eq!(status!(outer, "PUT", ADMIN), 401);
}

#[actix_web::test]
async fn the_surface_shows_what_is_known_of_prefixes() {
    let found = surface(|app: &mut web::ServiceConfig| {
        app.service(web::scope("/t/{tenant}").service(get_me).service(read_file));
        app.service(web::scope("/l/{lang:[a-z]{2}}").service(get_me));
    })
    .await
    .to_string();
    assert_eq!(
        found,
        r#"/l/{lang:[a-z]{2}}/me GET get_me: origins = ["https://app.example"], credentials
/t/{tenant}/files/{tail}* GET read_file: origins = ["https://app.example"]
/t/{tenant}/me GET get_me: origins = ["https://app.example"], credentials
"#
    );
}

#[test]
fn a_refusal_by_the_middleware_of_a_scope_can_be_read() {
    let server = serve!(
        App::new()
            .service(web::scope("/s").wrap(from_fn(authenticate)).service(get_me))
            .route("/s2", web::get().to(HttpResponse::Ok))
            .wrap(AppCors::new())
    );
    let res = server.send("GET /s/me", &[format!("Origin: {APP}")], "");
    assert_eq!(
        (res.status, res.header("access-control-allow-origin")),
        (401, Some(APP))
    );
    let res = server.send(
        "GET /s/me",
        &[format!("Origin: {EVIL}"), "Authorization: x".into()],
        "",
    );
    assert_eq!(
        (res.status, res.header("access-control-allow-origin")),
        (200, None)
    );
    let res = server.send("GET /s2", &[format!("Origin: {APP}")], "");
    assert_eq!((res.status, res.cors()), (200, vec![]));
}

#[test]
fn a_default_of_none_allows_no_one_and_leaves_other_policies_alone() {
    let server = serve!(
        App::new()
            .service(get_me)
            .route(
                "/plain",
                web::get().to(|| async {
                    HttpResponse::Ok()
                        .insert_header(("access-control-allow-origin", "*"))
                        .finish()
                })
            )
            .wrap(AppCors::new().otherwise(nobody::POLICY).only(&["GET"]))
    );
    assert_eq!(preflight(&server, "/plain", APP, "GET"), (403, None));
    assert_eq!(
        preflight(&server, "/me", APP, "GET"),
        (204, Some(APP.to_owned()))
    );
    for (path, allowed) in [("/plain", None), ("/me", Some(APP)), ("/nothing", None)] {
        let res = server.send(&format!("GET {path}"), &[format!("Origin: {APP}")], "");
        assert_eq!(res.header("access-control-allow-origin"), allowed, "{path}");
    }
}

/// Two scopes, each with an `AppCors` of its own.
#[test]
fn an_app_cors_on_a_scope_knows_that_scope_only() {
    let scope = |name: &str| {
        web::scope(name)
            .service(get_me)
            .service(put_me)
            .route("/plain", web::get().to(any))
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    };
    let server = serve!(
        App::new()
            .service(scope("/a"))
            .service(scope("/b/{c}"))
            .service(put_me)
    );
    for prefix in ["/a", "/b/c"] {
        assert_eq!(
            preflight(&server, &format!("{prefix}/me"), APP, "GET").0,
            204
        );
        assert_eq!(
            preflight(&server, &format!("{prefix}/me"), APP, "PUT").0,
            403
        );
        assert_eq!(
            preflight(&server, &format!("{prefix}/plain"), APP, "GET").0,
            401
        );
        let res = server.send(&format!("GET {prefix}/me"), &[format!("Origin: {APP}")], "");
        assert_eq!(
            (res.status, res.header("access-control-allow-origin")),
            (401, Some(APP))
        );
    }
    assert_eq!(preflight(&server, "/me", ADMIN, "PUT").0, 204);
}

/// The documentation of `AppCors` names these.
#[test]
fn some_things_are_not_seen() {
    let server = serve!(
        App::new()
            .service(get_me)
            .route("/me", web::put().to(any))
            .service(put_any)
            .service(web::resource("/early/{tail}*").to(any))
            .service(web::scope("/early").service(put_me))
            .default_service(web::to(any))
            .wrap(AppCors::new())
    );
    for (what, path, origin, then) in [
        (
            "an unannotated handler behind an annotated one: another handler answers for it",
            "/me",
            ADMIN,
            (204, Some(ADMIN)),
        ),
        (
            "a handler behind an unannotated tail, which takes the request",
            "/early/me",
            ADMIN,
            (200, None),
        ),
        (
            "a default service where slashes alone lead to a handler",
            "/7/",
            ADMIN,
            (204, Some(ADMIN)),
        ),
    ] {
        let (status, allowed) = preflight(&server, path, origin, "PUT");
        assert_eq!((status, allowed.as_deref()), then, "{what}");
        let res = server.send(&format!("PUT {path}"), &[format!("Origin: {origin}")], "");
        assert_eq!((res.status, &*res.body), (200, "any"), "{what}");
    }
    let version = |value| actix_web::guard::Header("x-version", value);
    let server = serve!(
        App::new()
            .service(web::scope("/v/{a}").guard(version("1")).service(get_me))
            .service(
                web::scope("/v/{b}")
                    .guard(version("2"))
                    .service(nobody)
                    .service(put_me)
            )
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    // Both scopes have this one, so both must agree.
    assert_eq!(preflight(&server, "/v/1/me", APP, "GET").0, 403);
    // The second scope has this one; it is not found behind the first.
    assert_eq!(preflight(&server, "/v/1/me", ADMIN, "PUT").0, 401);
}

/// It is not middleware around the app that responds there.
#[test]
fn a_default_service_behind_guards_has_no_policy() {
    let server = serve!(
        App::new()
            .service(guarded_id)
            .service(
                web::scope("/s")
                    .service(guarded_id)
                    .default_service(web::to(any))
            )
            .default_service(web::to(any))
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    for path in ["/x", "/s/x"] {
        for (lines, then) in [
            (&["Authorization: x"][..], (200, "any", None)),
            (
                &["Authorization: x", "Accept: application/json"],
                (200, "guarded_id", Some(APP)),
            ),
            (&[], (401, "who are you?", Some(APP))),
        ] {
            let mut lines = lines.to_vec();
            lines.push("Origin: https://app.example");
            let res = server.send(&format!("GET {path}"), &lines, "");
            let allowed = res.header("access-control-allow-origin");
            assert_eq!((res.status, &*res.body, allowed), then, "{path} {lines:?}");
        }
    }
}

#[cors(origins = ["https://admin.example"])]
#[put("/{id}")]
async fn put_any() -> &'static str {
    "put_any"
}
