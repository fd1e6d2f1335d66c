//! One error each, at what is at fault.

use actix_web::{App, get};
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

#[cors(origins = ["https://a.example"])]
#[get("/too")]
async fn routed_too(_: Mine) -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(routed).service(routed_too);
    let _ = App::new().service(by_hand::at("/")).service(by_hand_too::at("/"));
}
