use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], allow_headers = ["content-type, x-a", "x-a: 1", "", "é"], expose_headers = ["x b"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
    let _ = h1::POLICY;
}
