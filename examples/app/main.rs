//! A server of the usual shape: one policy for the whole app, a few exceptions, and middleware.
//!
//! - `policies.rs` has the default policy, `APP`, and those that several exceptions share.
//! - `notes.rs` and most of `account.rs` have no attribute: the default covers them, and files too.
//! - The exceptions say what differs: `public.rs` at each handler, `admin.rs` for a whole module,
//!   and `exports.rs` at handlers that are registered by hand.
//! - The login and the rate limit are around the app. `AppCors` is around those: it answers
//!   preflights first, and lets pages read a 401 or a 429. What rewrites paths, or only watches,
//!   comes last.
//! - `surface.txt` has the policy of every exception. A test compares it with the app, so no policy
//!   changes without a review.
//!
//! `cargo run --example app [PORT]`. `APP_ORIGINS` may have more origins of the web app:
//! `APP_ORIGINS="https://a.example, https://b.example"`.

mod account;
mod admin;
mod auth;
mod exports;
mod notes;
mod policies;
mod public;
#[cfg(test)]
#[path = "../../tests/support/mod.rs"]
mod support;
#[cfg(test)]
mod tests;

use actix_files::Files;
use actix_governor::governor::middleware::NoOpMiddleware;
use actix_governor::{Governor, GovernorConfig, GovernorConfigBuilder, PeerIpKeyExtractor};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Logger, NormalizePath, from_fn};
use actix_web::{App, Error, HttpServer, web};
use cors_runtime::{AppCors, comma_separated};

use policies::{APP, MORE_ORIGINS};

type Limits = GovernorConfig<PeerIpKeyExtractor, NoOpMiddleware>;

/// All routes.
fn configure(app: &mut web::ServiceConfig) {
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/app/public");
    app.configure(account::configure)
        .configure(notes::configure)
        .configure(public::configure)
        .configure(exports::configure)
        .configure(admin::configure)
        .service(Files::new("/public", files));
}

/// The app with what is around it. The last `wrap` is the outermost.
fn app(
    limits: &Limits,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .configure(configure)
        .wrap(from_fn(auth::require_user))
        .wrap(Governor::new(limits))
        .wrap(AppCors::new().otherwise(&APP))
        .wrap(NormalizePath::trim())
}

/// A rate limit for each address: this many requests at once, and then one more each half second.
fn limits(burst: u32) -> Option<Limits> {
    GovernorConfigBuilder::default().burst_size(burst).finish()
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    env_logger::init();
    if let Ok(origins) = std::env::var("APP_ORIGINS") {
        // A mistake stops the server, with a message that says what to write.
        MORE_ORIGINS.set(comma_separated(&origins))?;
    }
    let limits = limits(100).ok_or("a rate limit of nothing")?;
    let port = std::env::args().nth(1).unwrap_or_else(|| "8080".to_owned());
    let server = HttpServer::new(move || app(&limits).wrap(Logger::default()))
        .bind(("127.0.0.1", port.parse()?))?;
    let url = format!("http://{}", server.addrs()[0]);
    println!(
        "Serving {url}, until you press Ctrl-C. Try:\n
# The default policy answers a preflight, although it has no session.
curl -i -X OPTIONS {url}/notes/1 -H 'Origin: https://app.example.com' \\
     -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'

# Script of the app can read that it must log in first. Script on other origins cannot.
curl -i {url}/notes/1 -H 'Origin: https://app.example.com'
curl -i {url}/notes/1 -H 'Origin: https://evil.example'

# An exception: any page may read this.
curl -i {url}/shared/1 -H 'Origin: https://evil.example'
"
    );
    Ok(server.run().await?)
}
