//! Nobody owns the scheme of an app, unless its host is `localhost`: then the cookies are those of that
//! app alone. One browser extension is secure, and all of them are not.

use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["capacitor://localhost", "connector://app.example.com", "app://.", "tauri://*.localhost"], credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai", "chrome-extension://*", "app://*"], credentials)]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {}
