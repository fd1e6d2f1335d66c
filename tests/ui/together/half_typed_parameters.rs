//! The rest is the compiler's to say: the handler stays a handler.

use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn h1(x: ) -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
}
