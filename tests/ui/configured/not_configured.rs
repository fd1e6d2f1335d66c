use actix_web::{App, get};
use cors_runtime::{Allowlist, ConfiguredPolicy, Policy, cors, policy};

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static PARTNERS: Policy = policy!(origins = ["https://partner.example"]);
static TENANTS: Allowlist = Allowlist::new();

// A policy of the code.
#[cors(configured = crate::PARTNERS)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

// A list.
#[cors(configured = TENANTS)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(configured = crate::MISSING)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

// A configured policy, without saying so.
#[cors(crate::API)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

static WRONG: Policy = policy!(configured = PARTNERS);

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4);
}
