use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://*.your-name.github.io"], credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://your-name.vercel.app/"])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {}
