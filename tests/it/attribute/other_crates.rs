//! Macros and extractors of other crates beside the attribute.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::Key;
use actix_web::dev::ServiceRequest;
use actix_web::middleware::NormalizePath;
use actix_web::test::{TestRequest, call_service};
use actix_web::{App, HttpResponse, get, post, web};
use actix_web_grants::{GrantsMiddleware, protect};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use actix_web_httpauth::middleware::HttpAuthentication;
use cors_runtime::cors;

use crate::support::{Response, Server, init_service, serve};

const APP: &str = "Origin: https://app.example";
const ALLOWED: &[&str] = &[
    "access-control-allow-origin: https://app.example",
    "vary: origin",
];

fn preflight(server: &Server, path: &str, method: &str, headers: &str) -> Response {
    let lines = [
        APP.to_owned(),
        format!("Access-Control-Request-Method: {method}"),
        format!("Access-Control-Request-Headers: {headers}"),
    ];
    server.send(&format!("OPTIONS {path}"), &lines, "")
}

/// Counts the spans named `instrumented`.
static SPANS: AtomicUsize = AtomicUsize::new(0);

struct CountSpans;

impl tracing::Subscriber for CountSpans {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        if span.metadata().name() == "instrumented" {
            SPANS.fetch_add(1, Ordering::SeqCst);
        }
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

mod instrumented {
    use super::{cors, get, post, web};

    pub(crate) mod between {
        use super::{cors, get};
        #[cors(origins = ["https://app.example"])]
        #[tracing::instrument]
        #[get("/between")]
        pub(crate) async fn instrumented() -> &'static str {
            ""
        }
    }

    pub(crate) mod below {
        use super::{cors, post};
        #[cors(origins = ["https://app.example"])]
        #[post("/below")]
        #[tracing::instrument(skip(body))]
        pub(crate) async fn instrumented(body: String) -> String {
            body
        }
    }

    pub(crate) mod above {
        use super::{cors, get};
        #[tracing::instrument]
        #[cors(origins = ["https://app.example"])]
        #[get("/above")]
        pub(crate) async fn instrumented() -> &'static str {
            ""
        }
    }

    pub(crate) mod by_hand {
        use super::cors;
        #[cors(origins = ["https://app.example"], methods = ["GET"])]
        #[tracing::instrument]
        pub(crate) async fn instrumented() -> &'static str {
            ""
        }
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(between::instrumented)
            .service(below::instrumented)
            .service(above::instrumented)
            .service(by_hand::instrumented::at("/by-hand"));
    }
}

#[actix_web::test]
async fn tracing_instruments_the_handler_wherever_it_stands() {
    let app = init_service(App::new().configure(instrumented::configure)).await;
    let _subscriber = tracing::subscriber::set_default(CountSpans);
    for (i, (method, path)) in [
        ("GET", "/between"),
        ("POST", "/below"),
        ("GET", "/above"),
        ("GET", "/by-hand"),
    ]
    .into_iter()
    .enumerate()
    {
        let req = TestRequest::with_uri(path)
            .method(method.parse().expect("a method"))
            .insert_header(("origin", "https://app.example"))
            .to_request();
        let res = call_service(&app, req).await;
        let mut cors: Vec<_> = (res.headers().iter())
            .filter(|(name, _)| name.as_str().starts_with("access-control-") || *name == "vary")
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("ASCII")))
            .collect();
        cors.sort();
        let allowed = "access-control-allow-origin: https://app.example";
        assert_eq!(cors, [allowed, "vary: Origin"], "{path}");
        assert_eq!(SPANS.load(Ordering::SeqCst), i + 1, "{path}");
    }
}

/// Reads what is documented.
#[cors(origins = ["https://app.example"])]
#[utoipa::path(responses((status = 200, description = "read")))]
#[get("/documented/{id}")]
async fn documented_between(id: web::Path<u8>) -> String {
    id.to_string()
}

#[utoipa::path(responses((status = 200)))]
#[cors(origins = ["https://app.example"])]
#[post("/documented")]
async fn documented_above() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example"], methods = ["PUT"])]
#[utoipa::path(put, path = "/documented", responses((status = 200)))]
async fn documented_by_hand() -> &'static str {
    ""
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(documented_between, documented_above, documented_by_hand))]
struct Api;

#[test]
fn the_openapi_document_lists_the_operations() {
    let api = <Api as utoipa::OpenApi>::openapi();
    let operations: Vec<_> = (api.paths.paths.iter())
        .map(|(path, item)| {
            (
                path.as_str(),
                item.get.is_some(),
                item.post.is_some(),
                item.put.is_some(),
            )
        })
        .collect();
    assert_eq!(
        operations,
        [
            ("/documented", false, true, true),
            ("/documented/{id}", true, false, false)
        ]
    );
    let server = Server::start(|app| {
        app.service(documented_between)
            .service(documented_above)
            .service(documented_by_hand::at("/documented"));
    });
    assert_eq!(server.send("GET /documented/7", &[APP], "").cors(), ALLOWED);
    assert_eq!(server.send("POST /documented", &[APP], "").cors(), ALLOWED);
    assert_eq!(preflight(&server, "/documented", "PUT", "").status, 204);
}

async fn validator(
    req: ServiceRequest,
    token: BearerAuth,
) -> Result<ServiceRequest, (actix_web::Error, ServiceRequest)> {
    if token.token() == "secret" {
        Ok(req)
    } else {
        Err((actix_web::error::ErrorUnauthorized("who are you?"), req))
    }
}

