use actix_web::{App, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["put", "TRACE", "GE T", "GET", "GET"])]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = "PUT")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = [GET])]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn preflight() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
fn not_async() -> &'static str {
    ""
}

fn main() {
    let _ = App::new()
        .route("/", web::put().to(h1))
        .route("/", h1::preflight())
        .route("/", web::put().to(h2))
        .route("/", web::put().to(h3))
        .route("/", web::put().to(preflight));
    let _ = not_async();
}
