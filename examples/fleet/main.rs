//! A service that runs many times. All instances share a table of origins in PostgreSQL, and each
//! learns of a change within a second. No request asks the database.
//!
//! ```sh
//! createdb fleet && psql fleet -f examples/fleet/table.sql
//! cargo run --example fleet 8081     # and, in other terminals, 8082, 8083, …
//! ```
//!
//! By default, the database is `fleet` on this machine, over its socket. In production, name
//! another:
//!
//! ```sh
//! export DATABASE_URL='host=db.example.com dbname=fleet user=fleet password=…'
//! export SSL_CERT_FILE=authority.pem # unless this machine trusts the issuer of its certificate
//! ```
//!
//! Such a connection needs TLS, and a certificate for that host: anyone who can change the list on
//! its way can let any site in. `sslmode=disable` turns both off, for a database on this machine.

mod follow;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::Duration;

use actix_web::{get, web};
use cors_runtime::{Allowlist, cors};
use tokio_postgres::Config;

static TENANTS: Allowlist = Allowlist::new();

#[cors(origins = ["https://www.example.com", TENANTS], credentials)]
#[get("/me")]
async fn read_me() -> &'static str {
    "Ada\n"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(read_me);
}

/// Runs an instance. It does not serve before its list is filled.
///
/// It reads the table when the database reports a change, and also every `check`.
pub(crate) async fn run(database: Config, check: Duration) -> ExitCode {
    tracing_subscriber::fmt().init();
    follow::follow(database, &TENANTS, check).await;
    support::serve(
        configure,
        "\
# 1. A tenant in the table may read, with cookies. Another shop may not.
curl -i {url}/me -H 'Origin: https://books.example'
curl -i {url}/me -H 'Origin: https://records.example'

# 2. Add that shop. Every instance allows it from now on.
psql fleet -c \"INSERT INTO tenants VALUES ('https://records.example', 'Records')\"
curl -i {url}/me -H 'Origin: https://records.example'

# 3. Plain `http` is not allowed with credentials. The log names the row, and the others apply.
psql fleet -c \"INSERT INTO tenants VALUES ('http://films.example', 'Films')\"

# 4. Stop PostgreSQL. The service goes on with its list. Start it again, and the log says so.
",
    )
    .await
}

#[actix_web::main]
async fn main() -> ExitCode {
    let database = std::env::var("DATABASE_URL")
        .unwrap_or("host=/var/run/postgresql dbname=fleet sslmode=disable".to_owned())
        .parse();
    match database {
        Ok(database) => run(database, Duration::from_secs(30)).await,
        Err(error) => {
            eprintln!("DATABASE_URL: {error}");
            ExitCode::FAILURE
        }
    }
}
