//! The handlers on the page. The page shows this very file, so what you read there is what runs.

use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use actix_web::{HttpRequest, HttpResponse, Responder, get, post, put, web};
use cors_runtime::{Policy, cors};

/// The user of a request, according to its cookie.
fn user(req: &HttpRequest) -> String {
    req.cookie("user")
        .map_or("nobody".to_owned(), |cookie| cookie.value().to_owned())
}

/// The cookie that signs Ada in.
fn session() -> CookieBuilder<'static> {
    Cookie::build("user", "Ada").path("/")
}

/// Signs Ada in.
fn signed_in(session: CookieBuilder<'static>) -> impl Responder + use<> {
    HttpResponse::Ok()
        .cookie(session.finish())
        .body("welcome, Ada")
}

// Public: any origin may read, but not with cookies.
#[cors(origins = ["*"])]
#[get("/weather")]
async fn weather() -> &'static str {
    "sunny"
}

// Private: one origin may read, with cookies.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    credentials,
)]
#[get("/profile")]
async fn profile(req: HttpRequest) -> String {
    format!("profile of {}", user(&req))
}

// The same path with another method and another policy.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    allow_headers = ["content-type"],
    max_age = 600,
)]
#[put("/profile")]
async fn rename(name: web::Json<String>) -> String {
    format!("renamed to {name}")
}

// Enforced: for a request from any other origin, the handler does not even run.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    credentials,
    enforce,
)]
#[post("/transfer")]
async fn transfer(req: HttpRequest) -> String {
    format!("transferred, by {}", user(&req))
}

// Any origin, with cookies. It compiles only because it gives a reason.
#[cors(credentials, danger(reflect_any_origin = "only a demo"))]
#[get("/echo")]
async fn echo(req: HttpRequest) -> String {
    format!("private data of {}", user(&req))
}

// Signs in, and the page may use cookies.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    credentials,
)]
#[post("/sign-in")]
async fn sign_in() -> impl Responder {
    signed_in(session())
}

// Signs in with a cookie that stays on its site.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    credentials,
)]
#[post("/sign-in/lax")]
async fn sign_in_lax() -> impl Responder {
    signed_in(session().same_site(SameSite::Lax))
}

// Signs in, but the policy does not say that the page may use cookies.
#[cors(origins = ["http://app.shop.localhost:*"])]
#[post("/sign-in/unread")]
async fn sign_in_unread() -> impl Responder {
    signed_in(session())
}

// The same with a method that needs a preflight.
#[cors(origins = ["http://app.shop.localhost:*"])]
#[put("/sign-in/unread")]
async fn sign_in_unsent() -> impl Responder {
    signed_in(session())
}

// Forgets the cookie.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    credentials,
)]
#[post("/sign-out")]
async fn sign_out() -> impl Responder {
    let mut cookie = session().finish();
    cookie.make_removal();
    HttpResponse::Ok().cookie(cookie).body("bye")
}

// A cache may keep the response for ten minutes.
#[cors(origins = [
    "http://app.shop.localhost:*",
    "http://stranger.shop.localhost:*",
])]
#[get("/news")]
async fn news() -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("cache-control", "max-age=600"))
        .body("news")
}

// The app may read drafts, and its request says that it speaks JSON.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    credentials,
    allow_headers = ["content-type"],
    max_age = 60,
)]
#[get("/drafts")]
async fn read_drafts(req: HttpRequest) -> String {
    format!("drafts of {}", user(&req))
}

// Its sibling on the same path has no policy.
#[post("/drafts")]
async fn delete_drafts(req: HttpRequest, _: web::Json<String>) -> String {
    format!("drafts of {} are gone", user(&req))
}

// The app may read orders, in the same way.
#[cors(
    origins = ["http://app.shop.localhost:*"],
    credentials,
    allow_headers = ["content-type"],
    max_age = 60,
)]
#[get("/orders")]
async fn read_orders(req: HttpRequest) -> String {
    format!("orders of {}", user(&req))
}

// Its sibling on the same path has a policy that does not allow the app.
#[cors(none)]
#[post("/orders")]
async fn delete_orders(req: HttpRequest, _: web::Json<String>) -> String {
    format!("orders of {} are gone", user(&req))
}

/// The policy for a method on a path, and the methods of that route.
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
        ("POST", "/sign-in/lax") => (sign_in_lax::POLICY, &["POST"]),
        ("POST", "/sign-in/unread") => (sign_in_unread::POLICY, &["POST"]),
        ("PUT", "/sign-in/unread") => (sign_in_unsent::POLICY, &["PUT"]),
        ("POST", "/sign-out") => (sign_out::POLICY, &["POST"]),
        ("GET", "/news") => (news::POLICY, &["GET"]),
        ("GET", "/drafts") => (read_drafts::POLICY, &["GET"]),
        ("GET", "/orders") => (read_orders::POLICY, &["GET"]),
        ("POST", "/orders") => (delete_orders::POLICY, &["POST"]),
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
        .service(sign_in_lax)
        .service(sign_in_unread)
        .service(sign_in_unsent)
        .service(sign_out)
        .service(news)
        .service(read_drafts)
        .service(delete_drafts)
        .service(read_orders)
        .service(delete_orders);
}

/// This file.
pub(crate) const SOURCE: &str = include_str!("handlers.rs");
