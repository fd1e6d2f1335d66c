use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], allow_headers = ["x-a", "X-A"], expose_headers = ["x-b", "x-b"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["*"], allow_headers = ["*", "x-a"], expose_headers = ["*", "x-a"])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
    let _ = h1::POLICY;
}
