//! The base is fine without `credentials`, and what it states is not fine with them.

use actix_web::{App, get};
use cors_runtime::{Policy, PublicAllowlist, cors, policy};

pub static READERS: PublicAllowlist = PublicAllowlist::new();

pub static ANYONE: Policy = policy!(origins = ["*"]);
pub static INSECURE: Policy = policy!(origins = ["https://a.example", "http://b.example"]);
pub static EXTENSIONS: Policy = policy!(origins = ["moz-extension://*"]);
pub static OPEN: Policy = policy!(origins = ["https://*.github.io"]);
pub static ANY_EXPOSED: Policy = policy!(origins = ["https://a.example"], expose_headers = ["*"]);
pub static SOURCED: Policy = policy!(origins = [crate::READERS]);

#[cors(credentials, ..ANYONE)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(credentials, ..INSECURE)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(credentials, ..OPEN)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(credentials, ..EXTENSIONS)]
mod module {
    #[actix_web::get("/4")]
    pub async fn h4() -> &'static str {
        ""
    }
}

pub static MIDDLE: Policy = policy!(max_age = 5, ..ANY_EXPOSED);

#[cors(credentials, ..MIDDLE)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(credentials, ..crate::SOURCED)]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
    let _ = App::new().service(module::h4).service(h5).service(h6);
}
