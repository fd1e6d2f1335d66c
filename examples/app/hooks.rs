//! What other programs call. No page may read it, except for the status.

pub(crate) use handlers::configure;

#[cors_runtime::cors(none)]
mod handlers {
    use actix_web::{get, post, web};
    use cors_runtime::cors;

    use crate::policies::PUBLIC;

    #[cors(PUBLIC)]
    #[get("/status")]
    async fn status() -> &'static str {
        "up\n"
    }

    #[post("/hooks/payment")]
    async fn payment(_: web::Bytes) -> &'static str {
        "taken\n"
    }

    #[post("/hooks/mail")]
    async fn mail(_: web::Bytes) -> &'static str {
        "taken\n"
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(status).service(payment).service(mail);
    }
}
