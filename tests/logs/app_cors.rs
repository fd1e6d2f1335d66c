//! The log of `AppCors`, and of several workers that all log the same.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::middleware::{Logger, Next, NormalizePath, from_fn};
use actix_web::{App, Error, HttpServer, get, put, web};
use cors_runtime::{AppCors, Policy, cors, policy};

use crate::support::events::Log;
use crate::support::{Response, Server, serve};

const APP: &str = "https://app.example";

static ANYONE: Policy = policy!(origins = ["*"]);

#[cors(origins = ["https://app.example"], credentials)]
#[get("/me")]
async fn me() -> &'static str {
    "me"
}

#[cors(origins = ["https://app.example"], max_age = 60)]
#[put("/users/{id}")]
async fn user() -> &'static str {
    "user"
}

#[cors(origins = ["https://app.example"], methods = ["PUT"])]
async fn by_hand() -> &'static str {
    "by hand"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(web::scope("/api").service(me).service(user))
        .service(by_hand::at("/by-hand"));
}

async fn rewrite(
    mut req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some(rest) = req.path().strip_prefix("/v2/") {
        let uri: Uri = format!("/api/{rest}").parse().expect("a path");
        req.match_info_mut().get_mut().update(&uri);
        req.head_mut().uri = uri;
    }
    next.call(req).await
}

fn preflight(server: &Server, method: &str, path: &str) -> Response {
    let lines = [
        format!("Origin: {APP}"),
        format!("Access-Control-Request-Method: {method}"),
    ];
    server.send(&format!("OPTIONS {path}"), &lines, "")
}

const SURFACE: &str = r#"INFO message=the CORS surface of this app:
/api/me GET me: origins = ["https://app.example"], credentials
/api/users/{id} PUT user: origins = ["https://app.example"], max_age = 60
/by-hand PUT by_hand: origins = ["https://app.example"]
otherwise GET: origins = ["*"]"#;

const NESTED: &str = "WARN message=an `AppCors` is inside another, and does nothing, nor does its default \
                      policy: the outermost has the last word";
const INNERMOST: &str = "WARN message=an `AppCors` without a default policy has no middleware inside it to \
                         cover: wrap what responds before a handler first, with an earlier `.wrap(…)`";
const REWRITTEN: &str = "WARN message=middleware inside `AppCors` rewrites paths, so that preflights are \
                         answered for the path before: wrap it around `AppCors`, with a later \
                         `.wrap(…)`";

/// A server, a request to it, and what is said that was not said before.
type Row<'a> = (&'a str, &'a dyn Fn() -> Server, &'a str, &'a [&'a str]);

#[test]
#[allow(clippy::too_many_lines)] // a table
fn what_is_odd_is_harmless_and_is_said_once() {
    let log = Log::open(|field| field == "message");
    // Refusals are at a lower level.
    let take = || {
        let mut events = log.take();
        events.retain(|event| !event.starts_with("DEBUG"));
        events
    };
    let server = Server::run(|| {
        let server = HttpServer::new(|| {
            App::new()
                .configure(configure)
                .wrap(NormalizePath::trim())
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
        })
        .workers(4)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .expect("a free port");
        (server.addrs()[0], server.run())
    });
    // Connections go to the workers in turn.
    let rows = [
        ("GET", "/api/me"),
        ("PUT", "/api/users/7"),
        ("GET", "/other"),
    ];
    let first = rows.map(|(method, path)| preflight(&server, method, path));
    for _ in 0..100 {
        for ((method, path), first) in rows.iter().zip(&first) {
            let res = preflight(&server, method, path);
            let what = format!("{method} {path}");
            assert_eq!((res.status, res.cors()), (204, first.cors()), "{what}");
        }
    }
    assert_eq!(take(), [SURFACE], "four workers");

    let inside_another = || {
        serve!(
            App::new()
                .configure(configure)
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
        )
    };
    let on_a_scope = || {
        serve!(
            App::new()
                .service(
                    web::scope("/api")
                        .service(me)
                        .service(user)
                        .wrap(NormalizePath::trim())
                        .wrap(AppCors::new())
                )
                .service(by_hand::at("/by-hand"))
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
        )
    };
    let innermost = || {
        serve!(
            App::new()
                .configure(configure)
                .wrap(AppCors::new())
                .wrap(Logger::default())
        )
    };
    let outermost = || {
        serve!(
            App::new()
                .configure(configure)
                .wrap(Logger::default())
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
        )
    };
    // From `/v2/…` to `/api/…`, and from `/API/…` as well.
    let rewriting = || {
        serve!(
            App::new()
                .configure(configure)
                .wrap(from_fn(rewrite))
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
        )
    };
    let rewriting_around = || {
        serve!(
            App::new()
                .configure(configure)
                .wrap(AppCors::new().otherwise(&ANYONE).only(&["GET"]))
                .wrap(from_fn(rewrite))
        )
    };
    let origin = [format!("Origin: {APP}")];
    let rows: [Row<'_>; 10] = [
        ("inside another", &inside_another, "GET /api/me", &[NESTED]),
        ("on a scope", &on_a_scope, "GET /api/me", &[]),
        ("inside another again", &inside_another, "GET /api/me", &[]),
        ("innermost", &innermost, "GET /api/me", &[INNERMOST]),
        ("outermost", &outermost, "GET /api/me", &[]),
        ("by hand", &outermost, "PUT /by-hand", &[]),
        ("rewritten around", &rewriting_around, "GET /v2/me", &[]),
        ("not rewritten", &rewriting, "GET /api/me", &[]),
        ("rewritten inside", &rewriting, "GET /v2/me", &[REWRITTEN]),
        ("rewritten inside again", &rewriting, "GET /v2/me", &[]),
    ];
    for (what, server, request, said) in rows {
        take();
        let server = server();
        assert_eq!(
            preflight(&server, "GET", "/api/me").cors(),
            first[0].cors(),
            "{what}"
        );
        for _ in 0..2 {
            let res = server.send(request, &origin, "");
            assert_eq!(
                (res.status, res.header("access-control-allow-origin")),
                (200, Some(APP)),
                "{what}"
            );
        }
        // The innermost one has no default, so its surface is another.
        let mut said_now = take();
        said_now.retain(|event| !event.starts_with("INFO"));
        assert_eq!(said_now, said, "{what}");
    }
}

#[test]
fn the_surface_says_below_which_scope_a_default_policy_is() {
    let log = Log::open(|field| field == "message");
    let server = serve!(
        App::new().service(
            web::scope("/t").service(
                web::scope("/{t}-files")
                    .service(me)
                    .wrap(NormalizePath::trim())
                    .wrap(AppCors::new().otherwise(&ANYONE))
            )
        )
    );
    let res = server.send("GET /t/t%0A-files/me", &[format!("Origin: {APP}")], "");
    assert_eq!(res.status, 200);
    let surface = "INFO message=the CORS surface of this app:\n\
                   /t/{t}-files/me GET me: origins = [\"https://app.example\"], credentials\n\
                   /t/{t}-files otherwise: origins = [\"*\"]";
    assert_eq!(log.take(), [surface]);
}
