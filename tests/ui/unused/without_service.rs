//! `at` does nothing by itself.

#![deny(unused_must_use)]

use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn read() -> &'static str {
    ""
}

fn main() {
    read::at("/");
}
