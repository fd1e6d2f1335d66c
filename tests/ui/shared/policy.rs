use actix_web::{App, get};
use cors_runtime::{Policy, cors, policy};

static NO_ORIGINS: Policy = policy!();
static WILDCARD: Policy = policy!(origins = ["*"], credentials, max_age = 100_000);
static MALFORMED: Policy = policy!(origins = ["https://a.example/"]);
static METHODS: Policy = policy!(origins = ["https://a.example"], methods = ["GET"]);
static ANOTHER: Policy = policy!(crate::WILDCARD);
static LONG: Policy = policy!(origins = ["https://a.example"], max_age = 10_000);

#[cors(crate::MALFORMED)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(MALFORMED, credentials, max_age = 5, crate = ::cors_runtime)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(METHODS, crate::ANOTHER)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(none, credentials)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
    let _ = (&NO_ORIGINS, &WILDCARD, &LONG);
}
