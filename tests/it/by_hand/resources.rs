//! A handler registered with `at` takes what a resource takes, inside its policy.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{DefaultHeaders, Next, from_fn};
use actix_web::{Error, HttpRequest, HttpResponse, body::BoxBody, guard, web};
use cors_runtime::{Policy, cors, policy};

use crate::support::{Server, authenticate};

const APP: &str = "https://app.example";
const ALLOWED: &[&str] = &[
    "access-control-allow-origin: https://app.example",
    "vary: origin",
];

static POLICY: Policy = policy!(
    origins = ["https://app.example"],
    allow_headers = ["x-asked"]
);

#[cors(POLICY, methods = ["GET"])]
async fn read() -> &'static str {
    "read"
}

#[cors(POLICY, methods = ["POST"])]
async fn create() -> &'static str {
    "created"
}

#[cors(POLICY, methods = ["POST"])]
async fn remove() -> &'static str {
    "removed"
}

fn origin() -> [String; 1] {
    [format!("Origin: {APP}")]
}

/// How many requests came to the limiter.
static LIMITED: AtomicUsize = AtomicUsize::new(0);

/// Lets no request through.
async fn limit(req: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    LIMITED.fetch_add(1, Ordering::SeqCst);
    Ok(req.into_response(HttpResponse::TooManyRequests().body("later")))
}

#[test]
fn a_limiter_does_not_count_preflights_and_script_can_read_its_response() {
    let server = Server::start(|app| {
        app.service(create::at("/post").wrap(from_fn(limit)));
    });
    assert_eq!(
        server.preflight("/post", APP, "POST", "x-asked").status,
        204
    );
    assert_eq!(LIMITED.load(Ordering::SeqCst), 0);

    let response = server.send("POST /post", &origin(), "");
    assert_eq!(response.status, 429);
    assert_eq!(response.body, "later");
    assert_eq!(response.cors(), ALLOWED);
    assert_eq!(LIMITED.load(Ordering::SeqCst), 1);
}

#[test]
fn a_login_does_not_see_preflights_and_script_can_read_its_401() {
    let server = Server::start(|app| {
        app.service(create::at("/post").wrap(from_fn(authenticate)));
    });
    assert_eq!(server.preflight("/post", APP, "POST", "").status, 204);

    let response = server.send("POST /post", &origin(), "");
    assert_eq!(response.status, 401);
    assert_eq!(response.cors(), ALLOWED);

    let [origin] = origin();
    let response = server.send("POST /post", &[&*origin, "Authorization: me"], "");
    assert_eq!(response.status, 200);
    assert_eq!(response.cors(), ALLOWED);
}

#[test]
fn the_policy_has_the_last_word_on_the_headers_of_a_middleware() {
    async fn grants_everything(
        req: ServiceRequest,
        next: Next<BoxBody>,
    ) -> Result<ServiceResponse, Error> {
        let mut response = next.call(req).await?;
        let headers = response.headers_mut();
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        headers.append(header::VARY, HeaderValue::from_static("accept, origin"));
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        Ok(response)
    }
    let server = Server::start(|app| {
        app.service(read::at("/").wrap(from_fn(grants_everything)));
    });
    let vary = "vary: accept, accept-language, origin";
    for (origin, cors) in [
        (APP, vec![ALLOWED[0], vary]),
        ("https://evil.example", vec![vary]),
    ] {
        let response = server.send("GET /", &[format!("Origin: {origin}")], "");
        assert_eq!(response.status, 200, "{origin}");
        assert_eq!(response.cors(), cors, "{origin}");
    }
}

#[test]
fn the_middleware_wrapped_last_is_the_outermost() {
    fn named(name: &'static str) -> DefaultHeaders {
        DefaultHeaders::new().add(("x-named", name))
    }
    let server = Server::start(|app| {
        app.service(read::at("/").wrap(named("inner")).wrap(named("outer")));
    });
    // `DefaultHeaders` adds a header only if there is none.
    let response = server.send("GET /", &origin(), "");
    assert_eq!(response.header("x-named"), Some("inner"));
}

