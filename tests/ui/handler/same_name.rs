//! A handler is a type of its name, too.

use cors_runtime::cors;

#[allow(non_camel_case_types)]
struct me {}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn me() -> &'static str {
    let _ = me {};
    ""
}

fn main() {}
