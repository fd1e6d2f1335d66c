//! Exports for partners. These handlers are registered by hand, with `at`.

use actix_web::web;
use cors_runtime::cors;

use crate::policies::PARTNERS;

#[cors(PARTNERS, methods = ["GET"])]
async fn list() -> &'static str {
    "exports\n"
}

#[cors(PARTNERS, methods = ["POST"])]
async fn create(kind: web::Json<String>) -> String {
    format!("created: {kind}\n")
}

/// The name of the file is in a header.
#[cors(expose_headers = ["content-disposition"], methods = ["GET"], ..PARTNERS)]
async fn download(id: web::Path<u32>) -> actix_web::HttpResponse {
    actix_web::HttpResponse::Ok()
        .insert_header((
            "content-disposition",
            format!("attachment; filename=\"{id}.csv\""),
        ))
        .body("id,text\n")
}

#[cors(PARTNERS, methods = ["DELETE"])]
async fn remove(id: web::Path<u32>) -> String {
    format!("export {id} is gone\n")
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    let exports = web::scope("/exports")
        .service(list::at(""))
        .service(create::at(""))
        .service(download::at("/{id}"))
        .service(remove::at("/{id}"));
    app.service(exports);
}
