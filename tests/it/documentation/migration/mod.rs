//! The page on migration: its claims beside `actix_cors`, and its app before and after.

mod builder;
mod wire;
mod wraps;

use actix_cors::Cors;
use actix_web::http::header;
use actix_web::{App, HttpResponse, web};
use cors_runtime::{AppCors, Policy, cors, policy};

use crate::support::{Server, serve};

const PAGE: &str = include_str!("../../../../cors-runtime/src/docs/migration.md");

/// The first cells of the page's tables under this heading, up to the next one.
fn first_cells(heading: &str) -> Vec<&'static str> {
    let lines = PAGE.lines().skip_while(|line| *line != heading).skip(1);
    let section = lines.take_while(|line| !line.starts_with('#'));
    let rows: Vec<_> = section.filter(|line| line.starts_with('|')).collect();
    let is_rule = |row: usize| rows.get(row).is_some_and(|line| line.starts_with("|---"));
    let cells = (0..rows.len()).filter(|row| !is_rule(*row) && !is_rule(row + 1));
    cells
        .filter_map(|row| rows[row].trim_start_matches("| ").split(" | ").next())
        .collect()
}

const ORIGIN: &str = "https://app.example.com";
const EVIL: &str = "https://evil.example";

async fn read() -> HttpResponse {
    HttpResponse::Ok().insert_header(("x-total", "1")).finish()
}

async fn write(name: web::Json<String>) -> String {
    name.into_inner()
}

async fn feed() -> &'static str {
    "feed"
}

fn before() -> Server {
    serve!({
        let api = Cors::default()
            .allowed_origin("https://app.example.com")
            .allowed_methods(["GET", "PUT"])
            .allowed_header(header::CONTENT_TYPE)
            .expose_headers(["x-total"])
            .supports_credentials()
            .max_age(600);
        let public = Cors::default()
            .allow_any_origin()
            .send_wildcard()
            .allowed_methods(["GET"]);
        App::new()
            .service(
                web::scope("/api")
                    .wrap(api)
                    .route("/me", web::get().to(read))
                    .route("/me", web::put().to(write)),
            )
            .service(
                web::resource("/feed")
                    .wrap(public)
                    .route(web::get().to(feed)),
            )
    })
}

mod after {
    use super::*;

    static APP: Policy = policy!(
        origins = ["https://app.example.com"],
        credentials,
        allow_headers = ["content-type"],
        expose_headers = ["x-total"],
        max_age = 600
    );

    #[cors(APP, methods = ["GET"])]
    async fn read() -> HttpResponse {
        super::read().await
    }

    #[cors(APP, methods = ["PUT"])]
    async fn write(name: web::Json<String>) -> String {
        super::write(name).await
    }

    #[cors(origins = ["*"], methods = ["GET"])]
    async fn feed() -> &'static str {
        super::feed().await
    }

    pub(super) fn configure(app: &mut web::ServiceConfig) {
        app.service(
            web::scope("/api")
                .service(read::at("/me"))
                .service(write::at("/me")),
        )
        .service(feed::at("/feed"));
    }
}

fn sorted(list: Option<&str>) -> Vec<String> {
    let mut names: Vec<_> = (list.into_iter().flat_map(|list| list.split(',')))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    names.sort();
    names
}

#[test]
fn a_preflight_has_another_status_and_names_its_own_method() {
    let (before, after) = (before(), Server::start(after::configure));
    for (path, origin, method, headers, was, is, methods) in [
        (
            "/api/me",
            ORIGIN,
            "PUT",
            "content-type",
            200,
            204,
            &["put"][..],
        ),
        ("/api/me", ORIGIN, "GET", "", 200, 204, &[]),
        ("/api/me", ORIGIN, "PUT", "x-other", 400, 403, &[]),
        ("/api/me", EVIL, "PUT", "", 400, 403, &[]),
        ("/api/me", ORIGIN, "DELETE", "", 400, 404, &[]),
        ("/feed", EVIL, "GET", "", 200, 204, &[]),
    ] {
        let row = format!("{method} {path} {origin} {headers}");
        let (old, new) = (
            before.preflight(path, origin, method, headers),
            after.preflight(path, origin, method, headers),
        );
        assert_eq!((old.status, new.status), (was, is), "{row}");
        assert_eq!(
            sorted(new.header("access-control-allow-methods")),
            methods,
            "{row}"
        );
        if was == 200 && path == "/api/me" {
            let all = sorted(old.header("access-control-allow-methods"));
            assert_eq!(all, ["get", "put"], "{row}");
        }
    }
}

