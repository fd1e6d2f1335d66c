//! Warnings are ordinary ones: silenced on the item, by `allow` and by `expect`, which would
//! complain in vain.

use actix_web::{App, get, web};
use cors_runtime::cors;

#[allow(deprecated)]
#[cors(origins = ["https://a.example"], max_age = 10_000)]
#[get("/1")]
async fn allowed(_: web::Json<String>) -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/2")]
#[expect(deprecated)]
async fn expected(_: web::Json<String>) -> &'static str {
    ""
}

#[test]
fn a_silenced_warning_stays_silent() {
    let _ = App::new().service(allowed).service(expected);
}
