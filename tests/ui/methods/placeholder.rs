use cors_runtime::cors;

#[cors(origins = ["https://a.example"], methods = ["*"])]
async fn h1() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["ANY", "all"])]
async fn h2() -> &'static str {
    ""
}

#[cors(origins = ["https://a.example"], methods = ["get, post"])]
async fn h3() -> &'static str {
    ""
}

fn main() {}
