use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], origins = ["https://b.example"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], credentials, credentials)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["null"], danger(null_origin = "x", null_origin = "y"))]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(none, none)]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
    let _ = h1::POLICY;
}
