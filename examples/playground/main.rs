//! A page to learn from. It shows handlers as they are written, and what your browser does with
//! their responses when pages on other origins call them.
//!
//! `cargo run --example playground [PORT]`
//!
//! Four servers run on your machine: one for the page, on PORT; one for the origins that call,
//! which are several names for it; one for the handlers; and a cache. No request leaves the
//! machine, because browsers resolve names below `localhost` to loopback. If yours does not, the
//! page shows the line for your hosts file.

mod cache;
mod handlers;
mod page;
mod record;
mod request;
mod written;

use std::process::ExitCode;

use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let port = match std::env::args().nth(1) {
        None => 8080,
        Some(text) => text.parse::<u16>().map_err(|_| {
            format!("`{text}` is not a port; name one, as in `cargo run --example playground 8081`")
        })?,
    };
    // Also in a release build: the page is about the reasons.
    cors_runtime::explain(true);
    let any_port = |error: std::io::Error| format!("no free port: {error}");
    let callers = HttpServer::new(|| App::new().configure(page::configure_caller))
        .workers(1)
        .bind(("127.0.0.1", 0))
        .map_err(any_port)?;
    let api = HttpServer::new(|| {
        App::new()
            .wrap_fn(record::record)
            .configure(handlers::configure)
    })
    .workers(1)
    .bind(("127.0.0.1", 0))
    .map_err(any_port)?;
    let upstream = api.addrs()[0];
    let cache = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(cache::Cache::new(upstream)))
            .configure(cache::configure)
    })
    .workers(1)
    .bind(("127.0.0.1", 0))
    .map_err(any_port)?;
    let ports = page::Ports {
        callers: callers.addrs()[0].port(),
        api: upstream.port(),
        cache: cache.addrs()[0].port(),
    };
    let page = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(page::render(ports)))
            .configure(page::configure)
            .configure(written::configure)
    })
    .workers(1)
    .bind(("127.0.0.1", port))
    .map_err(|error| {
        format!(
            "port {port}: {error}; name another port, as in `cargo run --example playground 8081`"
        )
    })?;
    println!(
        "Open http://shop.localhost:{} in a browser. Press Ctrl-C to stop.",
        page.addrs()[0].port()
    );
    // Ctrl-C stops each server.
    let (page, callers, api, cache) =
        futures_util::join!(page.run(), callers.run(), api.run(), cache.run());
    page.and(callers)
        .and(api)
        .and(cache)
        .map_err(|error| error.to_string())
}
