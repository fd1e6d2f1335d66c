//! One of the four servers, for `load.sh`.
//!
//! `cargo bench --bench server -- NAME`, where the name is `plain`, `by-hand`, `ours` or
//! `actix-cors`. It prints its port.

mod support;

use std::process::ExitCode;

use actix_web::middleware::Condition;
use actix_web::{App, HttpServer};
use support::Server;

#[actix_web::main]
async fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let Some(server) = Server::ALL.into_iter().find(|server| {
        server
            .name()
            .replace("#[cors]", "ours")
            .replace([' ', '_'], "-")
            == name
    }) else {
        // `cargo bench` alone runs every benchmark; this one has nothing to do then.
        println!("Skipped: name a server to run, as `load.sh` does.");
        return ExitCode::SUCCESS;
    };
    let is_actix_cors = server == Server::ActixCors;
    let bound = HttpServer::new(move || {
        App::new()
            .wrap(Condition::new(is_actix_cors, support::actix_cors_policy()))
            .configure(|app| server.configure(app))
    })
    .workers(1)
    .bind(("127.0.0.1", 0));
    match bound {
        Ok(bound) => {
            println!("{}", bound.addrs()[0].port());
            if bound.run().await.is_ok() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("no free port: {error}");
            ExitCode::FAILURE
        }
    }
}
