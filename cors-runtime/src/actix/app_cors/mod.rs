//! CORS for responses that are made before the handler.

mod handlers;
mod log;
mod marks;
mod method;
mod service;
mod slot;
mod surface;

use std::future::{Ready, ready};

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use super::endpoint::{Endpoint, HandlerName};
use crate::decision::Methods;
use crate::policy::Policy;

use marks::Waiting;
pub(crate) use marks::{path_to_register, register as register_marks};
use service::AppCorsService;
pub(crate) use slot::leave;
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
///   middleware runs. A preflight has none of the request's own headers, so guards are not asked: where
///   they choose among several handlers, all of them must allow it.
/// - A response gets the headers of the handler that was reached or, if none was, of the one that
///   would have been. The policy has the last word: it replaces `Access-Control-*` headers of the
///   middleware in between, and merges `Vary`. If guards choose among several handlers, a response
///   that is made before them has what all of them grant.
/// - If no annotated handler has the path and the method, or something without a policy took the request
///   or may take it first, nothing is answered and the response is left as it is.
///
/// It finds handlers by their paths and methods, in the order of registration. It does not see:
///
/// - the guards of scopes. Handlers at the same path in scopes with the same prefix must all allow a
///   preflight; if the prefix has parameters, the first of them answers for all. Others in a later
///   scope with the same prefix are not found.
/// - a handler without a policy, behind an annotated one on the same path. Annotate both, with `none` if
///   nobody may call one of them.
/// - what comes after an unannotated resource with a tail below it (`/files/{tail}*` before `/files`).
///   Register what is more general last.
/// - a handler that was registered with `.to(…)`. Register it with its `at`.
///
/// In an app with an `AppCors`, the tail of an annotated handler matches no `\0`, and its pattern says
/// so: `/files/{tail:[^\x00]*}`.
///
/// It does not forward the preflights that it answers, so nothing else runs for them.
///
/// At the first request, it logs the [surface](surface()) of the app at the level `info`. An
/// `AppCors` that surrounds no middleware, or is inside another, is harmless, and a warning says so
/// once.
#[derive(Debug)]
pub struct AppCors {
    otherwise: Option<Endpoint>,
    /// Until the app is built, its annotated resources register marks.
    waiting: Waiting,
}

impl AppCors {
    /// A middleware without a default policy.
    #[must_use]
    pub fn new() -> Self {
        Self {
            otherwise: None,
            waiting: Waiting::start(),
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
            methods: Methods::These(methods),
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
            self.waiting.stop(),
            self.otherwise,
        )))
    }
}
