//! Uses of `at` that cannot work.

use actix_web::{App, get, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["PUT"])]
async fn save() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn routed() -> &'static str {
    ""
}

fn main() {
    let _ = App::new()
        .route("/", save::at("/route"))
        .route("/", web::put().to(save::at("/handler")))
        .service(save)
        .service(routed::at("/twice"))
        .service(web::resource("/").route(save::at("/")))
        .service(save::at(7));
}
