use actix_web::get;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
async fn without_a_route() -> &'static str {
    ""
}

#[get("/")]
#[cors(origins = ["https://a.example"])]
async fn below_the_route() -> &'static str {
    ""
}

fn main() {
    let _ = without_a_route();
    let _ = below_the_route;
}
