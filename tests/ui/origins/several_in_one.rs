use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://a.example, https://b.example"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example https://b.example/ c.example"])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example", "https://a.example,https://b.example"])]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example;https://b.example"], credentials)]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example, nonsense"])]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

fn main() {}
