//! By hand, a handler is a function like any other: it is used if something registers it.

#![deny(dead_code)]

use actix_web::{App, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn without_at() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn generic<T: 'static>(_: web::Data<T>) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn registered() -> &'static str {
    ""
}

fn main() {
    let _ = (without_at::POLICY, without_at::without_at());
    let _ = App::new().service(registered::at("/2"));
}
