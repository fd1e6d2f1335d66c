//! Links to notes that anyone may read.

pub(crate) use handlers::configure;

#[cors_runtime::cors(crate::policies::APP)]
mod handlers {
    use actix_web::{delete, get, post, web};
    use cors_runtime::cors;

    use crate::policies::PUBLIC;

    #[get("/notes/{id}/links")]
    async fn list(id: web::Path<u32>) -> String {
        format!("links to note {id}\n")
    }

    #[post("/notes/{id}/links")]
    async fn create(id: web::Path<u32>) -> String {
        format!("/shared/{id}\n")
    }

    #[delete("/notes/{id}/links/{link}")]
    async fn remove(ids: web::Path<(u32, String)>) -> String {
        format!("link {} is gone\n", ids.1)
    }

    #[cors(PUBLIC)]
    #[get("/shared/{link}")]
    async fn read(link: web::Path<String>) -> String {
        format!("note behind {link}\n")
    }

    #[cors(PUBLIC)]
    #[get("/shared/{link}/preview")]
    async fn preview(link: web::Path<String>) -> String {
        format!("preview of {link}\n")
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(list)
            .service(create)
            .service(remove)
            .service(read)
            .service(preview);
    }
}
