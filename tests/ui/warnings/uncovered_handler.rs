#![deny(deprecated)]

use actix_web::App;
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
mod api {
    use actix_web::post as submit;
    use actix_web::{Responder, get, web};
    use cors_runtime::cors;

    #[get("/covered")]
    pub async fn covered() -> &'static str {
        ""
    }

    #[submit("/renamed")]
    pub async fn renamed() -> &'static str {
        ""
    }

    pub async fn by_hand(_: web::Json<String>) -> impl Responder {
        ""
    }

    #[cors(none, methods = ["GET"])]
    pub async fn left_alone(_: web::Json<String>) -> impl Responder {
        ""
    }

    pub async fn returns_text(_: web::Path<u32>, _: web::Json<String>) -> String {
        String::new()
    }

    pub async fn helper_of_handlers(_: web::Data<String>, _: &web::Path<u32>) -> String {
        String::new()
    }

    pub async fn helper(_: &str) -> String {
        String::new()
    }
}

fn main() {
    let _ = App::new().service(api::covered).service(api::renamed);
    let _ = api::by_hand(actix_web::web::Json(String::new()));
    let _ = App::new().service(api::left_alone::at("/left-alone"));
    let _ = api::returns_text(1.into(), actix_web::web::Json(String::new()));
    let _ = api::helper_of_handlers(actix_web::web::Data::new(String::new()), &1.into());
    let _ = api::helper("");
}
