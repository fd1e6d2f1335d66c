//! A development build need not add an origin that `origins` allows already.

use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["http://localhost:*"], dev_origins = ["http://localhost:3000"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(dev_origins = ["http://localhost:3000"], credentials, danger(reflect_any_origin = "a public catalogue"))]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], dev_origins = ["http://localhost:*", "http://localhost:3000"])]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

fn main() {}
