use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = [
    "",
    "example.com",
    "https:example.com",
    "file:///etc",
    "data:text/html,x",
    "wss://example.com",
    "https://user@example.com",
    "https://example.com/",
    "https://example.com/path",
    "https://example.com?q",
    "https://example.com#f",
    "HTTPS://example.com",
    "https://Example.com",
    " https://example.com",
    "https://bücher.example",
    "https://",
    "https://a..example.com",
])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = [
    "https://example.com..",
    "https://a,b",
    "https://127.1",
    "https://1.2.3.04",
    "https://[0:0::1]",
    "https://[::ffff:1.2.3.4]",
    "https://[nonsense]",
    "https://example.com:443",
    "http://example.com:80",
    "https://example.com:0",
    "https://example.com:65536",
    "https://example.com:0443",
    "https://example.com:",
    "https://example.com:port",
    "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = [
    r"^https://q\.example\.com$",
    "https://(r|s).example.com",
    "https://{tenant}.example.com",
    "https://https://example.com",
    "http://192.168.0.0/16",
    "app://a^b",
    "chrome-extension://abcdef/",
])]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3);
    let _ = h1::POLICY;
}
