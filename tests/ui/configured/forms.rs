use actix_web::{App, get};
use cors_runtime::{ConfiguredPolicy, Policy, cors, policy};

static API: ConfiguredPolicy = ConfiguredPolicy::new();

#[cors(configured = "crate::API")]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(configured = API())]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(configured(API))]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(configured)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(configured = &API)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(configured: self::API)]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

#[cors(configured = )]
#[get("/7")]
async fn h7() -> &'static str {
    ""
}

#[cors(configured = ["https://app.example.com"])]
#[get("/8")]
async fn h8() -> &'static str {
    ""
}

#[cors(configure = API)]
#[get("/9")]
async fn h9() -> &'static str {
    ""
}

#[cors(config = API)]
#[get("/10")]
async fn h10() -> &'static str {
    ""
}

static SHARED: Policy = policy!(configurd = API);

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4).service(h5).service(h6);
    let _ = App::new().service(h7).service(h8).service(h9).service(h10);
    let _ = &SHARED;
}