#[test]
fn an_origin_that_is_not_allowed_gets_no_headers_at_all() {
    let (before, after) = (before(), Server::start(after::configure));
    let lines = [format!("Origin: {EVIL}")];
    let old = before.send("GET /api/me", &lines, "");
    assert_eq!(old.status, 200);
    assert_eq!(
        (
            old.header("access-control-allow-origin"),
            old.header("access-control-allow-credentials"),
            old.header("access-control-expose-headers"),
        ),
        (None, Some("true"), Some("x-total"))
    );
    let new = after.send("GET /api/me", &lines, "");
    assert_eq!(
        (new.status, new.cors()),
        (200, vec!["vary: origin".to_owned()])
    );
}

#[test]
fn a_404_has_the_headers_of_the_scope_or_of_otherwise() {
    static APP: Policy = policy!(origins = ["https://app.example.com"]);
    let (before, after) = (before(), Server::start(after::configure));
    let otherwise = serve!(
        App::new()
            .configure(after::configure)
            .wrap(AppCors::new().otherwise(&APP).only(&["GET"]))
    );
    for (server, allowed) in [
        (&before, Some(ORIGIN)),
        (&after, None),
        (&otherwise, Some(ORIGIN)),
    ] {
        let response = server.send("GET /api/none", &[format!("Origin: {ORIGIN}")], "");
        let found = response.header("access-control-allow-origin");
        assert_eq!((response.status, found), (404, allowed));
    }
}

#[test]
fn a_list_with_send_wildcard_never_sent_the_wildcard() {
    let list = || {
        Cors::default()
            .allowed_origin("https://app.example.com")
            .send_wildcard()
    };
    let server = serve!(App::new().wrap(list()).route("/", web::get().to(feed)));
    let response = server.send("GET /", &[format!("Origin: {ORIGIN}")], "");
    assert_eq!(response.header("access-control-allow-origin"), Some(ORIGIN));
}

#[test]
fn any_header_is_the_wildcard_and_authorization() {
    let server = serve!(
        App::new()
            .wrap(
                Cors::default()
                    .allow_any_origin()
                    .allow_any_header()
                    .allow_any_method()
            )
            .route("/", web::get().to(feed))
    );
    let old = server.preflight("/", EVIL, "GET", "authorization,x-other");
    assert_eq!(old.status, 200);

    #[cors(origins = ["*"], allow_headers = ["*"], methods = ["GET"])]
    async fn star() -> &'static str {
        ""
    }
    #[cors(origins = ["*"], allow_headers = ["*", "authorization"], methods = ["GET"])]
    async fn star_and_token() -> &'static str {
        ""
    }
    let server = Server::start(|app| {
        app.service(star::at("/star"))
            .service(star_and_token::at("/token"));
    });
    for (path, headers, status) in [
        ("/star", "x-other", 204),
        ("/star", "authorization", 403),
        ("/token", "authorization,x-other", 204),
    ] {
        let response = server.preflight(path, EVIL, "GET", headers);
        assert_eq!(response.status, status, "{path} {headers}");
    }
}

#[test]
fn a_guard_on_the_method_keeps_the_preflights_out() {
    use actix_web::guard;

    #[cors(origins = ["https://app.example.com"], methods = ["POST"])]
    async fn post() -> &'static str {
        ""
    }
    let server = Server::start(|app| {
        app.service(post::at("/guarded").guard(guard::Post()))
            .service(post::at("/post"));
    });
    for (path, status) in [("/guarded", 404), ("/post", 204)] {
        assert_eq!(server.preflight(path, ORIGIN, "POST", "").status, status);
    }
}

#[test]
fn a_method_that_no_handler_takes_gets_404_without_a_resource() {
    let before = serve!(
        App::new().service(
            web::resource("/me")
                .route(web::get().to(read))
                .route(web::put().to(write)),
        )
    );
    let after = Server::start(after::configure);
    for (server, start, status) in [
        (&before, "DELETE /me", 405),
        (&after, "DELETE /api/me", 404),
    ] {
        assert_eq!(
            server.send::<&str>(start, &[], "").status,
            status,
            "{start}"
        );
    }
}

