use actix_web::{App, get};
use cors_runtime::cors;

#[cors(crate::)]
#[get("/1")]
async fn h1() -> &'static str {
    ""
}

#[cors(max_age = 5, self::)]
#[get("/2")]
async fn h2() -> &'static str {
    ""
}

#[cors(methods)]
#[get("/3")]
async fn h3() -> &'static str {
    ""
}

#[cors(max_age = 5, ..super::)]
#[get("/4")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = [crate::])]
#[get("/5")]
async fn h5() -> &'static str {
    ""
}

fn main() {
    let _ = (App::new().service(h1).service(h2)).service(h3);
    let _ = App::new().service(h4).service(h5);
}
