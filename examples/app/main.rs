//! A whole app: some forty handlers in nine files, and four policies.
//!
//! - Each policy is stated once, in `policies.rs`.
//! - Each file of handlers has one policy for all of them. They are in an inline module, because an
//!   attribute on `mod notes;` could not see into the file.
//! - A handler that differs says only what is different: `#[cors(enforce, ..APP)]`.
//! - Authentication is around the whole app. `AppCors`, around that, answers preflights first, lets
//!   pages read the 401, and gives the files in `public` a policy. What rewrites paths comes last.
//! - `surface.txt` has the policy of every handler. A test compares it with the app, so no policy
//!   changes without a review.
//!
//! `cargo run --example app [PORT]`

mod admin;
mod auth;
mod exports;
mod hooks;
mod login;
mod me;
mod notebooks;
mod notes;
mod policies;
mod sharing;
#[cfg(test)]
#[path = "../../tests/support/mod.rs"]
mod support;
mod tags;
#[cfg(test)]
mod tests;

use actix_files::Files;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::{App, Error, HttpServer, web};
use cors_runtime::AppCors;

use policies::PUBLIC;

/// All routes.
fn configure(app: &mut web::ServiceConfig) {
    app.configure(login::configure)
        .configure(me::configure)
        .configure(notes::configure)
        .configure(notebooks::configure)
        .configure(tags::configure)
        .configure(sharing::configure)
        .configure(exports::configure)
        .configure(admin::configure)
        .configure(hooks::configure)
        .service(Files::new(
            "/public",
            concat!(env!("CARGO_MANIFEST_DIR"), "/examples/app/public"),
        ));
}

/// The app with what is around it. The last `wrap` is the outermost.
fn app() -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .configure(configure)
        .wrap(from_fn(auth::require_user))
        .wrap(AppCors::new().otherwise(&PUBLIC).only(&["GET"]))
        .wrap(NormalizePath::trim())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8080".to_owned());
    let server = HttpServer::new(app).bind(("127.0.0.1", port.parse()?))?;
    let url = format!("http://{}", server.addrs()[0]);
    println!(
        "Serving {url}, until you press Ctrl-C. Try:\n
# The policy of the handler answers a preflight, although it has no session.
curl -i -X OPTIONS {url}/notes/1 -H 'Origin: https://app.example.com' \\
     -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'

# Script of the app can read that it must log in first. Script on other origins cannot.
curl -i {url}/notes/1 -H 'Origin: https://app.example.com'
curl -i {url}/notes/1 -H 'Origin: https://evil.example'

# A file, and the policy that `otherwise` gives it.
curl -i {url}/public/logo.svg -H 'Origin: https://evil.example'
"
    );
    Ok(server.run().await?)
}
