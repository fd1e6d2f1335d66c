use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["*"], enforce)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(credentials, enforce, danger(reflect_any_origin = "the tiles are public"))]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(credentials, dev_origins = ["http://localhost:*"], danger(reflect_any_origin = "the tiles are public"))]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
}
