//! The handlers that the page shows. It takes them from this file, so what is read there is what runs.

use actix_web::cookie::Cookie;
use actix_web::{HttpRequest, HttpResponse, Responder, get, post, put, web};
use cors_runtime::{Policy, cors};

/// Who a request is from, as its cookie says.
fn user(req: &HttpRequest) -> String {
    req.cookie("user")
        .map_or("nobody".to_owned(), |cookie| cookie.value().to_owned())
}

/// Signs Ada in.
fn signed_in() -> impl Responder {
    let cookie = Cookie::build("user", "Ada").path("/").finish();
    HttpResponse::Ok().cookie(cookie).body("welcome, Ada")
}

// Public: anyone may read, but not with cookies.
#[cors(origins = ["*"])]
#[get("/weather")]
async fn weather() -> &'static str {
    "sunny"
}

// Private: one origin may read, with cookies.
#[cors(origins = ["http://app.shop.localhost:*"], credentials)]
#[get("/profile")]
async fn profile(req: HttpRequest) -> String {
    format!("profile of {}", user(&req))
}

// The same path with another method, and another policy.
#[cors(origins = ["http://app.shop.localhost:*"], allow_headers = ["content-type"], max_age = 600)]
#[put("/profile")]
async fn rename(name: web::Json<String>) -> String {
    format!("renamed to {name}")
}

// Guarded: a request from elsewhere does not even run.
#[cors(origins = ["http://app.shop.localhost:*"], credentials, enforce)]
#[post("/transfer")]
async fn transfer(req: HttpRequest) -> String {
    format!("transferred, by {}", user(&req))
}

// Everyone, with cookies. It compiles only because somebody signed for it.
#[cors(
    credentials,
    danger(reflect_any_origin = "this page shows what it does")
)]
#[get("/echo")]
async fn echo(req: HttpRequest) -> String {
    format!("private data of {}", user(&req))
}

// Signs in where the page may use cookies.
#[cors(origins = ["http://app.shop.localhost:*"], credentials)]
#[post("/sign-in")]
async fn sign_in() -> impl Responder {
    signed_in()
}

// Forgets the cookie.
#[cors(origins = ["http://app.shop.localhost:*"], credentials)]
#[post("/sign-out")]
async fn sign_out() -> impl Responder {
    let mut cookie = Cookie::build("user", "").path("/").finish();
    cookie.make_removal();
    HttpResponse::Ok().cookie(cookie).body("bye")
}

// Signs in without saying that cookies may be used.
#[cors(origins = ["http://app.shop.localhost:*"])]
#[put("/sign-in")]
async fn sign_in_without_credentials() -> impl Responder {
    signed_in()
}

// What a cache may keep for ten minutes.
#[cors(origins = ["http://app.shop.localhost:*", "http://stranger.shop.localhost:*"])]
#[get("/news")]
async fn news() -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("cache-control", "max-age=600"))
        .body("news")
}

/// The policy of a method on a path, and the methods of its route.
pub(crate) fn policy(
    method: &str,
    path: &str,
) -> Option<(&'static Policy, &'static [&'static str])> {
    Some(match (method, path) {
        ("GET", "/weather") => (weather::POLICY, &["GET"]),
        ("GET", "/profile") => (profile::POLICY, &["GET"]),
        ("PUT", "/profile") => (rename::POLICY, &["PUT"]),
        ("POST", "/transfer") => (transfer::POLICY, &["POST"]),
        ("GET", "/echo") => (echo::POLICY, &["GET"]),
        ("POST", "/sign-in") => (sign_in::POLICY, &["POST"]),
        ("POST", "/sign-out") => (sign_out::POLICY, &["POST"]),
        ("PUT", "/sign-in") => (sign_in_without_credentials::POLICY, &["PUT"]),
        ("GET", "/news") => (news::POLICY, &["GET"]),
        _ => return None,
    })
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(weather)
        .service(profile)
        .service(rename)
        .service(transfer)
        .service(echo)
        .service(sign_in)
        .service(sign_out)
        .service(sign_in_without_credentials)
        .service(news);
}

/// This file.
pub(crate) const SOURCE: &str = include_str!("handlers.rs");
