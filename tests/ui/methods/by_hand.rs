use actix_web::App;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["put", "TRACE", "GE T", "GET", "GET"])]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = "PUT")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = [GET])]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
fn not_async() -> &'static str {
    ""
}

fn main() {
    let _ = App::new()
        .service(h1::at("/"))
        .service(h2::at("/"))
        .service(h3::at("/"));
    let _ = not_async();
}
