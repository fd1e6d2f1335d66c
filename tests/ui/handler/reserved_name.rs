use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["GET"])]
#[allow(non_snake_case)]
async fn POLICY() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["GET"])]
async fn at() -> &'static str {
    ""
}

fn main() {
    let _ = (POLICY(), at());
}
