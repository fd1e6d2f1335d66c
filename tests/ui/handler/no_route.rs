use actix_web::{App, get};
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

#[cors(origins = ["https://a.example"], methods = [])]
async fn no_methods() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"])]
mod no_handlers {
    pub async fn by_hand() -> &'static str {
        ""
    }
}

fn main() {
    let _ = without_a_route();
    let _ = below_the_route;
    let _ = App::new().service(no_methods::at("/"));
    let _ = no_handlers::by_hand();
}
