use actix_web::App;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET|POST", "POST", "PURGE"])]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1::at("/1"));
}
