use actix_web::{App, get};
use cors_runtime::{Allowlist, cors};

static SCANNERS: Allowlist = Allowlist::new();

#[cors(origins = ["https://a.example"], danger(null_origin = "x", insecure_origins = "x", public_suffixes = "x", file_origin = "x", reflect_any_origin = "x"))]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(danger(reflect_any_origin = "x"))]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example"], danger(insecure_origins = "no credentials, no danger"))]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = [SCANNERS], credentials, danger(insecure_origins = "the scanners have no certificates"))]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
    let _ = h1::POLICY;
}
