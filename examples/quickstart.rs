//! Two handlers share a path, and each has its own policy.
//!
//! `cargo run --example quickstart [PORT]`

mod support;

use actix_web::{Responder, get, put, web};
use cors_runtime::cors;
use serde::Deserialize;

#[derive(Deserialize)]
struct Me {
    name: String,
}

#[cors(origins = ["https://app.example.com", "https://*.example.org"], credentials)]
#[get("/me")]
async fn read_me() -> impl Responder {
    "you are known\n"
}

#[cors(origins = ["https://admin.example.com"], credentials, allow_headers = ["content-type"], max_age = 600)]
#[put("/me")] // the same path, but another policy: it answers the preflights of PUT
async fn write_me(me: web::Json<Me>) -> impl Responder {
    format!("you are {} now\n", me.name)
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(read_me).service(write_me); // nothing else to wire up
}

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    support::serve(
        configure,
        "\
# 1. The app may read. The response says so in `Access-Control-Allow-Origin` and `-Credentials`.
curl -i {url}/me -H 'Origin: https://app.example.com'

# 2. Another site may not. The response lacks these headers, so the browser hides it from script.
curl -i {url}/me -H 'Origin: https://evil.example'

# 3. Only the admin site may write. Its preflight gets a 204; the app's would get a 403.
curl -i -X OPTIONS {url}/me -H 'Origin: https://admin.example.com' \\
     -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'
",
    )
    .await
}

#[cfg(test)]
#[actix_web::test]
async fn each_method_has_its_own_policy() {
    const APP: &str = "https://app.example.com";
    const ADMIN: &str = "https://admin.example.com";
    let name = r#"{"name":"Ada"}"#;
    for (request, origin, body, allowed) in [
        ("GET /me", APP, "", Some(APP)),
        ("GET /me", "https://evil.example", "", None),
        ("GET /me", ADMIN, "", None),
        ("PUT /me", ADMIN, name, Some(ADMIN)),
        ("PUT /me", APP, name, None),
    ] {
        let (status, found) = support::ask(configure, request, origin, body).await;
        assert_eq!(
            (status, found.as_deref()),
            (200, allowed),
            "{request} {origin}"
        );
    }
    for (origin, status) in [(ADMIN, 204), (APP, 403)] {
        let found = support::preflight(configure, "PUT /me", origin, "content-type").await;
        assert_eq!(found.0, status, "{origin}");
    }
}