#[test]
fn a_guard_chooses_the_handler_and_preflights_must_pass_it() {
    let server = Server::start(|app| {
        let is_json = || guard::Header("content-type", "application/json");
        app.service(
            web::scope("/by-header")
                .service(create::at("").guard(is_json()))
                .service(remove::at("")),
        )
        .service(read::at("/guarded").guard(guard::Header("x-asked", "1")))
        .service(
            web::scope("/by-host")
                .service(create::at("").guard(guard::Host("create.example")))
                .service(remove::at("").guard(guard::Not(guard::Host("create.example")))),
        );
    });
    let [origin] = origin();
    let asked = "Access-Control-Request-Method: POST";
    for (what, start, headers, status, body) in [
        (
            "the header is there",
            "POST /by-header",
            vec!["Content-Type: application/json"],
            200,
            "created",
        ),
        (
            "the header is not there",
            "POST /by-header",
            vec![],
            200,
            "removed",
        ),
        (
            "a preflight goes to the handler without a guard",
            "OPTIONS /by-header",
            vec![asked],
            204,
            "",
        ),
        (
            "the guard is passed",
            "GET /guarded",
            vec!["X-Asked: 1"],
            200,
            "read",
        ),
        ("the guard is not passed", "GET /guarded", vec![], 404, ""),
        (
            "a preflight does not have the header",
            "OPTIONS /guarded",
            vec![
                "Access-Control-Request-Method: GET",
                "Access-Control-Request-Headers: x-asked",
            ],
            404,
            "",
        ),
        (
            "the host of this server",
            "POST /by-host",
            vec![],
            200,
            "removed",
        ),
        (
            "a preflight has a host",
            "OPTIONS /by-host",
            vec![asked],
            204,
            "",
        ),
    ] {
        let headers: Vec<_> = headers.into_iter().chain([&*origin]).collect();
        let response = server.send(start, &headers, "");
        assert_eq!(response.status, status, "{what}");
        assert_eq!(response.body, body, "{what}");
    }
}

#[cors(POLICY, methods = ["GET"])]
async fn links(req: HttpRequest) -> String {
    let [by_handler, by_name] =
        [req.url_for("item", ["7"]), req.url_for("one", ["7"])].map(|url| match url {
            Ok(url) => url.path().to_owned(),
            Err(error) => error.to_string(),
        });
    format!("{by_handler} {by_name}")
}

#[cors(POLICY, methods = ["GET"])]
async fn item() -> &'static str {
    ""
}

#[test]
fn url_for_finds_a_handler_by_its_own_name_or_by_the_one_that_it_is_given() {
    let server = Server::start(|app| {
        app.service(links::at("/links"))
            .service(web::scope("/items").service(item::at("/{id}")))
            .service(item::at("/ones/{id}").name("one"));
    });
    let response = server.send("GET /links", &origin(), "");
    assert_eq!(response.body, "/items/7 /ones/7");
}

#[cors(POLICY, methods = ["GET"])]
async fn data(found: web::Data<&'static str>, other: Option<web::Data<u8>>) -> String {
    format!("{} {}", **found, other.is_some())
}

#[test]
fn data_of_the_handler_comes_before_that_of_the_scope_and_the_app() {
    let server = Server::start(|app| {
        app.app_data(web::Data::new("app"))
            .app_data(web::Data::new(1_u8))
            .service(data::at("/app"))
            .service(data::at("/own").app_data(web::Data::new("own")))
            .service(
                web::scope("/scope")
                    .app_data(web::Data::new("scope"))
                    .service(data::at(""))
                    .service(data::at("/own").app_data(web::Data::new("own in scope"))),
            );
    });
    for (path, found) in [
        ("/app", "app true"),
        ("/own", "own true"),
        ("/scope", "scope true"),
        ("/scope/own", "own in scope true"),
    ] {
        let response = server.send(&format!("GET {path}"), &origin(), "");
        assert_eq!(response.body, found, "{path}");
        assert_eq!(response.cors(), ALLOWED, "{path}");
    }
}

/// A limit of the extractor is data too.
#[cors(POLICY, methods = ["POST"])]
async fn short(body: String) -> String {
    body
}

#[test]
fn an_extractor_is_configured_where_the_handler_is_registered() {
    let server = Server::start(|app| {
        app.service(short::at("/short").app_data(web::PayloadConfig::new(3)))
            .service(short::at("/long"));
    });
    for (path, status) in [("/short", 413), ("/long", 200)] {
        let response = server.send(&format!("POST {path}"), &origin(), "12345");
        assert_eq!(response.status, status, "{path}");
        assert_eq!(response.cors(), ALLOWED, "{path}");
    }
}

