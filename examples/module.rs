//! One policy for every handler in a module, with two exceptions.
//!
//! `cargo run --example module [PORT]`

mod support;

use cors_runtime::cors;

#[cors(origins = ["https://app.example.com"], credentials)]
#[actix_web::scope("/api")]
mod api {
    use actix_web::{get, post, web};
    use cors_runtime::cors;

    #[get("/me")]
    async fn read_me() -> &'static str {
        "you\n"
    }

    /// Its own policy replaces the module's.
    #[cors(origins = ["*"])]
    #[get("/status")]
    async fn status() -> &'static str {
        "up\n"
    }

    /// No origin: no page on another origin can read this, and its preflights are refused.
    #[cors(none)]
    #[post("/internal")]
    async fn internal() -> &'static str {
        "done\n"
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(read_me).service(status).service(internal);
    }
}

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    support::serve(
        api::configure,
        "\
# The module's policy applies.
curl -i {url}/api/me -H 'Origin: https://app.example.com'

# This handler has its own policy: any origin may read.
curl -i {url}/api/status -H 'Origin: https://other.example'

# This one allows no origin, so the response has no CORS headers.
curl -i -X POST {url}/api/internal -H 'Origin: https://app.example.com'
",
    )
    .await
}

#[cfg(test)]
#[actix_web::test]
async fn two_handlers_differ_from_their_module() {
    const APP: &str = "https://app.example.com";
    for (request, origin, allowed) in [
        ("GET /api/me", APP, Some(APP)),
        ("GET /api/me", "https://other.example", None),
        ("GET /api/status", "https://other.example", Some("*")),
        ("POST /api/internal", APP, None),
    ] {
        let (status, found) = support::ask(api::configure, request, origin, "").await;
        assert_eq!(
            (status, found.as_deref()),
            (200, allowed),
            "{request} {origin}"
        );
    }
    for (request, status) in [("GET /api/me", 204), ("POST /api/internal", 403)] {
        let found = support::preflight(api::configure, request, APP, "").await;
        assert_eq!(found.0, status, "{request}");
    }
}
