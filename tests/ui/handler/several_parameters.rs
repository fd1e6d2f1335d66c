//! The compiler points at the parameters, among which is one that actix-web cannot extract.

use actix_web::{App, HttpRequest, get, web};
use cors_runtime::cors;

struct Mine;

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn routed(_: HttpRequest, _: Mine) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn by_hand<T: 'static>(
    _: web::Data<T>,
    _: Mine,
) -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(routed).service(by_hand::at::<u8>("/"));
}
