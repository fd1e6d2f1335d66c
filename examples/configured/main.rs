//! A server that others run. Its operator says in a file or in the environment who may use it, and
//! an unsafe configuration stops it.
//!
//! `cargo run --example configured [FILE]`
//!
//! The file is `examples/configured/server.toml`, unless you name another. Try an origin that is
//! not secure:
//!
//! `SERVER__CORS__ORIGINS=http://app.example.com cargo run --example configured`

use std::error::Error;
use std::process::ExitCode;

use actix_web::{App, HttpServer, Responder, get, put, web};
use config::{Config, ConfigError, Environment, File};
use cors_runtime::{ConfiguredPolicy, PolicyConfig, cors};
use serde::Deserialize;

static API: ConfiguredPolicy = ConfiguredPolicy::new();

#[cors(configured = API)]
#[get("/items")]
async fn read_items() -> impl Responder {
    "a lamp and a chair\n"
}

#[cors(configured = API)]
#[put("/items")]
async fn replace_items(items: web::Json<Vec<String>>) -> impl Responder {
    format!("{} items\n", items.len())
}

/// The settings of the server. Each has a default, so an empty file is fine.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    port: u16,
    /// By default, no page on another origin may read anything.
    cors: PolicyConfig,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 8080,
            cors: PolicyConfig::default(),
        }
    }
}

/// Reads the file, and then what the environment says otherwise.
fn read(file: &str) -> Result<Settings, ConfigError> {
    // Two underscores between keys, since there is one in `allow_headers`.
    let environment = Environment::with_prefix("SERVER").separator("__");
    Config::builder()
        .add_source(File::with_name(file))
        .add_source(environment.prefix_separator("__"))
        .build()?
        .try_deserialize()
}

/// Serves until the process is stopped.
///
/// A reload is the same two steps: read, and set. A set that fails changes nothing, so a mistake in
/// a file that was edited while the server runs is an error in the log, and the old policy stays.
async fn serve(file: &str) -> Result<(), Box<dyn Error>> {
    let settings = read(file)?;
    API.set(settings.cors)
        .map_err(|violations| violations.of("cors"))?;
    let server = HttpServer::new(|| App::new().service(read_items).service(replace_items))
        .workers(1)
        .bind(("127.0.0.1", settings.port))?;
    let url = format!("http://{}", server.addrs()[0]);
    println!(
        "Serving {url}, until you press Ctrl-C. Try:\n\n\
         # An origin of the configuration may read, with cookies. Others may not.\n\
         curl -i {url}/items -H 'Origin: https://app.example.com'\n\
         curl -i {url}/items -H 'Origin: https://other.example'"
    );
    Ok(server.run().await?)
}

#[actix_web::main]
async fn main() -> ExitCode {
    let file = std::env::args().nth(1);
    run(file.as_deref().unwrap_or("examples/configured/server.toml")).await
}

/// Serves, or says on standard error why it cannot, with an exit code for whatever started it.
pub(crate) async fn run(file: &str) -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    match serve(file).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the server cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}
