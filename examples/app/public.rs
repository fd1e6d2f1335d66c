//! Notes that anyone may read, and what other programs call.

use actix_web::{get, post, web};
use cors_runtime::cors;

#[cors(origins = ["*"])]
#[get("/shared/{link}")]
async fn shared(link: web::Path<String>) -> String {
    format!("note behind {link}\n")
}

#[cors(origins = ["*"])]
#[get("/status")]
async fn status() -> &'static str {
    "up\n"
}

/// The payment provider calls this, and no page may.
#[cors(none, enforce)]
#[post("/hooks/payment")]
async fn payment(_: web::Bytes) -> &'static str {
    "taken\n"
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(shared).service(status).service(payment);
}
