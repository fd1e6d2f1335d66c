//! A policy that several handlers share, wherever they are.
//!
//! `cargo run --example shared_policy [PORT]`

mod support;

use actix_web::{get, put, web};
use cors_runtime::{Policy, cors, policy};

/// Our partners, at any of their names.
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
# A partner reads, with cookies.
curl -i {url}/orders -H 'Origin: https://eu.partner.example'

# A stranger does not: no `Access-Control-Allow-Origin`.
curl -i {url}/orders -H 'Origin: https://notpartner.example'
",
    )
    .await
}
