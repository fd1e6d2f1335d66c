//! Logging in, and the user's own account. One handler differs from the default policy.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpResponse, delete, get, post, web};
use cors_runtime::cors;

use crate::policies::APP;

#[post("/login")]
async fn log_in(name: web::Json<String>) -> HttpResponse {
    // `SameSite=None` is needed only if the app is on another site than this server.
    let session = Cookie::build("session", name.into_inner())
        .same_site(SameSite::None)
        .secure(true)
        .http_only(true)
        .finish();
    HttpResponse::NoContent().cookie(session).finish()
}

#[get("/me")]
async fn read() -> &'static str {
    "you\n"
}

/// It cannot be undone, so it does not run for a form on another site either.
#[cors(enforce, ..APP)]
#[delete("/me")]
async fn close() -> &'static str {
    "closed\n"
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(log_in).service(read).service(close);
}
