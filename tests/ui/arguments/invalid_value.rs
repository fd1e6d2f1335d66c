use actix_web::{App, get};
use cors_runtime::cors;

#[cors(origins)]
#[get("/")]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = )]
#[get("/")]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = "https://a.example")]
#[get("/")]
async fn h3() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example" "https://b.example"])]
#[get("/")]
async fn h4() -> &'static str {
    ""
}

#[cors(origins = [,])]
#[get("/")]
async fn h5() -> &'static str {
    ""
}

#[cors(origins = [b"https://a.example", 5, "https://a.example"u8, concat!("a")])]
#[get("/")]
async fn h6() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], credentials = true)]
#[get("/")]
async fn h7() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = "600")]
#[get("/")]
async fn h8() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = -1)]
#[get("/")]
async fn h9() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], max_age = 1.5)]
#[get("/")]
async fn h10() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], allow_headers = "x")]
#[get("/")]
async fn h11() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], expose_headers = [x])]
#[get("/")]
async fn h12() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"] credentials)]
#[get("/")]
async fn h13() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], danger)]
#[get("/")]
async fn h14() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], danger())]
#[get("/")]
async fn h15() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], danger(null_origin))]
#[get("/")]
async fn h16() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], danger(null_origin = 5))]
#[get("/")]
async fn h17() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], danger = "x")]
#[get("/")]
async fn h18() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], crate = "x")]
#[get("/")]
async fn h19() -> &'static str {
    ""
}

#[cors(origins = [env!("CORS_TEST_UNSET")])]
#[get("/")]
async fn h20() -> &'static str {
    ""
}

fn main() {
    let _ = App::new().service(h1).service(h2).service(h3).service(h4).service(h5).service(h6).service(h7).service(h8).service(h9).service(h10).service(h11).service(h12).service(h13).service(h14).service(h15).service(h16).service(h17).service(h18).service(h19).service(h20);
    let _ = h1::POLICY;
}
