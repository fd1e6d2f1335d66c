//! A page to learn from: handlers as they are written, and what the browser makes of their answers when pages on two other
//! origins call them.
//!
//! `cargo run --example playground [PORT]`
//!
//! Four servers run on this machine: the page, which is at PORT; two origins that call, which are two names of one server;
//! the handlers; and a cache. No request leaves the machine: browsers know that names below `localhost` are their own
//! machine. (Where one does not, `shop`, `app.shop`, `stranger.shop`, `api.shop` and `cache.shop` of `localhost` have to be
//! in the hosts file.)

mod cache;
mod handlers;
mod page;
mod record;

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
            format!("`{text}` is not a port; try `cargo run --example playground 8081`")
        })?,
    };
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
    })
    .workers(1)
    .bind(("127.0.0.1", port))
    .map_err(|error| {
        format!("port {port} cannot be had ({error}); try another one: `cargo run --example playground 8081`")
    })?;
    println!(
        "Open http://shop.localhost:{} in a browser. Ctrl-C ends all servers.",
        page.addrs()[0].port()
    );
    // Each server ends at Ctrl-C, so all do.
    let (page, callers, api, cache) =
        futures_util::join!(page.run(), callers.run(), api.run(), cache.run());
    page.and(callers)
        .and(api)
        .and(cache)
        .map_err(|error| error.to_string())
}
