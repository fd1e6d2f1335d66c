//! A shop service for tenants who have their own sites. A table lists the origins that may use it, and
//! an administrator changes the table while the service runs.
//!
//! `cargo run --example tenants [PORT]`
//!
//! The table is in memory and starts afresh each time. The administrator's token is in the environment
//! variable `ADMIN_TOKEN`, or else it is `let-me-in`.

mod support;

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, error, get, post, put, web};
use cors_runtime::{
    Allowlist, AsyncOriginSource, Cached, CredentialSafe, Origin, SourceError, Target, cors,
};
use rusqlite::{Connection, OptionalExtension};

/// Runs a query on a thread that may block.
async fn query<T: Send + 'static>(
    run: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, SourceError> {
    static DATABASE: OnceLock<Mutex<Connection>> = OnceLock::new();
    let answer = web::block(move || {
        let connect = || {
            let database = Connection::open_in_memory()?;
            database.execute_batch(
                "CREATE TABLE tenants (origin TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
                 INSERT INTO tenants VALUES ('https://books.example', 'Books');",
            )?;
            Ok::<_, rusqlite::Error>(database)
        };
        let database = if let Some(database) = DATABASE.get() {
            database
        } else {
            let database = Mutex::new(connect()?);
            DATABASE.get_or_init(|| database)
        };
        // A query that panicked left nothing half done, because SQLite rolls back.
        run(&database.lock().unwrap_or_else(PoisonError::into_inner))
    });
    Ok(answer.await??)
}

/// The table of tenants.
struct Tenants;

impl AsyncOriginSource for Tenants {
    async fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        let origin = origin.to_string();
        query(|database| {
            database
                .query_row("SELECT 1 FROM tenants WHERE origin = ?1", [origin], |_| {
                    Ok(())
                })
                .optional()
        })
        .await
        .map(|row| row.is_some())
    }
}

/// [`add`] holds new rows to the rules for origins with credentials.
impl CredentialSafe for Tenants {}

/// Most requests come from the same few shops, so one look-up a minute for each is enough.
static TENANTS: Cached<Tenants> = Cached::new(Tenants, 10_000, Duration::from_secs(60));

#[cors(origins = ["https://www.example.com", TENANTS], credentials)]
#[post("/cart/{book}")]
async fn put_in_cart(book: web::Path<String>) -> impl Responder {
    // Tenants are other sites. Without `SameSite=None; Secure`, browsers would not send the cookie back.
    let cookie = Cookie::build("cart", book.into_inner())
        .path("/")
        .http_only(true)
        .secure(true)
        .same_site(SameSite::None);
    HttpResponse::Ok()
        .cookie(cookie.finish())
        .body("in the cart\n")
}

#[cors(origins = ["https://www.example.com", TENANTS], credentials)]
#[get("/cart")]
async fn cart(req: HttpRequest) -> String {
    let book = req
        .cookie("cart")
        .map_or("nothing".to_owned(), |cookie| cookie.value().to_owned());
    format!("in the cart: {book}\n")
}

/// Checks the token. The handlers that call this have no `#[cors]`, so no page on another origin can use them.
fn is_admin(req: &HttpRequest) -> actix_web::Result<()> {
    let token = std::env::var("ADMIN_TOKEN").unwrap_or("let-me-in".to_owned());
    let shown = req
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if shown == Some(&format!("Bearer {token}")) {
        Ok(())
    } else {
        Err(error::ErrorUnauthorized("only the administrator may\n"))
    }
}

#[put("/admin/tenants/{name}")]
async fn add(
    req: HttpRequest,
    name: web::Path<String>,
    origin: String,
) -> actix_web::Result<impl Responder> {
    is_admin(&req)?;
    // This list is only used to check the origin.
    Allowlist::new()
        .set([&origin])
        .map_err(error::ErrorUnprocessableEntity)?;
    let name = name.into_inner();
    query(move |database| {
        database.execute(
            "INSERT OR REPLACE INTO tenants VALUES (?1, ?2)",
            [origin, name],
        )
    })
    .await
    .map_err(error::ErrorInternalServerError)?;
    // A cached refusal of this origin is out of date now.
    TENANTS.clear();
    Ok("added\n")
}

#[delete("/admin/tenants/{name}")]
async fn remove(req: HttpRequest, name: web::Path<String>) -> actix_web::Result<impl Responder> {
    is_admin(&req)?;
    let name = name.into_inner();
    let removed = query(|database| database.execute("DELETE FROM tenants WHERE name = ?1", [name]))
        .await
        .map_err(error::ErrorInternalServerError)?;
    TENANTS.clear();
    Ok(format!("{removed} removed\n"))
}

/// The routes of the service.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(put_in_cart)
        .service(cart)
        .service(add)
        .service(remove);
}

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    support::serve(
        configure,
        "\
# 1. A tenant in the table may read, with cookies. Another shop may not.
curl -i {url}/cart -H 'Origin: https://books.example' -H 'Cookie: cart=Emma'
curl -i {url}/cart -H 'Origin: https://records.example'

# 2. The administrator adds that shop, and its next request is allowed.
curl -i -X PUT {url}/admin/tenants/Records -H 'Authorization: Bearer let-me-in' -d https://records.example
curl -i {url}/cart -H 'Origin: https://records.example'

# 3. Plain `http` is not allowed with credentials, so this origin does not get into the table.
curl -i -X PUT {url}/admin/tenants/Records -H 'Authorization: Bearer let-me-in' -d http://records.example
",
    )
    .await
}
