use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], danger(insecure_origin = "x", everything = "x"))]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
    let _ = h1::POLICY;
}
