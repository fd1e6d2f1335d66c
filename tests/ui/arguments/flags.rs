use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], credentials = false)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], enforce = true)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], credentials(true))]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], none = true)]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

fn main() {}
