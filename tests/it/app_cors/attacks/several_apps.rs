//! Several apps in one thread, in many orders: each `AppCors` knows the handlers of its own.

use std::thread;

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::rt::System;
use actix_web::test::{TestRequest, try_call_service};
use actix_web::web::ServiceConfig;
use actix_web::{App, web};
use cors_runtime::AppCors;

use super::{APP, OTHER, authenticate, plain};
use crate::support::init_service;

/// Handlers with the names and the paths of others.
mod namesakes {
    use cors_runtime::cors;

    #[cors(origins = ["https://other.example"])]
    #[actix_web::get("/me")]
    pub(super) async fn me() -> &'static str {
        "me"
    }
}

const GET: (&str, &str) = ("GET", "/me");
const PUT: (&str, &str) = ("PUT", "/me");
const GET_IN_SCOPE: (&str, &str) = ("GET", "/s/me");

/// The services of an app, and the preflights that are granted: the others get a 401 from the
/// middleware, or a 403.
type Case = (
    fn(&mut ServiceConfig),
    &'static [((&'static str, &'static str), &'static str)],
);

const APPS: &[Case] = &[
    (|app| add(app, &["me"]), &[(GET, APP)]),
    (|app| add(app, &["me"]), &[(GET, APP)]),
    (|app| add(app, &["me", "put"]), &[(GET, APP), (PUT, APP)]),
    (|app| add(app, &["put", "me"]), &[(GET, APP), (PUT, APP)]),
    (|app| add(app, &["namesake"]), &[(GET, OTHER)]),
    (
        |app| add(app, &["namesake", "put"]),
        &[(GET, OTHER), (PUT, APP)],
    ),
    (|app| add(app, &["scope"]), &[(GET_IN_SCOPE, APP)]),
    (|app| add(app, &["plain"]), &[]),
    (|app| add(app, &["put", "plain"]), &[(PUT, APP)]),
];

fn add(app: &mut ServiceConfig, resources: &[&str]) {
    for resource in resources {
        match *resource {
            "me" => app.service(super::me),
            "put" => app.service(super::put_me),
            "namesake" => app.service(namesakes::me),
            "scope" => app.service(web::scope("/s").service(super::me)),
            _ => app.service(web::resource("/me").name("me").route(web::get().to(plain))),
        };
    }
}

/// Builds apps in one thread, either one after the other or all at once, and then sends preflights.
async fn try_all(order: &[usize], are_made_first: bool) {
    let make = |index: &usize| {
        App::new()
            .configure(APPS[*index].0)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    };
    let mut apps = Vec::new();
    if are_made_first {
        for app in order.iter().map(make).collect::<Vec<_>>() {
            apps.push(init_service(app).await);
        }
    } else {
        for index in order {
            apps.push(init_service(make(index)).await);
        }
    }
    for (app, index) in apps.iter().zip(order) {
        for request @ (method, path) in [GET, PUT, GET_IN_SCOPE] {
            for origin in [APP, OTHER] {
                let preflight = TestRequest::with_uri(path)
                    .method(Method::OPTIONS)
                    .insert_header(("origin", origin))
                    .insert_header(("access-control-request-method", method))
                    .to_request();
                let status = match try_call_service(app, preflight).await {
                    Ok(res) => res.status(),
                    Err(error) => error.as_response_error().status_code(),
                };
                let is_granted = match status.as_u16() {
                    204 => true,
                    401 | 403 => false,
                    other => panic!("{other}"),
                };
                assert_eq!(
                    is_granted,
                    APPS[*index].1.contains(&(request, origin)),
                    "app {index} of {order:?}, {method} {path} from {origin}"
                );
            }
        }
    }
}

#[test]
fn apps_in_one_thread_are_told_apart_in_any_order() {
    for first in 0..APPS.len() {
        for second in (0..APPS.len()).filter(|second| *second != first) {
            let rest = (0..APPS.len()).filter(|index| ![first, second].contains(index));
            let order: Vec<_> = [first, second].into_iter().chain(rest).collect();
            for are_made_first in [false, true] {
                let order = order.clone();
                // Each thread knows its own apps only.
                let tried = thread::spawn(move || {
                    System::new().block_on(try_all(&order, are_made_first));
                });
                assert!(tried.join().is_ok(), "{first}, {second}");
            }
        }
    }
}
