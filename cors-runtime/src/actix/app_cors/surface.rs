//! The CORS surface of an app, as a text.

use std::cell::RefCell;
use std::fmt;
use std::future::ready;
use std::rc::Rc;

use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpRequest, HttpResponse, test};

use super::handlers::Handlers;
use super::marks::Waiting;

/// Every annotated handler of an app: its methods, the pattern of its whole path, its policy, and
/// the dangers that it accepts.
///
/// Its `Display` has one line for each handler and method, sorted. Commit it and compare it in a
/// test, so that every change shows up in review:
///
/// ```
/// use actix_web::{get, web};
/// use cors_runtime::{cors, surface};
///
/// #[cors(origins = ["https://app.example.com"], credentials)]
/// #[get("/users/{id}")]
/// async fn read_user() -> &'static str {
///     "Ada"
/// }
///
/// fn configure(app: &mut web::ServiceConfig) {
///     app.service(web::scope("/api").service(read_user));
/// }
///
/// # actix_web::rt::System::new().block_on(async {
/// assert_eq!(
///     surface(configure).await.to_string(),
///     "/api/users/{id} GET read_user: origins = [\"https://app.example.com\"], credentials\n",
/// );
/// # });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surface(Vec<String>);

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Builds an app with what `configure` registers, and returns its CORS surface.
///
/// `configure` is what [`App::configure`] takes. Nothing of the app runs.
pub async fn surface<F>(configure: F) -> Surface
where
    F: FnOnce(&mut ServiceConfig),
{
    const PROBE: &str = "/__cors_surface";
    let map = Rc::new(RefCell::new(None));
    let found = Rc::clone(&map);
    let probe = move |req: HttpRequest| {
        found.replace(Some(req.resource_map().clone()));
        ready(HttpResponse::Ok())
    };
    let waiting = Waiting::start();
    let app = App::new()
        .service(web::resource(PROBE).to(probe))
        .configure(configure);
    let app = test::init_service(app).await;
    let marks = waiting.stop();
    let _ = test::call_service(&app, test::TestRequest::with_uri(PROBE).to_request()).await;
    let map = map.take();
    Surface(map.map_or_else(Vec::new, |map| Handlers::new(&map, &marks, None).lines()))
}
