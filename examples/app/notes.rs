//! Notes.

pub(crate) use handlers::configure;

#[cors_runtime::cors(crate::policies::APP)]
mod handlers {
    use actix_web::{HttpResponse, delete, get, patch, post, put, web};
    use cors_runtime::cors;

    use crate::policies::APP;

    /// The app reads the number of all notes, to turn pages.
    #[cors(expose_headers = ["x-total"], ..APP)]
    #[get("/notes")]
    async fn list() -> HttpResponse {
        HttpResponse::Ok()
            .insert_header(("x-total", "2"))
            .body("notes\n")
    }

    #[cors(expose_headers = ["x-total"], ..APP)]
    #[get("/notes/search")]
    async fn search() -> HttpResponse {
        HttpResponse::Ok()
            .insert_header(("x-total", "1"))
            .body("found\n")
    }

    #[post("/notes")]
    async fn create(text: web::Json<String>) -> String {
        format!("created: {text}\n")
    }

    #[get("/notes/{id}")]
    async fn read(id: web::Path<u32>) -> String {
        format!("note {id}\n")
    }

    #[put("/notes/{id}")]
    async fn write(id: web::Path<u32>, text: web::Json<String>) -> String {
        format!("note {id}: {text}\n")
    }

    #[patch("/notes/{id}")]
    async fn change(id: web::Path<u32>, text: web::Json<String>) -> String {
        format!("note {id}, changed: {text}\n")
    }

    #[delete("/notes/{id}")]
    async fn remove(id: web::Path<u32>) -> String {
        format!("note {id} is gone\n")
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(list)
            .service(search)
            .service(create)
            .service(read)
            .service(write)
            .service(change)
            .service(remove);
    }
}
