use actix_web::{App, get};
use cors_runtime::{ConfiguredPolicy, Policy, cors, policy};

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static PARTNERS: Policy = policy!(origins = ["https://partner.example"]);

#[cors(
    configured = API,
    origins = ["https://app.example.com"],
    dev_origins = ["http://localhost:3000"],
    credentials = false,
    enforce,
    allow_headers = ["content-type"],
    expose_headers = ["x-total"],
    max_age = 5,
    danger(null_origin = "a reason")
)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(none, configured = API)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(PARTNERS, configured = API)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(configured = API, ..PARTNERS)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(configured = API, configured = API)]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

#[cors(configured = API, methods = ["GET"])]
#[get("/6")]
async fn h6() -> &'static str {
    ""
}

static BOTH: Policy = policy!(configured = API, credentials);

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4).service(h5).service(h6);
    let _ = &BOTH;
}
