//! Shared by the examples: serve on a port, and say what to try.

use std::process::ExitCode;

use actix_web::{App, HttpServer, web};

/// Serves the app on 127.0.0.1, on the port in the first argument or 8080, and prints what to try.
///
/// `{url}` in `to_try` stands for the address of the server.
pub(crate) async fn serve(configure: fn(&mut web::ServiceConfig), to_try: &str) -> ExitCode {
    match try_to_serve(configure, to_try).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}; name a port, as in `cargo run --example quickstart 8081`");
            ExitCode::FAILURE
        }
    }
}

async fn try_to_serve(configure: fn(&mut web::ServiceConfig), to_try: &str) -> Result<(), String> {
    let port = match std::env::args().nth(1) {
        None => 8080,
        Some(text) => text
            .parse::<u16>()
            .map_err(|_| format!("`{text}` is not a port"))?,
    };
    let server = HttpServer::new(move || App::new().configure(configure))
        .workers(1)
        .bind(("127.0.0.1", port))
        .map_err(|error| format!("port {port}: {error}"))?;
    let url = format!("http://{}", server.addrs()[0]);
    println!(
        "Serving {url}, until you press Ctrl-C. Try:\n\n{}",
        to_try.replace("{url}", &url)
    );
    server.run().await.map_err(|error| error.to_string())
}
