//! Nobody owns the scheme of an app, `localhost` or not. That of a browser extension is secure.

use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["capacitor://localhost", "tauri://localhost", "app://host"], credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai", "capacitor://localhost"], credentials)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {}
