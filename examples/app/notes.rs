//! Notes. No handler has an attribute: the default policy covers them, however they are registered.

use actix_web::{HttpResponse, get, web};

#[get("/notes")]
async fn list() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("x-total", "2"))
        .body("notes\n")
}

async fn create(text: web::Json<String>) -> String {
    format!("created: {text}\n")
}

async fn read(id: web::Path<u32>) -> String {
    format!("note {id}\n")
}

async fn write(id: web::Path<u32>, text: web::Json<String>) -> String {
    format!("note {id}: {text}\n")
}

async fn remove(id: web::Path<u32>) -> String {
    format!("note {id} is gone\n")
}

async fn tag(ids: web::Path<(u32, String)>) -> String {
    format!("note {} is about {}\n", ids.0, ids.1)
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(list)
        .route("/notes", web::post().to(create))
        .service(
            web::resource("/notes/{id}")
                .route(web::get().to(read))
                .route(web::put().to(write))
                .route(web::delete().to(remove)),
        )
        .route("/notes/{id}/tags/{tag}", web::put().to(tag));
}
