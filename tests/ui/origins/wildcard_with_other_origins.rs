use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["*", "https://a.example"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["*"], dev_origins = ["http://localhost:*"])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
    let _ = h1::POLICY;
}
