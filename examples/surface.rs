//! The CORS surface of an app, as a text to commit and review.
//!
//! `cargo run --example surface` prints it. `cargo test --example surface` compares it with
//! `surface.txt`, so a changed policy shows in the diff of a pull request.

use actix_web::{get, post, put, web};
use cors_runtime::{Policy, cors, policy, surface};

static APP: Policy = policy!(origins = ["https://app.example.com"], credentials);

#[cors(APP)]
#[get("/me")]
async fn read_me() -> &'static str {
    "you"
}

#[cors(allow_headers = ["content-type"], max_age = 600, ..APP)]
#[put("/me")]
async fn write_me(name: web::Json<String>) -> String {
    name.into_inner()
}

#[cors(origins = ["*"])]
#[get("/status")]
async fn status() -> &'static str {
    "up"
}

#[cors(
    origins = ["http://scanner.warehouse.example"],
    credentials,
    danger(insecure_origins = "the scanners have no certificates, and their network is ours")
)]
#[post("/scans")]
async fn scan() -> &'static str {
    "taken"
}

#[cors(none)]
#[post("/internal/reset")]
async fn reset() -> &'static str {
    "done"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(
        web::scope("/api")
            .service(read_me)
            .service(write_me)
            .service(scan),
    );
    app.service(status).service(reset);
}

#[actix_web::main]
async fn main() {
    print!("{}", surface(configure).await);
}

#[cfg(test)]
#[actix_web::test]
async fn the_surface_is_as_it_was_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/surface.txt");
    let now = surface(configure).await.to_string();
    if std::env::var_os("SURFACE").is_some_and(|value| value == "overwrite") {
        std::fs::write(path, &now).expect("a writable checkout");
    }
    let reviewed = std::fs::read_to_string(path).expect("the reviewed surface");
    assert_eq!(
        now, reviewed,
        "review the difference, then run this with SURFACE=overwrite"
    );
}
