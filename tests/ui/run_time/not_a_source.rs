use actix_web::{App, get};
use cors_runtime::{Allowlist, cors};

static NUMBER: u8 = 5;
static TENANTS: Allowlist = Allowlist::new();

#[cors(origins = [NUMBER, "https://a.example"])]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = [crate::TENANTS, crate::TENANTS, "*"])]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
}