#[cors(POLICY, methods = ["GET", "DELETE"])]
async fn params(req: HttpRequest) -> String {
    let params = req.match_info().iter();
    let params: Vec<_> = params
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    params.join(" ")
}

#[test]
fn a_handler_has_several_paths_in_scopes_with_and_without_parameters() {
    let server = Server::start(|app| {
        app.service(params::at(["/a", "/b/{id}", "c"]))
            .service(params::at(vec!["/d".to_owned()]))
            .service(
                web::scope("/t/{tenant}")
                    .service(params::at(["", "/", "/in/{rest}*"]))
                    .service(web::scope("/deeper").service(params::at("/{id:\\d+}"))),
            );
    });
    for (path, params) in [
        ("/a", Some("")),
        ("/b/1", Some("id=1")),
        ("/c", Some("")),
        ("/d", Some("")),
        ("/t/acme", Some("tenant=acme")),
        ("/t/acme/", Some("tenant=acme")),
        ("/t/acme/in/x/y", Some("tenant=acme rest=x/y")),
        ("/t/acme/deeper/12", Some("tenant=acme id=12")),
        ("/t/acme/deeper/x", None),
        ("/b", None),
    ] {
        let response = server.send(&format!("GET {path}"), &origin(), "");
        let preflight = server.preflight(path, APP, "DELETE", "");
        let statuses = (response.status, preflight.status);
        let Some(params) = params else {
            assert_eq!(statuses, (404, 404), "{path}");
            continue;
        };
        assert_eq!(statuses, (200, 204), "{path}");
        assert_eq!(response.body, params, "{path}");
        assert_eq!(response.cors(), ALLOWED, "{path}");
    }
}

#[test]
fn handlers_in_a_scope_follow_one_on_the_path_of_the_scope() {
    let server = Server::start(|app| {
        app.service(create::at("/post").wrap(from_fn(authenticate)))
            .service(
                web::scope("/post")
                    .service(read::at(""))
                    .service(remove::at("/remove")),
            );
    });
    for (path, method, status) in [
        ("/post", "POST", 401),
        ("/post", "GET", 200),
        ("/post/remove", "POST", 200),
    ] {
        let preflight = server.preflight(path, APP, method, "x-asked");
        assert_eq!(preflight.status, 204, "{method} {path}");
        let response = server.send(&format!("{method} {path}"), &origin(), "");
        assert_eq!(response.status, status, "{method} {path}");
        assert_eq!(response.cors(), ALLOWED, "{method} {path}");
    }
}

mod store {
    use actix_web::web;
    use cors_runtime::cors;

    pub(super) trait Store: 'static {
        fn name(&self) -> &'static str;
    }

    #[derive(serde::Deserialize)]
    struct Private {
        number: u8,
    }

    #[cors(super::POLICY, methods = ["GET"])]
    async fn private(query: web::Query<Private>) -> String {
        query.number.to_string()
    }

    #[cors(super::POLICY, methods = ["GET"])]
    async fn generic<S: Store>(store: web::Data<S>) -> &'static str {
        store.name()
    }

    #[cors(super::POLICY, methods = ["GET"])]
    async fn both<S: Store, const N: usize>(store: web::Data<S>) -> String
    where
        [u8; N]: Default,
    {
        format!("{} {N}", store.name())
    }

    pub(super) fn configure<S: Store>(app: &mut web::ServiceConfig) {
        app.service(private::at("/private"))
            .service(generic::at::<S>("/generic"))
            .service(both::at::<S, 2>("/two"))
            .service(both::at::<S, 3>("/three"));
    }
}

#[test]
fn types_may_be_private_and_handlers_generic() {
    struct Memory;
    impl store::Store for Memory {
        fn name(&self) -> &'static str {
            "memory"
        }
    }
    let server = Server::start(|app| {
        app.app_data(web::Data::new(Memory))
            .configure(store::configure::<Memory>);
    });
    for (path, body) in [
        ("/private?number=7", "7"),
        ("/generic", "memory"),
        ("/two", "memory 2"),
        ("/three", "memory 3"),
    ] {
        let response = server.send(&format!("GET {path}"), &origin(), "");
        assert_eq!(response.body, body, "{path}");
        assert_eq!(response.cors(), ALLOWED, "{path}");
    }
}
