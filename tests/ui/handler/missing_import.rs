use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[delete("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[trace]
#[actix_web::get("/")]
async fn h2() -> &'static str {
    ""
}

fn main() {
    let _ = actix_web::App::new().service(h1).service(h2);
}
