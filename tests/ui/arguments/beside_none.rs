//! Only `enforce` has an effect beside `none`.

use actix_web::{App, get};
use cors_runtime::{Policy, cors, policy};

pub static PARTNERS: Policy = policy!(origins = ["https://partner.example"], credentials);
pub static CREDENTIALS: Policy = policy!(none, credentials);
pub static LISTED: Policy = policy!(origins = ["https://a.example"], none, enforce);

#[cors(none, max_age = 5)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(none, PARTNERS)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(none, enforce, ..PARTNERS)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(none, enforce = false)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(none, enforce)]
async fn without_methods() -> &'static str {
    ""
}

#[cors(none, enforce, origins = ["https://a.example"])]
mod module {
    #[actix_web::get("/5")]
    pub async fn h5() -> &'static str {
        ""
    }
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4).service(module::h5);
    let _ = without_methods();
}
