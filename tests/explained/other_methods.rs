//! `AppCors` explains a preflight for a method that no handler on its path has.

use std::sync::PoisonError;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpResponse, delete, error, get, post, put, web};
use cors_runtime::{AppCors, cors};

use crate::SWITCH;
use crate::support::{Response, serve};

#[cors(origins = ["https://app.example"])]
#[get("/me")]
async fn read_me() -> &'static str {
    "me"
}

#[cors(origins = ["https://admin.example"], credentials)]
#[delete("/me")]
async fn delete_me() -> &'static str {
    "deleted"
}

#[cors(origins = ["*"])]
#[post("/events")]
async fn events() -> &'static str {
    "posted"
}

#[cors(none)]
#[put("/internal")]
async fn internal() -> &'static str {
    "internal"
}

#[cors(origins = ["https://app.example"])]
#[get("/shared")]
async fn shared() -> &'static str {
    "shared"
}

#[cors(origins = ["https://app.example"])]
#[get("/account")]
async fn account() -> &'static str {
    "account"
}

async fn fail(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    Err(error::ErrorUnauthorized("who are you?"))
}

async fn respond(req: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    Ok(req.into_response(HttpResponse::Unauthorized().finish()))
}

fn configure(app: &mut web::ServiceConfig) {
    let failing = web::scope("/failing").wrap(from_fn(fail)).service(account);
    let responding = web::scope("/responding")
        .wrap(from_fn(respond))
        .service(account);
    app.service(read_me)
        .service(delete_me)
        .service(events)
        .service(internal)
        .service(shared)
        // A handler without a policy that takes preflights.
        .route("/shared", web::method(Method::OPTIONS).to(HttpResponse::Ok))
        .route("/plain", web::get().to(HttpResponse::Ok))
        .service(failing)
        .service(responding);
}

const APP: &str = "https://app.example";
const ADMIN: &str = "https://admin.example";
const EVIL: &str = "https://evil.example";

/// A description, the path, origin and method of a preflight, and what comes of it.
type Row = (
    &'static str,
    [&'static str; 3],
    // The status without explanations, and with them.
    [u16; 2],
    // The origin, methods and headers that the response with explanations allows, and a part of its
    // body.
    &'static [&'static str],
    &'static str,
);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("the origin of one handler", ["/me", APP, "PUT"], [404, 204], &["allow-origin: https://app.example"], ""),
    ("the origin of the other", ["/me", ADMIN, "PUT"], [404, 204], &["allow-credentials: true", "allow-methods: DELETE", "allow-origin: https://admin.example"], ""),
    ("another origin", ["/me", EVIL, "PUT"], [404, 403], &[], "does not allow the origin `https://evil.example`"),
    ("any origin", ["/events", EVIL, "PUT"], [404, 204], &["allow-origin: *"], ""),
    ("a method that needs no permission", ["/events", EVIL, "GET"], [404, 403], &[], "`events` does not have the method `GET`"),
    ("a method in another case", ["/internal", APP, "put"], [404, 403], &[], "`internal` allows no origin"),
    ("what is not a method", ["/events", EVIL, "<b>'"], [404, 204], &["allow-origin: *"], ""),
    ("a handler without a policy takes it", ["/shared", APP, "PUT"], [200, 200], &[], ""),
    ("no annotated handler is there", ["/plain", APP, "PUT"], [404, 404], &[], ""),
    ("no handler is there", ["/nothing", APP, "PUT"], [404, 404], &[], ""),
    ("middleware fails", ["/failing/account", APP, "PUT"], [401, 204], &["allow-origin: https://app.example"], ""),
    ("middleware responds", ["/responding/account", APP, "PUT"], [401, 204], &["allow-origin: https://app.example"], ""),
];

#[test]
fn a_preflight_for_another_method_names_the_methods_that_there_are() {
    let _alone = SWITCH.lock().unwrap_or_else(PoisonError::into_inner);
    let server = serve!(App::new().configure(configure).wrap(AppCors::new()));
    let ask = |path: &str, origin: &str, method: &str| {
        let lines = [
            format!("Origin: {origin}"),
            format!("Access-Control-Request-Method: {method}"),
        ];
        server.send(&format!("OPTIONS {path}"), &lines, "")
    };
    let granted = |res: &Response| {
        (res.headers.iter())
            .filter(|(name, _)| name.starts_with("access-control-"))
            .map(|(name, value)| format!("{}: {value}", &name["access-control-".len()..]))
            .collect::<Vec<_>>()
    };
    for (what, [path, origin, method], [otherwise, status], expected, body) in ROWS {
        cors_runtime::explain(false);
        let res = ask(path, origin, method);
        assert_eq!((res.status, granted(&res)), (*otherwise, vec![]), "{what}");
        cors_runtime::explain(true);
        let res = ask(path, origin, method);
        let mut found = granted(&res);
        found.sort();
        assert_eq!(res.status, *status, "{what}");
        assert_eq!(found, *expected, "{what}");
        assert!(res.body.contains(body), "{what}: {}", res.body);
    }
}
