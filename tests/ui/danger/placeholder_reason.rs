use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["http://a.example"], credentials, danger(insecure_origins = "why that is harmless"))]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example"], credentials, danger(insecure_origins = "…"))]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example"], credentials, danger(insecure_origins = "?!"))]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

fn main() {}
