//! A shop service for tenants who have their own sites. Each has a path, such as `/t/books/cart`,
//! and a table lists the origins that may use it. An administrator changes the table while the
//! service runs.
//!
//! `cargo run --example tenants [PORT]`
//!
//! The table is in memory and starts afresh each time. The administrator's token is in the
//! environment variable `ADMIN_TOKEN`, or else it is `let-me-in`.

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
                "CREATE TABLE origins (
                     tenant TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (tenant, origin)
                 ) STRICT;
                 INSERT INTO origins VALUES ('books', 'https://books.example');",
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

/// The table of origins.
struct Tenants;

impl AsyncOriginSource for Tenants {
    async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        // Not decoded: `/t/b%6Foks` names no tenant, since a name has no `%`; see `is_name`.
        let Some(tenant) = target.path().strip_prefix("/t/") else {
            return Ok(false);
        };
        let row = [tenant.to_owned(), origin.to_string()];
        query(|database| {
            database
                .query_row(
                    "SELECT 1 FROM origins WHERE tenant = ?1 AND origin = ?2",
                    row,
                    |_| Ok(()),
                )
                .optional()
        })
        .await
        .map(|row| row.is_some())
    }

    /// `/t/books` of `/t/books/cart`: all of the path that [`allows`](Self::allows) sees, and all
    /// that the cache remembers.
    fn path_segments(&self) -> usize {
        2
    }
}

/// [`add`] holds new rows to the rules for origins with credentials.
impl CredentialSafe for Tenants {}

/// Most requests come from the same few shops, so one look-up a minute for each is enough.
static TENANTS: Cached<Tenants> = Cached::new(Tenants, 10_000, Duration::from_secs(60));

#[cors(origins = ["https://www.example.com", TENANTS], credentials)]
#[post("/t/{tenant}/cart/{item}")]
async fn put_in_cart(path: web::Path<(String, String)>) -> actix_web::Result<impl Responder> {
    let (tenant, item) = path.into_inner();
    // Other characters, such as `;`, would make other attributes of the cookie.
    if !is_name(&tenant) || !is_name(&item) {
        return Err(error::ErrorNotFound("not in this shop\n"));
    }
    // Tenants are other sites. Without `SameSite=None; Secure`, browsers would not send the cookie
    // back.
    let cookie = Cookie::build("cart", item)
        .path(format!("/t/{tenant}"))
        .http_only(true)
        .secure(true)
        .same_site(SameSite::None);
    Ok(HttpResponse::Ok()
        .cookie(cookie.finish())
        .body("in the cart\n"))
}

#[cors(origins = ["https://www.example.com", TENANTS], credentials)]
#[get("/t/{tenant}/cart")]
async fn cart(req: HttpRequest, tenant: web::Path<String>) -> String {
    let item = req
        .cookie("cart")
        .map_or("nothing".to_owned(), |cookie| cookie.value().to_owned());
    format!("in the cart of {tenant}: {item}\n")
}

/// True if paths have the name as it is, and not encoded. Otherwise, [`Tenants`] and a handler,
/// whose path is decoded, might take one path for two tenants.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !name.is_empty() && name.bytes().all(is_plain)
}

/// Checks the token. The handlers that call this have no `#[cors]`, so no page on another origin
/// can use them.
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

#[put("/admin/tenants/{tenant}")]
async fn add(
    req: HttpRequest,
    tenant: web::Path<String>,
    origin: String,
) -> actix_web::Result<impl Responder> {
    is_admin(&req)?;
    if !is_name(&tenant) {
        return Err(error::ErrorUnprocessableEntity(
            "a tenant's name has letters, digits and `-`\n",
        ));
    }
    // This list is only used to check the origin.
    Allowlist::new()
        .set([&origin])
        .map_err(error::ErrorUnprocessableEntity)?;
    let row = [tenant.into_inner(), origin];
    query(move |database| database.execute("INSERT OR IGNORE INTO origins VALUES (?1, ?2)", row))
        .await
        .map_err(error::ErrorInternalServerError)?;
    // A cached refusal of this origin is out of date now.
    TENANTS.clear();
    Ok("added\n")
}

#[delete("/admin/tenants/{tenant}")]
async fn remove(req: HttpRequest, tenant: web::Path<String>) -> actix_web::Result<impl Responder> {
    is_admin(&req)?;
    let tenant = [tenant.into_inner()];
    let removed =
        query(|database| database.execute("DELETE FROM origins WHERE tenant = ?1", tenant))
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
# 1. A tenant in the table may read its cart, with cookies. Another shop may not.
curl -i {url}/t/books/cart -H 'Origin: https://books.example' -H 'Cookie: cart=Emma'
curl -i {url}/t/records/cart -H 'Origin: https://records.example'

# 2. The administrator adds that shop, and its next request is allowed: for its own cart.
curl -i -X PUT {url}/admin/tenants/records -H 'Authorization: Bearer let-me-in' -d https://records.example
curl -i {url}/t/records/cart -H 'Origin: https://records.example'
curl -i {url}/t/books/cart -H 'Origin: https://records.example'

# 3. Plain `http` is not allowed with credentials, so this origin does not get into the table.
curl -i -X PUT {url}/admin/tenants/records -H 'Authorization: Bearer let-me-in' -d http://records.example
",
    )
    .await
}
