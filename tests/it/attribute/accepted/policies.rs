//! Policies that are right, each close to one that is refused.

use actix_web::{App, Either, delete, get, post, put, route, routes, web};
use cors_runtime::{Policy, cors, policy};

#[cors(origins = ["*"])]
#[get("/1")]
async fn anyone() -> &'static str {
    ""
}

#[cors(origins = ["http://localhost:3000", "http://127.0.0.1:*", "http://[::1]:8080", "http://app.localhost"], credentials)]
#[get("/2")]
#[cfg(debug_assertions)]
async fn loopback_with_credentials() -> &'static str {
    ""
}

#[cors(origins = ["http://intranet", "https://*.github.io", "chrome-extension://abcdef", "https://1.2.3.4"])]
#[put("/3")]
async fn insecure_without_credentials() -> &'static str {
    ""
}

#[cors(origins = ["https://*.example.co.uk", "https://*.name.github.io", "https://*.corp.internal"], credentials)]
#[delete("/4")]
async fn below_a_name() -> &'static str {
    ""
}

#[cors(
    origins = ["https://a.example.com", "https://*.a.example.com", "https://*.example.com:8443", "https://example.com"],
    dev_origins = ["https://dev.example.com", "http://localhost:*"],
    allow_headers = ["Content-Type", "authorization", "x-a"],
    expose_headers = ["X-Total", "etag"],
    max_age = 7200,
    credentials,
)]
#[post("/5")]
async fn neighbours_are_not_covered(_: web::Json<String>) -> &'static str {
    ""
}

#[cors(origins = ["*"], allow_headers = ["*", "authorization"], expose_headers = ["*"], max_age = 0)]
#[route("/6", method = "GET", method = "PURGE")]
async fn wildcards(_: Either<web::Json<String>, web::Form<String>>) -> &'static str {
    ""
}

#[cors(origins = ["*"], allow_headers = ["*"])]
#[put("/6")]
async fn json_by_wildcard(_: Option<web::Json<String>>) -> &'static str {
    ""
}

#[cors(
    origins = ["null", "http://plc.example", "https://*.github.io"],
    credentials,
    danger(null_origin = "a", insecure_origins = "b", public_suffixes = "c")
)]
#[get("/7")]
async fn dangers() -> &'static str {
    ""
}

#[cors(credentials, danger(reflect_any_origin = "the map tiles are public"))]
#[get("/8")]
async fn reflected() -> &'static str {
    ""
}

static ECHO: Policy = policy!(
    credentials,
    danger(reflect_any_origin = "the map tiles are public")
);

#[cors(max_age = 5, ..ECHO)]
#[get("/9")]
async fn reflected_by_the_base() -> &'static str {
    ""
}

#[cors(origins = ["*"], credentials = false, danger(), ..ECHO)]
#[get("/13")]
async fn without_the_dangers_of_the_base() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], crate = ::cors_runtime)]
#[routes]
#[get("/10")]
#[post("/11")]
async fn several() -> &'static str {
    ""
}

macro_rules! handler {
    ($name:ident, $origin:literal) => {
        #[cors(origins = [$origin])]
        #[get("/12")]
        async fn $name() -> &'static str {
            ""
        }
    };
}

handler!(in_a_macro, "https://a.example");

#[test]
fn policies_beside_refused_ones_compile_without_a_warning() {
    let _ = App::new()
        .service(anyone)
        .service(loopback_with_credentials)
        .service(insecure_without_credentials);
    let _ = App::new()
        .service(below_a_name)
        .service(neighbours_are_not_covered)
        .service(wildcards);
    let _ = App::new()
        .service(json_by_wildcard)
        .service(dangers)
        .service(reflected)
        .service(reflected_by_the_base);
    let _ = App::new()
        .service(several)
        .service(in_a_macro)
        .service(without_the_dangers_of_the_base);
    assert_eq!(dangers::POLICY.dangers().len(), 3);
    assert_eq!(
        without_the_dangers_of_the_base::POLICY.to_string(),
        "origins = [\"*\"]"
    );
}
