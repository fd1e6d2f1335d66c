use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], danger(null_origin = "x", insecure_origins = "x", public_suffixes = "x", reflect_any_origin = "x"))]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(danger(reflect_any_origin = "x"))]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example"], danger(insecure_origins = "no credentials, no danger"))]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
    let _ = h1::POLICY;
}
