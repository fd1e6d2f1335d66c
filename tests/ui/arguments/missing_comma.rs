use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"] credentials, max_age = 5)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example" "https://b.example"])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], allow_headers = ["x-a" "x-b"] expose_headers = ["x-c"])]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], credentials enforce)]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 600 credentials)]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], credentials x)]
#[get("/")]
async fn h6() -> &'static str {
    ""
}

fn main() {}
