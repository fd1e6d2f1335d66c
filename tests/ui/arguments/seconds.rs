use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], max_age = 10m)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 1h)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 600s)]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 600u8)]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 60 * 10)]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 60 * 60 * 24 * 365)]
#[get("/")]
async fn h6() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = Duration::from_secs(600))]
#[get("/")]
async fn h7() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = "10 minutes")]
#[get("/")]
async fn h8() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = ONE_HOUR)]
#[get("/")]
async fn h9() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 5 minutes)]
#[get("/")]
async fn h10() -> &'static str {
    ""
}

fn main() {}
