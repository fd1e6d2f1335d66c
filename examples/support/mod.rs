//! What the examples have in common: a port, and what to try.

use std::process::ExitCode;

use actix_web::{App, HttpServer, web};

/// Serves what `configure` registers on 127.0.0.1, at the port that the first argument names or at 8080, and prints what to
/// try. `{url}` in it is where that is.
pub(crate) async fn serve(configure: fn(&mut web::ServiceConfig), to_try: &str) -> ExitCode {
    match try_to_serve(configure, to_try).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!(
                "{message}; say which port to use, as in `cargo run --example quickstart 8081`"
            );
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
        "Serving {url}, until Ctrl-C. Try:\n\n{}",
        to_try.replace("{url}", &url)
    );
    server.run().await.map_err(|error| error.to_string())
}
