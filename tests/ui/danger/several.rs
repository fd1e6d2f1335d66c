use actix_web::{App, get};
use cors_runtime::cors;

#[cors(
    origins = ["null", "http://a.example"],
    credentials,
    danger(null_origin = "it is public"),
    danger(insecure_origins = "the plant has no certificates"),
)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["null"], null_origin = "it is public")]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(credentials, danger(any_origin = "it is public"))]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
}
