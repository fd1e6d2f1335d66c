//! Names from `actix_cors` and of the headers, and a variable of the program.

use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], allow_methods = ["GET", "PUT"])]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], allow_methods = ["GET", "PUT"])]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = [std::env::var("ORIGIN").unwrap()])]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = [&std::env::var("ORIGIN").expect("an origin")])]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = std::env::var("ORIGIN"))]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h3).service(h4).service(h5);
}
