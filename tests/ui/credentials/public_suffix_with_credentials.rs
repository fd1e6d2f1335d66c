use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://*.com", "https://*.co.uk", "https://*.github.io", "https://*.vercel.app", "https://*.ck", "https://*.core.windows.net"], credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
    let _ = h1::POLICY;
}
