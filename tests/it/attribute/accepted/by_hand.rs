//! The compiler says nothing of handlers that are registered by hand, and of what has their names.

use actix_web::{App, HttpRequest, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn registered() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
#[allow(dead_code)]
async fn not_registered() -> &'static str {
    ""
}

/// Handlers for another crate to register.
pub mod handlers {
    /// Nothing registers it here.
    #[cors_runtime::cors(origins = ["https://a.example"], methods = ["GET"])]
    pub async fn public() -> &'static str {
        ""
    }
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn two_types<T, U: 'static>(_: web::Data<T>, _: web::Data<U>) -> &'static str
where
    T: Send + 'static,
{
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn constant<const N: usize>(_: web::Data<[u8; N]>) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn not_static<r#T: Default + ToString, const N: usize>(_: HttpRequest) -> String {
    T::default().to_string()
}

/// The bound is one of several, or about a type that is made of the parameter.
#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn not_static_itself<T>(_: HttpRequest) -> &'static str
where
    Vec<T>: Default + 'static,
    for<'a> &'a T: PartialEq,
{
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn lifetime<'a>(_: web::Data<&'static str>) -> &'a str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn r#in() -> &'static str {
    ""
}

/// A parameter, a local and a field may have the name of a handler, in its own body and elsewhere.
#[cors(origins = ["https://a.example"], allow_headers = ["content-type"], methods = ["POST"])]
async fn user(user: web::Json<String>) -> String {
    user.into_inner()
}

struct Row {
    user: String,
}

fn from_row(Row { user }: Row) -> String {
    let registered = user.clone();
    if registered.is_empty() {
        return user;
    }
    registered
}

/// A module may have the name of the handler in it.
mod home {
    #[cors_runtime::cors(origins = ["https://a.example"], methods = ["GET"])]
    pub(super) async fn home() -> &'static str {
        ""
    }
}

#[test]
fn handlers_by_hand_compile_without_a_warning() {
    let _ = App::new()
        .service(registered::at("/1"))
        .service(two_types::at::<u8, u16>("/2"))
        .service(constant::at::<4>("/3"))
        .service(not_static::at::<u8, 4>("/4"))
        .service(not_static_itself::at::<u8>("/4"))
        .service(lifetime::at("/5"))
        .service(r#in::at("/6"))
        .service(user::at("/7"))
        .service(home::home::at("/8"));
    let user = from_row(Row {
        user: "Ada".to_owned(),
    });
    assert_eq!(user, "Ada");
}

#[cors(origins = ["https://a.example"])]
#[actix_web::get("/future")]
#[allow(clippy::manual_async_fn)] // actix-web takes such functions too
fn returns_future() -> impl Future<Output = &'static str> {
    async { "" }
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
fn by_hand_returns_future(_: HttpRequest) -> std::future::Ready<&'static str> {
    std::future::ready("")
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
fn by_hand_returns_box() -> std::pin::Pin<Box<dyn Future<Output = String>>> {
    Box::pin(async { String::new() })
}

#[test]
fn a_function_that_returns_a_future_is_a_handler() {
    let _ = App::new()
        .service(returns_future)
        .service(by_hand_returns_future::at("/1"))
        .service(by_hand_returns_box::at("/2"));
}
