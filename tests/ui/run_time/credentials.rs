use actix_web::{App, get};
use cors_runtime::{Allowlist, Cached, Origin, OriginSource, AsyncOriginSource, Policy, PublicAllowlist, SourceError, Target, cors, policy};

struct Own;

impl OriginSource for Own {
    fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Ok(true)
    }
}

struct Table;

impl AsyncOriginSource for Table {
    async fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Ok(true)
    }
}

static TENANTS: Allowlist = Allowlist::new();
static READERS: PublicAllowlist = PublicAllowlist::new();
static OWN: Own = Own;
static TABLE: Cached<Table> = Cached::new(Table, 10, std::time::Duration::from_secs(1));

#[cors(origins = [TENANTS, crate::READERS], credentials)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = [TENANTS, READERS, OWN, TABLE])]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

static SHARED: Policy = policy!(origins = [OWN, TABLE], credentials);

fn main() {
    let _ = App::new().service(h1).service(h2);
    let _ = &SHARED;
}
