//! One error each, at what is at fault.

use actix_web::{App, get, web};
use cors_runtime::cors;

struct Mine;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn by_hand() -> Mine {
    Mine
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn by_hand_too(_: Mine) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn routed() -> Mine {
    Mine
}

fn main() {
    let _ = App::new().service(routed);
    let _ = web::resource("/").route(by_hand::preflight()).route(by_hand_too::preflight());
}
