//! One policy for several handlers, wherever they are.
//!
//! `cargo run --example shared_policy [PORT]`

mod support;

use actix_web::{get, put, web};
use cors_runtime::{Policy, cors, policy};

/// Our partner, at any of its subdomains.
static PARTNERS: Policy = policy!(
    origins = ["https://partner.example", "https://*.partner.example"],
    credentials,
    allow_headers = ["content-type"],
);

#[cors(PARTNERS)]
#[get("/orders")]
async fn read_orders() -> String {
    format!("readable by {PARTNERS}\n")
}

#[cors(crate::PARTNERS)]
#[put("/orders")]
async fn write_orders(order: web::Json<String>) -> String {
    format!("ordered {order:?}\n")
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(read_orders).service(write_orders);
}

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    support::serve(
        configure,
        "\
# The partner may read, with cookies.
curl -i {url}/orders -H 'Origin: https://eu.partner.example'

# A stranger may not: the response has no `Access-Control-Allow-Origin`.
curl -i {url}/orders -H 'Origin: https://notpartner.example'
",
    )
    .await
}

#[cfg(test)]
#[actix_web::test]
async fn both_handlers_allow_the_partner_alone() {
    for (origin, is_allowed) in [
        ("https://partner.example", true),
        ("https://eu.partner.example", true),
        ("https://notpartner.example", false),
    ] {
        for (request, body) in [("GET /orders", ""), ("PUT /orders", r#""tea""#)] {
            let (status, found) = support::ask(configure, request, origin, body).await;
            let allowed = is_allowed.then_some(origin);
            assert_eq!(
                (status, found.as_deref()),
                (200, allowed),
                "{request} {origin}"
            );
        }
    }
}
