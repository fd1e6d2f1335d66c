use actix_web::{App, get};
use cors_runtime::cors;

#[cors(credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors()]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
    let _ = h1::POLICY;
}
