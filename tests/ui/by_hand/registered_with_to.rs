//! A handler by hand is registered with `at`, and no route takes it, in whatever it is wrapped.

use actix_web::dev::Handler;
use actix_web::{App, Responder, web};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["PUT"])]
async fn save(text: web::Bytes) -> web::Bytes {
    text
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn list<T: 'static>() -> &'static str {
    ""
}

#[derive(Clone)]
struct Timed<H>(H);

impl<Args, H: Handler<Args>> Handler<Args> for Timed<H>
where
    H::Output: Responder,
{
    type Output = H::Output;
    type Future = H::Future;

    fn call(&self, args: Args) -> Self::Future {
        self.0.call(args)
    }
}

fn main() {
    let _ = App::new().route("/1", web::put().to(save));
    let _ = App::new().service(web::resource("/2").to(save));
    let _ = App::new().route("/3", web::get().to(list::<u8>));
    let _ = App::new().route("/4", web::put().to(Timed(save)));
}
