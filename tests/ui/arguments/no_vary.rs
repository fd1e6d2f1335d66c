use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://app.example.com"], disable_vary_header)]
#[get("/news")]
async fn news() -> &'static str {
    "news"
}

fn main() {
    let _ = App::new().service(news);
}
