//! Where the `AppCors` goes, beside where the `Cors` was.

use std::future::Future;
use std::pin::Pin;

use actix_cors::Cors;
use actix_web::middleware::{Compat, Condition, from_fn};
use actix_web::{App, FromRequest, Handler, web};
use cors_runtime::{AppCors, Policy, cors, policy};

use super::{EVIL, ORIGIN, feed};
use crate::support::{Response, Server, authenticate, serve};

static API: Policy = policy!(origins = ["https://app.example.com"]);
static OTHER: Policy = policy!(origins = ["https://other.example"]);

fn old() -> Cors {
    Cors::default()
        .allowed_origin("https://app.example.com")
        .allow_any_method()
}

fn new() -> AppCors {
    AppCors::new().otherwise(&API)
}

fn allowed(response: &Response) -> Option<&str> {
    response.header("access-control-allow-origin")
}

fn get(server: &Server, path: &str, origin: &str) -> Response {
    server.send(&format!("GET {path}"), &[format!("Origin: {origin}")], "")
}

/// On an app, a scope, a resource and in a condition, `AppCors` covers what `Cors` has covered.
#[test]
fn it_goes_where_the_other_was() {
    macro_rules! app {
        ($cors:ident) => {
            serve!(
                App::new()
                    .service(
                        web::scope("/scope")
                            .route("/feed", web::put().to(feed))
                            .wrap($cors())
                    )
                    .service(web::scope("/next").route("/feed", web::put().to(feed)))
                    .service(
                        web::resource("/resource")
                            .route(web::put().to(feed))
                            .wrap($cors())
                    )
                    .service(
                        web::scope("/on")
                            .route("/feed", web::put().to(feed))
                            .wrap(Condition::new(true, $cors()))
                    )
                    .service(
                        web::scope("/off")
                            .route("/feed", web::put().to(feed))
                            .wrap(Condition::new(false, $cors()))
                    )
            )
        };
    }
    for (server, ok, no) in [(app!(old), 200, 400), (app!(new), 204, 403)] {
        for (path, is_covered) in [
            ("/scope/feed", true),
            ("/next/feed", false),
            ("/resource", true),
            ("/on/feed", true),
            ("/off/feed", false),
        ] {
            for (origin, status) in [(ORIGIN, ok), (EVIL, no)] {
                let status = if is_covered { status } else { 404 };
                let preflight = server.preflight(path, origin, "PUT", "");
                assert_eq!(preflight.status, status, "{path} {origin}");
            }
            let response = server.send(&format!("PUT {path}"), &[format!("Origin: {ORIGIN}")], "");
            let expected = is_covered.then_some(ORIGIN);
            assert_eq!(
                (response.status, allowed(&response)),
                (200, expected),
                "{path}"
            );
        }
    }
}

/// A handler with a policy keeps it, whatever the condition.
#[test]
fn a_condition_decides_on_the_default_alone() {
    #[cors(origins = ["https://other.example"], methods = ["PUT"])]
    async fn own() -> &'static str {
        ""
    }
    for enabled in [true, false] {
        let server = serve!(
            App::new()
                .service(own::at("/own"))
                .route("/feed", web::put().to(feed))
                .wrap(Condition::new(enabled, new()))
        );
        let ask = |path, origin| server.preflight(path, origin, "PUT", "").status;
        assert_eq!(ask("/own", "https://other.example"), 204);
        assert_eq!(ask("/own", ORIGIN), 403);
        assert_eq!(ask("/feed", ORIGIN), if enabled { 204 } else { 404 });
    }
}

/// Of two, the outer one answers all preflights, before and after.
#[test]
fn of_two_the_outer_one_answers_preflights() {
    let other = Cors::default;
    let before = serve!(
        App::new()
            .service(
                web::scope("/in").route("/feed", web::get().to(feed)).wrap(
                    other()
                        .allowed_origin("https://other.example")
                        .allow_any_method()
                )
            )
            .wrap(old())
    );
    let after = serve!(
        App::new()
            .service(
                web::scope("/in")
                    .route("/feed", web::get().to(feed))
                    .wrap(AppCors::new().otherwise(&OTHER))
            )
            .wrap(new())
    );
    for (server, ok, no) in [(&before, 200, 400), (&after, 204, 403)] {
        for (origin, status) in [(ORIGIN, ok), ("https://other.example", no)] {
            let preflight = server.preflight("/in/feed", origin, "GET", "");
            assert_eq!(preflight.status, status, "{origin}");
        }
    }
    // The inner one could add headers to other responses. Now it does nothing.
    for (server, found) in [(&before, Some("https://other.example")), (&after, None)] {
        let response = get(server, "/in/feed", "https://other.example");
        assert_eq!((response.status, allowed(&response)), (200, found));
    }
}

