use actix_web::{App, route};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[route("/1", method = "GET, POST")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[route("/2", methods = ["GET", "PUT"])]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[route("/3", method = "*")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[route("/4", method = Method::PUT)]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[route("/5", method = "DELTE")]
async fn h5() -> &'static str {
    ""
}

fn main() {
    let _ = (App::new().service(h1).service(h2)).service(h3);
    let _ = App::new().service(h4).service(h5);
}
