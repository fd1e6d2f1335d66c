use actix_web::App;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async unsafe fn by_hand() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[Get("/1")]
async fn miscased() -> &'static str {
    ""
}

fn main() {
    let _ = App::new();
}