/// A `Cors` around a handler with a policy answers its preflights, and overwrites its headers.
#[test]
fn a_cors_that_is_left_around_has_the_last_word() {
    #[cors(origins = ["https://other.example"], methods = ["GET"])]
    async fn read() -> &'static str {
        ""
    }
    let inside = serve!(App::new().service(read::at("/")).wrap(old()));
    let around = serve!(App::new().service(read::at("/")).wrap(new()).wrap(old()));
    for server in [&inside, &around] {
        for (origin, status) in [(ORIGIN, 200), ("https://other.example", 400)] {
            assert_eq!(server.preflight("/", origin, "GET", "").status, status);
        }
        assert_eq!(allowed(&get(server, "/", ORIGIN)), Some(ORIGIN));
    }
}

/// Middleware inside never sees a preflight, and script can read its 401.
#[test]
fn a_login_goes_inside() {
    macro_rules! logins {
        ($cors:ident) => {{
            let app = || App::new().route("/feed", web::put().to(feed));
            (
                serve!(app().wrap(from_fn(authenticate)).wrap($cors())),
                serve!(app().wrap(Compat::new($cors())).wrap(from_fn(authenticate))),
            )
        }};
    }
    for ((inside, around), ok) in [(logins!(old), 200), (logins!(new), 204)] {
        for (server, preflight, readable) in [(inside, ok, Some(ORIGIN)), (around, 401, None)] {
            assert_eq!(
                server.preflight("/feed", ORIGIN, "PUT", "").status,
                preflight
            );
            let response = get(&server, "/feed", ORIGIN);
            assert_eq!((response.status, allowed(&response)), (401, readable));
        }
    }
}

/// A `Handler` of one's own around a handler is covered by the default, like any other handler.
#[test]
fn a_wrapped_handler_stays_as_it_is() {
    #[derive(Clone)]
    struct Wrapper<H>(H);

    impl<H, A> Handler<A> for Wrapper<H>
    where
        H: Handler<A>,
        H::Future: 'static,
        A: FromRequest,
    {
        type Output = H::Output;
        type Future = Pin<Box<dyn Future<Output = H::Output>>>;

        fn call(&self, args: A) -> Self::Future {
            Box::pin(self.0.call(args))
        }
    }

    let before = serve!(
        App::new()
            .route("/", web::put().to(Wrapper(feed)))
            .wrap(old())
    );
    let after = serve!(
        App::new()
            .route("/", web::put().to(Wrapper(feed)))
            .wrap(new())
    );
    for (server, ok) in [(before, 200), (after, 204)] {
        assert_eq!(server.preflight("/", ORIGIN, "PUT", "").status, ok);
        let response = server.send("PUT /", &[format!("Origin: {ORIGIN}")], "");
        assert_eq!(
            (response.body.as_str(), allowed(&response)),
            ("feed", Some(ORIGIN))
        );
    }
}

/// Only the order among the `wrap`s counts.
#[test]
fn the_routes_may_come_after_the_wraps() {
    #[cors(origins = ["https://other.example"], methods = ["PUT"])]
    async fn own() -> &'static str {
        ""
    }
    let server = serve!(
        App::new()
            .wrap(from_fn(authenticate))
            .wrap(new())
            .service(own::at("/own"))
            .route("/feed", web::put().to(feed))
    );
    for (path, origin, status) in [
        ("/feed", ORIGIN, 204),
        ("/feed", EVIL, 403),
        ("/own", "https://other.example", 204),
        ("/own", ORIGIN, 403),
    ] {
        let preflight = server.preflight(path, origin, "PUT", "");
        assert_eq!(preflight.status, status, "{path} {origin}");
    }
}

/// Two servers of one process have a policy each.
#[test]
fn two_apps_of_a_process_have_a_policy_each() {
    let api = serve!(App::new().route("/", web::get().to(feed)).wrap(new()));
    let other = serve!(
        App::new()
            .route("/", web::get().to(feed))
            .wrap(AppCors::new().otherwise(&OTHER))
    );
    for (server, origin) in [(&api, ORIGIN), (&other, "https://other.example")] {
        for asks in [ORIGIN, "https://other.example"] {
            let expected = (asks == origin).then_some(origin);
            assert_eq!(allowed(&get(server, "/", asks)), expected);
        }
    }
}
