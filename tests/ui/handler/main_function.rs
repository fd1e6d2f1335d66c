use cors_runtime::cors;

#[cors(origins = ["https://a.example"])]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    Ok(())
}
