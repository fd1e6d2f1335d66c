use actix_web::{App, get};
use cors_runtime::{Policy, cors, policy};

pub static PARTNERS: Policy = policy!(origins = ["https://partner.example"], credentials);

#[cors(..PARTNERS, max_age = 5)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(max_age = 5, ..)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(max_age = 5, ..&PARTNERS)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], credentials = false)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(dev_origins = ["http://localhost:*"], ..PARTNERS)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(none, ..PARTNERS)]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

#[cors(PARTNERS, ..PARTNERS)]
#[get("/7")]
async fn h7() -> &'static str {
    ""
}

#[cors(max_age = 5, ..MISSING)]
#[get("/8")]
async fn h8() -> &'static str {
    ""
}

/// Its mistake is said once.
pub static MALFORMED: Policy = policy!(origins = ["https://a.example/"]);

#[cors(max_age = 5, ..MALFORMED)]
#[get("/9")]
async fn h9() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
    let _ = App::new().service(h5).service(h6).service(h7).service(h8).service(h9);
}
