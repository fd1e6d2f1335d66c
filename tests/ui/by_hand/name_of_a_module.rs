//! A handler by hand is a type of its name, and a module has its name among types, too.

use actix_web::App;
use cors_runtime::cors;

mod users {}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn users() -> &'static str {
    ""
}

fn main() {
    let _ = App::new();
}
