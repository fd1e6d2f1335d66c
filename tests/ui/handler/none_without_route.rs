use actix_web::get as fetch;
use actix_web::{App, get};
use cors_runtime::cors;

#[get("/1")]
#[cors(none)]
async fn below() -> &'static str {
    ""
}

#[cors(none)]
#[fetch("/2")]
async fn renamed() -> &'static str {
    ""
}

#[cors(none)]
async fn by_hand() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(below).service(renamed);
    let _ = by_hand();
}