#[cors(origins = ["https://app.example"], allow_headers = ["authorization"])]
#[get("/guarded", wrap = "HttpAuthentication::bearer(validator)")]
async fn guarded() -> &'static str {
    "secret"
}

#[test]
fn httpauth_in_wrap_answers_under_the_policy_and_does_not_see_preflights() {
    let server = serve!(App::new().service(guarded));
    for (authorization, status) in [
        ("Bearer secret", 200),
        ("Bearer other", 401),
        ("Basic nonsense", 401),
    ] {
        let response = server.send(
            "GET /guarded",
            &[APP, &format!("Authorization: {authorization}")],
            "",
        );
        assert_eq!(response.status, status, "{authorization}");
        assert_eq!(response.cors(), ALLOWED, "{authorization}");
    }
    let response = server.send("GET /guarded", &[APP], "");
    assert_eq!(
        (response.status, response.cors()),
        (401, ALLOWED.iter().map(ToString::to_string).collect())
    );
    assert_eq!(
        preflight(&server, "/guarded", "GET", "authorization").status,
        204
    );
}

#[cors(origins = ["https://app.example"], credentials)]
#[post("/login")]
async fn login(session: Session) -> actix_web::Result<&'static str> {
    session.insert("user", 7)?;
    Ok("in")
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/whoami")]
async fn who_am_i(session: Session) -> actix_web::Result<String> {
    Ok(format!("{:?}", session.get::<u8>("user")?))
}

#[test]
fn session_cookies_are_set_and_read() {
    let server = serve!(
        App::new()
            .wrap(SessionMiddleware::new(
                CookieSessionStore::default(),
                Key::from(&[7; 64])
            ))
            .service(login)
            .service(who_am_i)
    );
    let response = server.send("POST /login", &[APP], "");
    let cookie = response
        .header("set-cookie")
        .and_then(|cookie| cookie.split(';').next())
        .expect("a cookie");
    assert_eq!(
        response.header("access-control-allow-credentials"),
        Some("true")
    );
    let response = server.send("GET /whoami", &[APP, &format!("Cookie: {cookie}")], "");
    assert_eq!(response.body, "Some(7)");
    assert_eq!(
        response.header("access-control-allow-origin"),
        Some("https://app.example")
    );
}

async fn grants(req: &mut ServiceRequest) -> Result<HashSet<String>, actix_web::Error> {
    Ok(req
        .headers()
        .get("x-role")
        .and_then(|role| role.to_str().ok())
        .map(str::to_owned)
        .into_iter()
        .collect())
}

#[cors(origins = ["https://app.example"])]
#[get("/protected")]
#[protect("ADMIN")]
async fn protected_below() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(origins = ["https://app.example"])]
#[protect("ADMIN")]
#[post("/protected")]
async fn protected_between() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(origins = ["https://app.example"], methods = ["PUT"])]
#[protect("ADMIN")]
async fn protected_by_hand() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[test]
fn a_macro_that_guards_the_body_keeps_guarding_it() {
    let server = serve!(
        App::new()
            .wrap(GrantsMiddleware::with_extractor(grants))
            .service(protected_below)
            .service(protected_between)
            .service(protected_by_hand::at("/protected"))
    );
    for method in ["GET", "POST", "PUT"] {
        for (role, status) in [("ADMIN", 200), ("GUEST", 403)] {
            let response = server.send(
                &format!("{method} /protected"),
                &[APP, &format!("X-Role: {role}")],
                "",
            );
            assert_eq!(
                (response.status, response.cors()),
                (status, ALLOWED.iter().map(ToString::to_string).collect()),
                "{method} by {role}"
            );
        }
    }
}

#[cors(origins = ["https://app.example"], expose_headers = ["content-encoding"])]
#[get("/big")]
async fn big() -> String {
    "big ".repeat(1000)
}

#[test]
fn a_path_is_normalized_before_the_handler_is_found() {
    let server = serve!(App::new().wrap(NormalizePath::trim()).service(big));
    assert_eq!(server.send("GET //big/", &[APP], "").status, 200);
    assert_eq!(preflight(&server, "//big/", "GET", "").status, 204);
}

#[test]
fn files_beside_it_are_left_alone() {
    let server = Server::start(|app| {
        app.service(big)
            .service(actix_files::Files::new("/", "tests/support"));
    });
    let response = server.send("GET /mod.rs", &[APP], "");
    assert_eq!((response.status, response.cors()), (200, vec![]));
    assert_eq!(server.send("GET /big", &[APP], "").status, 200);
    assert_eq!(preflight(&server, "/big", "GET", "").status, 204);
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/both")]
async fn both() -> &'static str {
    ""
}

/// The outer one has the last word: on preflights, which it responds to itself, and on responses,
/// where it overwrites.
#[test]
fn actix_cors_on_the_app_wins() {
    let server = serve!(
        App::new()
            .wrap(
                actix_cors::Cors::default()
                    .allowed_origin("https://other.example")
                    .allowed_methods(["GET"])
            )
            .service(both)
    );
    let response = preflight(&server, "/both", "GET", "");
    assert_eq!(
        (
            response.status,
            response.header("access-control-allow-origin")
        ),
        (400, None)
    );
    let response = server.send("GET /both", &["Origin: https://other.example"], "");
    assert_eq!(
        response.header("access-control-allow-origin"),
        Some("https://other.example")
    );
    // Where the outer one has nothing to say, ours stays.
    let response = server.send("GET /both", &[APP], "");
    assert_eq!(
        response.header("access-control-allow-origin"),
        Some("https://app.example")
    );
}
