//! Exports for partners. These handlers are registered by hand, with `at`.

use actix_web::{HttpResponse, web};
use cors_runtime::cors;

use crate::policies::PARTNERS;

#[cors(PARTNERS, methods = ["POST"])]
async fn create(kind: web::Json<String>) -> String {
    format!("created: {kind}\n")
}

/// The name of the file is in a header that partners may read.
#[cors(PARTNERS, methods = ["GET"])]
async fn download(id: web::Path<u32>) -> HttpResponse {
    let name = format!("attachment; filename=\"{id}.csv\"");
    HttpResponse::Ok()
        .insert_header(("content-disposition", name))
        .body("id,text\n")
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    let exports = web::scope("/exports")
        .service(create::at(""))
        .service(download::at("/{id}"));
    app.service(exports);
}
