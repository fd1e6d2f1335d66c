//! Tags.

pub(crate) use handlers::configure;

#[cors_runtime::cors(crate::policies::APP)]
mod handlers {
    use actix_web::{delete, get, put, web};

    #[get("/tags")]
    async fn list() -> &'static str {
        "tags\n"
    }

    #[get("/tags/{tag}/notes")]
    async fn notes(tag: web::Path<String>) -> String {
        format!("notes about {tag}\n")
    }

    #[put("/notes/{id}/tags/{tag}")]
    async fn add(ids: web::Path<(u32, String)>) -> String {
        format!("note {} is about {}\n", ids.0, ids.1)
    }

    #[delete("/notes/{id}/tags/{tag}")]
    async fn remove(ids: web::Path<(u32, String)>) -> String {
        format!("note {} is not about {}\n", ids.0, ids.1)
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(list)
            .service(notes)
            .service(add)
            .service(remove);
    }
}
