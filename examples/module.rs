//! One policy for all handlers of a module, and two exceptions.
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

    /// A policy of its own replaces the module's.
    #[cors(origins = ["*"])]
    #[get("/status")]
    async fn status() -> &'static str {
        "up\n"
    }

    /// No page on another origin reads this.
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
# By the module's policy.
curl -i {url}/api/me -H 'Origin: https://app.example.com'

# By its own: anyone.
curl -i {url}/api/status -H 'Origin: https://other.example'

# By none.
curl -i -X POST {url}/api/internal -H 'Origin: https://app.example.com'
",
    )
    .await
}
