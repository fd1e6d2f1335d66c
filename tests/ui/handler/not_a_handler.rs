use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
struct NotAFunction;

#[cors(origins = ["https://a.example"])]
#[get("/")]
fn not_async() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
async fn returns_nothing() {}

impl NotAFunction {
    #[cors(origins = ["https://a.example"])]
    #[get("/")]
    async fn a_method(&self) -> &'static str {
        ""
    }
}

fn main() {
    let _ = App::new().service(not_async).service(returns_nothing);
    let _ = NotAFunction.a_method();
}
