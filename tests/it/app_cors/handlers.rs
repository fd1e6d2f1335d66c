//! The handlers of the app under test, each with a policy of its own.

use actix_web::{get, post, put, web};
use cors_runtime::{AsyncOriginSource, Origin, SourceError, Target, cors};

use super::APP;

#[cors(origins = ["https://app.example"], credentials, allow_headers = ["authorization"])]
#[get("/me")]
pub(crate) async fn read_me() -> &'static str {
    "me"
}

#[cors(origins = ["https://admin.example"], allow_headers = ["content-type"], max_age = 5)]
#[put("/me")]
pub(crate) async fn write_me() -> &'static str {
    "written"
}

#[cors(origins = ["https://app.example"])]
#[get("/users/{id}")]
async fn user() -> &'static str {
    "user"
}

#[cors(origins = ["https://app.example"])]
#[get("/files/{tail}*")]
async fn files() -> &'static str {
    "files"
}

#[cors(origins = ["https://app.example"])]
#[get("")]
async fn root_of_scope() -> &'static str {
    "root"
}

#[cors(none)]
#[post("/internal")]
async fn internal() -> &'static str {
    "internal"
}

#[cors(origins = ["https://app.example"], enforce)]
#[post("/transfer")]
async fn transfer() -> &'static str {
    "transferred"
}

#[cors(origins = ["https://app.example"], methods = ["POST"])]
async fn by_hand() -> &'static str {
    "by hand"
}

struct Slow;

impl AsyncOriginSource for Slow {
    async fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        actix_web::rt::task::yield_now().await;
        Ok(origin.as_str() == APP)
    }
}

static SLOW: Slow = Slow;

#[cors(origins = [SLOW])]
#[get("/slow")]
async fn slow() -> &'static str {
    "slow"
}

#[cors(origins = ["https://app.example"])]
#[get("/version", guard = "is_first")]
async fn version_1() -> &'static str {
    "1"
}

#[cors(origins = ["https://app.example", "https://new.example"])]
#[get("/version", guard = "is_second")]
async fn version_2() -> &'static str {
    "2"
}

fn is_first(ctx: &actix_web::guard::GuardContext<'_>) -> bool {
    ctx.head()
        .headers()
        .get("x-version")
        .is_some_and(|version| version == "1")
}

fn is_second(ctx: &actix_web::guard::GuardContext<'_>) -> bool {
    ctx.head()
        .headers()
        .get("x-version")
        .is_some_and(|version| version == "2")
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(web::resource("/users/me").route(web::get().to(|| async { "plain" })));
    app.service(read_me)
        .service(write_me)
        .service(user)
        .service(files)
        .service(internal);
    app.service(transfer)
        .service(by_hand::at("/by-hand"))
        .service(slow);
    app.service(version_1).service(version_2);
    app.service(
        web::scope("/tenants/{tenant}")
            .service(root_of_scope)
            .service(user),
    );
    app.route("/plain", web::get().to(|| async { "plain" }));
}
