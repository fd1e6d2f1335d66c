//! Whether `at` is warned about.
mod support;
use actix_web::{App, web};
use cors_runtime::{AppCors, cors};
use support::serve;

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn with_at() -> &'static str {
    "at"
}

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn with_to() -> &'static str {
    "to"
}

#[test]
fn at_is_not_warned_about() {
    tracing::subscriber::set_global_default(support::events::Events(|name| name == "message"))
        .unwrap();
    let server = serve!(
        App::new()
            .service(with_at::at("/at"))
            .route("/to", web::get().to(with_to))
            .wrap(AppCors::new())
    );
    for path in ["/at", "/to"] {
        server.send(&format!("GET {path}"), &["Origin: https://app.example"], "");
        println!("{path}: {:?}", support::events::take());
    }
}
