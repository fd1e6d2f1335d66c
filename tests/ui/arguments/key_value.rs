use actix_web::get;
use cors_runtime::cors;

#[cors = "https://a.example"]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {}
