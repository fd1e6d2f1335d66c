//! The handlers for administrators, who have pages of their own. One attribute covers the module.
//!
//! The module is inline, because an attribute on `mod admin;` could not see into the file.

pub(crate) use handlers::configure;

#[cors_runtime::cors(crate::policies::ADMIN)]
#[actix_web::scope("/admin")]
mod handlers {
    use actix_web::{delete, get, post, web};

    #[get("/users/{id}")]
    async fn user(id: web::Path<u32>) -> String {
        format!("user {id}\n")
    }

    #[post("/users/{id}/block")]
    async fn block(id: web::Path<u32>) -> String {
        format!("user {id} is blocked\n")
    }

    #[delete("/users/{id}")]
    async fn remove(id: web::Path<u32>) -> String {
        format!("user {id} is gone\n")
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(user).service(block).service(remove);
    }
}
