//! A correction that is offered follows the rules too.

use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://my-app-*.vercel.app", "https://*vercel.app"], credentials)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://my-app-*.vercel.app"])]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["http*://app.example.com", "https*://app.example.com"])]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["ws://a.example", "http://b.example/", "c.example", "localhost:3000"], credentials)]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example", "https://a.example/", "https://*.b.example", "https://x.b.example/"])]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = ["http://a.example", "https://a.example"], credentials)]
#[get("/")]
async fn h6() -> &'static str {
    ""
}

#[cors(origins = ["https://*.github.io/"], credentials)]
#[get("/")]
async fn h7() -> &'static str {
    ""
}

#[cors(origins = ["ftp*://a.example", "*://*.com"], credentials)]
#[get("/")]
async fn h8() -> &'static str {
    ""
}

fn main() {}
