use actix_web::{App, get, post, routes};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(methods = [], origins = ["https://a.example"])]
#[routes]
#[get("/")]
#[post("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
mod module {
    #[actix_web::get("/")]
    pub async fn h3() -> &'static str {
        ""
    }
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(module::h3);
    let _ = h1::POLICY;
}
