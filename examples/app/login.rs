//! Logging in and out.

pub(crate) use handlers::configure;

#[cors_runtime::cors(crate::policies::APP)]
mod handlers {
    use actix_web::cookie::{Cookie, SameSite};
    use actix_web::{HttpResponse, get, post, web};

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

    #[post("/logout")]
    async fn log_out() -> HttpResponse {
        let mut session = Cookie::build("session", "")
            .same_site(SameSite::None)
            .secure(true)
            .finish();
        session.make_removal();
        HttpResponse::NoContent().cookie(session).finish()
    }

    #[get("/session")]
    async fn check() -> &'static str {
        "logged in\n"
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(log_in).service(log_out).service(check);
    }
}
