//! Attributes of closures are unstable, so the message of the macro is the last one.

use actix_web::{App, web};
use cors_runtime::cors;

fn main() {
    let _ = App::new().route(
        "/",
        web::get().to(
            #[cors(origins = ["https://a.example"], methods = ["GET"])]
            || async { "" },
        ),
    );
}
