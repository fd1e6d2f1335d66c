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

#[cfg(test)]
#[actix_web::test]
async fn each_handler_answers_its_preflights() {
    const APP: &str = "https://app.example.com";
    for (request, body, status) in [
        ("GET /notes/1", "", 200),
        ("PUT /notes/1", r#""milk""#, 200),
        ("PUT /notes/1", "oops", 400),
    ] {
        let (found, allowed) = support::ask(configure, request, APP, body).await;
        assert_eq!(
            (found, allowed.as_deref()),
            (status, Some(APP)),
            "{request} {body}"
        );
    }
    for (request, headers, status) in [
        ("PUT /notes/1", "content-type", 204),
        ("PUT /notes/1", "x-other", 403),
        ("GET /notes/1", "", 204),
        ("DELETE /notes/1", "", 404),
    ] {
        let found = support::preflight(configure, request, APP, headers).await;
        assert_eq!(found.0, status, "{request} {headers}");
    }
}