/// A resource takes all methods of its path, so what is registered after it is not reached.
#[test]
fn an_annotated_handler_goes_before_a_resource_on_its_path() {
    #[cors(origins = ["https://app.example.com"], methods = ["DELETE"])]
    async fn remove() -> &'static str {
        "gone"
    }
    let resource = || web::resource("/me").route(web::get().to(read));
    let first = serve!(App::new().service(remove::at("/me")).service(resource()));
    let last = serve!(App::new().service(resource()).service(remove::at("/me")));
    for (server, status) in [(&first, 200), (&last, 405)] {
        assert_eq!(server.send::<&str>("DELETE /me", &[], "").status, status);
        assert_eq!(server.send::<&str>("GET /me", &[], "").status, 200);
    }
}

/// Fetch takes no `*` as an answer to a request with credentials.
#[test]
fn a_page_that_sends_cookies_cannot_read_what_anyone_may_read() {
    let response = Server::start(after::configure).send(
        "GET /feed",
        &[format!("Origin: {ORIGIN}"), "Cookie: a=b".to_owned()],
        "",
    );
    let credentials = response.header("access-control-allow-credentials");
    let origin = response.header("access-control-allow-origin");
    assert_eq!((origin, credentials), (Some("*"), None));
}

mod next_to {
    use actix_web::guard;
    use actix_web::middleware::DefaultHeaders;

    use super::*;

    #[cors(origins = ["https://app.example.com"], methods = ["PUT"])]
    async fn save() -> &'static str {
        ""
    }

    fn versioned(app: &mut web::ServiceConfig) {
        let scope = web::scope("/v2").guard(guard::Header("x-version", "2"));
        app.service(scope.service(save::at("/note")));
    }

    /// A preflight has none of the headers that its request will have.
    #[test]
    fn a_guard_on_a_header_of_a_scope_needs_app_cors() {
        let bare = serve!(App::new().configure(versioned));
        let around = serve!(App::new().configure(versioned).wrap(AppCors::new()));
        for (server, status) in [(&bare, 404), (&around, 204)] {
            assert_eq!(
                server.preflight("/v2/note", ORIGIN, "PUT", "").status,
                status
            );
            let lines = [format!("Origin: {ORIGIN}"), "X-Version: 2".to_owned()];
            let response = server.send("PUT /v2/note", &lines, "");
            assert_eq!(response.header("access-control-allow-origin"), Some(ORIGIN));
        }
    }

    /// `DefaultHeaders` adds to what has no such header, and a policy's `Vary` is one.
    #[test]
    fn a_vary_of_default_headers_is_added_only_if_there_is_none() {
        let server = serve!(
            App::new()
                .service(save::at("/note"))
                .route("/plain", web::put().to(feed))
                .wrap(DefaultHeaders::new().add(("vary", "accept-language")))
        );
        for (path, vary) in [("/note", "origin"), ("/plain", "accept-language")] {
            let response = server.send(&format!("PUT {path}"), &[format!("Origin: {ORIGIN}")], "");
            let found = response.header("vary").map(str::to_ascii_lowercase);
            assert_eq!(found.as_deref(), Some(vary), "{path}");
        }
    }

    /// A default service gets the preflights that no handler takes, unless there is a default
    /// policy.
    #[test]
    fn a_default_policy_answers_the_preflights_of_a_default_service() {
        static APP: Policy = policy!(origins = ["https://app.example.com"]);
        fn configure(app: &mut web::ServiceConfig) {
            app.service(save::at("/note"))
                .default_service(web::to(|| async { "default" }));
        }
        let bare = serve!(App::new().configure(configure));
        let around = serve!(
            App::new()
                .configure(configure)
                .wrap(AppCors::new().otherwise(&APP).only(&["GET"]))
        );
        for (server, path, method, status, allowed) in [
            (&bare, "/note", "PUT", 204, Some(ORIGIN)),
            (&bare, "/note", "DELETE", 200, None),
            (&bare, "/other", "GET", 200, None),
            (&around, "/note", "PUT", 204, Some(ORIGIN)),
            (&around, "/note", "DELETE", 403, None),
            (&around, "/other", "GET", 204, Some(ORIGIN)),
        ] {
            let response = server.preflight(path, ORIGIN, method, "");
            let found = response.header("access-control-allow-origin");
            assert_eq!(
                (response.status, found),
                (status, allowed),
                "{method} {path}"
            );
        }
    }
}
