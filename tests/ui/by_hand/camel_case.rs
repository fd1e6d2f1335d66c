//! One lint each, as without `#[cors]`.

#![deny(non_snake_case, dead_code)]

use actix_web::App;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn getUser() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn unused() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(getUser::at("/"));
}
