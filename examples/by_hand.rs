//! Handlers that are registered by hand: each states its methods, and brings the route of its preflights.
//!
//! `cargo run --example by_hand [PORT]`

mod support;

use actix_web::web;
use cors_runtime::cors;

#[cors(origins = ["https://app.example.com"], methods = ["GET"])]
async fn read(name: web::Path<String>) -> String {
    format!("note {name}\n")
}

#[cors(origins = ["https://app.example.com"], methods = ["PUT"], allow_headers = ["content-type"])]
async fn save(name: web::Path<String>, text: web::Json<String>) -> String {
    format!("note {name} is {text:?} now\n")
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(
        web::resource("/notes/{name}")
            .route(web::get().to(read)) // GET without special headers has no preflight
            .route(web::put().to(save))
            .route(save::preflight()),
    );
}

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    support::serve(
        configure,
        "\
# The preflight is answered by the policy of `save`.
curl -i -X OPTIONS {url}/notes/1 -H 'Origin: https://app.example.com' \\
     -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'

# Script can read an extractor's error as well: it carries the headers.
curl -i -X PUT {url}/notes/1 -H 'Origin: https://app.example.com' -H 'Content-Type: application/json' -d oops
",
    )
    .await
}
