//! CORS for responses that are made before the handler.

mod expected;
mod handlers;
mod inside;
mod log;
mod marks;
mod method;
mod service;
mod surface;

use std::future::{Future, Ready, ready};
use std::rc::Rc;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use super::endpoint::{Endpoint, HandlerName};
use crate::policy::Policy;

pub(crate) use inside::{Passed, passed, report, report_by_hand, report_expected};
use marks::Asking;
pub(crate) use marks::{Marked, register as register_marks, registered_path};
use service::AppCorsService;
pub use surface::{Surface, surface};

/// A middleware that answers preflights, and adds CORS headers to responses that other middleware
/// makes before the handler: the 401 of an authentication, the 429 of a rate limit, a 500.
///
/// Make it the outermost middleware of the app, which is the last `wrap`. It has no policy of its
/// own: it finds the handler that a request would reach, and applies that handler's policy.
///
/// ```
/// use actix_web::middleware::from_fn;
/// use actix_web::{App, Error, body::BoxBody, dev, error, get, middleware};
/// use cors_runtime::{AppCors, cors};
///
/// #[cors(origins = ["https://app.example.com"], credentials)]
/// #[get("/me")]
/// async fn read_me() -> &'static str {
///     "you"
/// }
///
/// async fn authenticate(
///     req: dev::ServiceRequest,
///     next: middleware::Next<BoxBody>,
/// ) -> Result<dev::ServiceResponse<BoxBody>, Error> {
///     if req.headers().contains_key("authorization") {
///         next.call(req).await
///     } else {
///         Err(error::ErrorUnauthorized("who are you?")) // script can read this 401
///     }
/// }
///
/// App::new().service(read_me).wrap(from_fn(authenticate)).wrap(AppCors::new());
/// ```
///
/// - The policy of the handler that a request would reach answers its preflight, before any other
///   middleware runs. A preflight has none of the request's own headers, so guards are not asked. If
///   several handlers have the same path and method, all of them must allow it.
/// - A response gets the headers of the handler that was reached or, if none was, of the one that
///   would have been. The policy has the last word: it replaces `Access-Control-*` headers of the
///   middleware in between, and merges `Vary`. If guards choose among several handlers, a response
///   that is made before them has what all of them grant.
/// - If no annotated handler has the path and the method, or another handler took the request, the
///   response is left as it is.
/// - Guards of scopes cannot be seen, so a handler in a scope has a say even if another one in front
///   of it seems to take all of its requests. Handlers with the same path and method in scopes with
///   the same prefix must all be annotated: the policy of the one in front also answers the preflights
///   of an unannotated one behind it and, if that one is at the path of the scope itself, its requests.
/// - If another resource may take the request first, preflights go to the middleware inside, and the
///   response is left as it is. This happens if, before the handler, you register an unannotated
///   resource with the same path or with a tail below it (`/files/{tail}*` before `/files`), or a
///   scope with the same prefix. Register what is more general last.
/// - A handler that was registered with `.to(…)` is not found. Register it with its `at`.
///
/// It does not forward the preflights that it answers, so nothing else runs for them.
///
/// At the first request, it logs the [surface](surface()) of the app at the level `info`. An
/// `AppCors` that surrounds no middleware, or is inside another, is harmless, and a warning says so
/// once.
#[derive(Debug)]
pub struct AppCors {
    otherwise: Option<Endpoint>,
    /// Until the app is built, its annotated resources register what is needed to find them.
    asking: Rc<Asking>,
}

impl AppCors {
    /// A middleware without a default policy.
    #[must_use]
    pub fn new() -> Self {
        Self {
            otherwise: None,
            asking: Rc::new(Asking::new()),
        }
    }

    /// Sets the policy of everything without one: handlers without the attribute, static files,
    /// 404s. A handler with `#[cors(none)]` keeps none.
    ///
    /// ```
    /// use actix_web::App;
    /// use cors_runtime::{AppCors, Policy, policy};
    ///
    /// static PUBLIC: Policy = policy!(origins = ["*"]);
    ///
    /// App::new().wrap(AppCors::new().otherwise(&PUBLIC, &["GET", "HEAD"]));
    /// ```
    ///
    /// # Panics
    /// If a rule refuses one of `methods`, with the message of the rule. `AppCors` is made when the
    /// server starts.
    #[must_use]
    pub fn otherwise(mut self, policy: &'static Policy, methods: &'static [&'static str]) -> Self {
        if let Some(violation) = cors_rules::check_methods(methods).first() {
            panic!("`AppCors::otherwise`: {violation}");
        }
        self.otherwise = Some(Endpoint {
            handler: HandlerName("AppCors::otherwise"),
            policy,
            methods,
        });
        self
    }
}

impl Default for AppCors {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, B> Transform<S, ServiceRequest> for AppCors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: Future,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = AppCorsService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(AppCorsService::new(
            service,
            self.asking.asker(),
            self.otherwise,
        )))
    }
}
