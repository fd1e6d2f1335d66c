use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], max_age = 86401)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 99999999999999999999999)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
    let _ = h1::POLICY;
}
