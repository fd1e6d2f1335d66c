//! The compiler allows no types in an `impl`, so `#[cors]` has no place for what belongs to a
//! handler. Only the message of the method is the macro's own: it alone has a `self`.

use actix_web::{App, HttpResponse, get, web};
use cors_runtime::cors;

struct Notes;

impl Notes {
    #[cors(origins = ["https://a.example"], methods = ["PUT"])]
    async fn save(text: String) -> HttpResponse {
        HttpResponse::Ok().body(text)
    }

    #[cors(origins = ["https://a.example"])]
    #[get("/notes")]
    async fn list() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(origins = ["https://a.example"], methods = ["GET"])]
    async fn read(&self) -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(origins = ["https://a.example"], methods = ["GET"])]
    pub async fn of_self() -> web::Json<Self> {
        web::Json(Self)
    }

    #[cors(origins = ["https://a.example"], methods = ["GET"])]
    pub async fn bounded() -> HttpResponse
    where
        Self: Sized,
    {
        HttpResponse::Ok().finish()
    }
}

fn main() {
    let _ = App::new().route("/notes", web::put().to(Notes::save));
}
