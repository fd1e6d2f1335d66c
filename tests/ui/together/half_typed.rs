//! Attributes as they are while somebody types: no panic, and no error that is not about them.

use actix_web::{App, get};
use cors_runtime::cors;

#[cors(o)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(= , ; [()] => origins =)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example", ""], danger(= =), allow_headers = [[[]]], expose_headers = [,,])]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], credentials, )]
#[get("/")]
async fn h4() -> &'static str {
    let x: u8 = "half";
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
    let _ = (h1::POLICY, h2::POLICY, h3::POLICY, h4::POLICY);
}
