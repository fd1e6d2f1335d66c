use actix_web::{App, get};
use cors_runtime::cors;

static NUMBER: u8 = 5;

#[cors(crate::NUMBER)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(crate::MISSING)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
}
