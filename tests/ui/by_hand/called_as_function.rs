//! The function itself is `save::save`.

use actix_web::web;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["PUT"], allow_headers = ["content-type"])]
async fn save(text: web::Json<String>) -> String {
    text.into_inner()
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn list() -> String {
    String::new()
}

async fn unit_test() {
    assert_eq!(save(web::Json("Ada".to_owned())).await, "Ada");
    assert_eq!(list().await, "");
}

fn main() {}
