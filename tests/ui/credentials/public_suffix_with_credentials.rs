use actix_web::{App, get};
use cors_runtime::{Policy, cors, policy};

#[cors(origins = ["https://*.com", "https://*.co.uk", "https://*.github.io", "https://*.vercel.app", "https://*.ck", "https://*.core.windows.net"], credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

static INTERNATIONAL: Policy = policy!(origins = ["https://*.xn--mre-og-romsdal-qqb.no", "https://*.xn--stfold-9xa.no"], credentials);

fn main() {
    let _ = &INTERNATIONAL;
    let _ = App::new().service(h1);
    let _ = h1::POLICY;
}
