use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = [
    "*://example.com",
    "https://*",
    "https://*example.com",
    "https://app-*.example.com",
    "https://api.*.example.com",
    "https://example.*",
    "https://*.1.2.3.4",
    "https://*.[::1]",
    "https://example.com:80*",
    "https://*.*.example.com",
    "http://*:8080",
    "http://192.168.1.*:8080",
    "http://10.*.*.*",
    "http://[fe80::*]",
    "chrome-extension://abc*",
    "app://*.*",
])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1);
    let _ = h1::POLICY;
}
