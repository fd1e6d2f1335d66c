use actix_web::{App, get, route, routes};
use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[get("/{")]
async fn bad_pattern() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get(5)]
async fn no_path() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/", colour = "red", name = 5, guard = "1 + 1", wrap = "(", method = "GET")]
async fn bad_options() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[route("/")]
async fn no_method() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[get("/")]
#[actix_web::post("/")]
async fn two_routes() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
#[routes]
async fn no_routes() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(bad_pattern).service(no_path).service(bad_options);
    let _ = App::new().service(no_method).service(two_routes).service(no_routes);
}
