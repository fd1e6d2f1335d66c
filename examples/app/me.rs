//! The user's own account.

pub(crate) use handlers::configure;

#[cors_runtime::cors(crate::policies::APP)]
mod handlers {
    use actix_web::{delete, get, post, put, web};
    use cors_runtime::cors;

    use crate::policies::APP;

    #[get("/me")]
    async fn read() -> &'static str {
        "you\n"
    }

    #[put("/me")]
    async fn rename(name: web::Json<String>) -> String {
        format!("you are {name} now\n")
    }

    #[get("/me/avatar")]
    async fn avatar() -> &'static str {
        "a picture\n"
    }

    /// It cannot be undone, so it does not run for a form on another site either.
    #[cors(enforce, ..APP)]
    #[post("/me/password")]
    async fn change_password(_: web::Form<Vec<(String, String)>>) -> &'static str {
        "changed\n"
    }

    #[cors(enforce, ..APP)]
    #[delete("/me")]
    async fn close_account() -> &'static str {
        "closed\n"
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(read)
            .service(rename)
            .service(avatar)
            .service(change_password)
            .service(close_account);
    }
}
