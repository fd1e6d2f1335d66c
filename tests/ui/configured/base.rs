use actix_web::{App, get};
use cors_runtime::{ConfiguredPolicy, Policy, cors, policy};

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static REST: Policy = policy!(configured = API);

#[cors(max_age = 5, ..REST)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

// Nothing of it is left, but for what nobody knows yet.
static OTHER: Policy = policy!(origins = ["https://app.example.com"], ..crate::REST);

// Neither is what builds on a copy of it.
#[cors(origins = ["*"], ..OTHER)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2);
}
