use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], credential)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origin = ["https://a.example"])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max-age = 5)]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(allowed_origin = "https://a.example")]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors("https://a.example")]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], 5)]
#[get("/")]
async fn h6() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4).service(h5).service(h6);
    let _ = h1::POLICY;
}
