use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://app.example.com/", "https://*example.org"], credentials)]
#[get("/me")]
async fn read_me() -> &'static str {
    "you"
}

fn main() {
    let _ = App::new().service(read_me);
}
