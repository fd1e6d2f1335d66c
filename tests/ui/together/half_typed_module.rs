use actix_web::App;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
mod module {
    use actix_web::get;

    #[get("/1")]
    pub async fn h1() -> &'static str {
        let s = "";
        s.
    }

    #[get("/2")]
    pub async fn h2() -> &'static str {
        ""
    }
}

fn main() {
    let _ = App::new().service(module::h1).service(module::h2);
}
