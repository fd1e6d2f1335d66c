use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["http://app.example.com", "http://*.example.org:8080", "app://host"], credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], dev_origins = ["http://192.168.0.1"], credentials)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
    let _ = h1::POLICY;
}
