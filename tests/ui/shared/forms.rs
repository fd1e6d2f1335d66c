//! A shared policy, as it is not named.

use actix_web::get;
use cors_runtime::cors;

static PARTNERS: cors_runtime::Policy = cors_runtime::policy!(origins = ["*"]);
static COPY: cors_runtime::Policy = cors_runtime::policy!(PARTNERS);

#[cors(partners)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(&PARTNERS)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(&self::PARTNERS)]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(policy!(origins = ["*"]))]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors(None)]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

#[cors(PARTNERS, PARTNERS)]
#[get("/")]
async fn h6() -> &'static str {
    ""
}

#[cors(..PARTNERS)]
#[get("/")]
async fn h7() -> &'static str {
    ""
}

#[cors("PARTNERS")]
#[get("/")]
async fn h8() -> &'static str {
    ""
}

fn main() {}
