//! Handlers registered by hand. Each states its methods, and `at` registers it with its preflights.
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
    app.service(read::at("/notes/{name}"))
        .service(save::at("/notes/{name}"));
}

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    support::serve(
        configure,
        "\
# The policy of `save` answers this preflight.
curl -i -X OPTIONS {url}/notes/1 -H 'Origin: https://app.example.com' \\
     -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'

# The body is not JSON. Script can read the extractor's error, because the policy covers it.
curl -i -X PUT {url}/notes/1 -H 'Origin: https://app.example.com' -H 'Content-Type: application/json' -d oops
",
    )
    .await
}
