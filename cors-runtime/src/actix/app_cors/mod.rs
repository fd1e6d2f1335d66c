//! CORS for a whole app.

mod agreement;
mod candidate;
mod default;
mod handlers;
mod log;
mod marks;
mod method;
mod sent;
mod service;
mod slashes;
mod slot;
mod surface;

use std::future::{Ready, ready};

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use crate::core::policy::Policy;

use default::DefaultPolicy;
use marks::Waiting;
pub(crate) use marks::{path_to_register, register as register_marks};
use service::AppCorsService;
pub(crate) use slot::{Slot, endpoint_of, note_routing};
pub use surface::{Surface, surface};

/// CORS for a whole app: a default policy, and the responses that are made before a handler.
///
/// Each handler keeps its own policy. `AppCors` adds what only something around the app can do:
///
/// - It answers preflights by the policy of the handler that the request would reach, before any
///   other middleware runs. So a login or a rate limit never sees a preflight.
/// - It writes the headers of that policy onto responses that other middleware makes before the
///   handler, such as a 401, a 413 or a 429, so that script can read them.
/// - It writes last. The policy has the last word over `Access-Control-*` and `Vary`, whatever
///   middleware in between does to a response or to an error.
/// - With [`otherwise`](Self::otherwise), it has a default policy for everything without one.
///
/// ```
/// use actix_web::middleware::{Next, NormalizePath, from_fn};
/// use actix_web::{App, Error, body::BoxBody, dev, error, get};
/// use cors_runtime::{AppCors, Policy, cors, policy};
///
/// static PUBLIC: Policy = policy!(origins = ["*"]);
///
/// #[cors(origins = ["https://app.example.com"], credentials)]
/// #[get("/me")]
/// async fn read_me() -> &'static str {
///     "you"
/// }
///
/// async fn authenticate(
///     req: dev::ServiceRequest,
///     next: Next<BoxBody>,
/// ) -> Result<dev::ServiceResponse<BoxBody>, Error> {
///     if req.headers().contains_key("cookie") {
///         next.call(req).await
///     } else {
///         Err(error::ErrorUnauthorized("who are you?")) // script can read this 401
///     }
/// }
///
/// App::new()
///     .service(read_me)
///     .wrap(from_fn(authenticate)) // responds before a handler is reached: inside
///     .wrap(AppCors::new().otherwise(&PUBLIC))
///     .wrap(NormalizePath::trim()); // rewrites paths: around, or inside
/// ```
///
/// # The order of `wrap`s
///
/// The last `wrap` is the outermost. `AppCors` belongs around everything that responds, and inside
/// what rewrites paths. A [`NormalizePath`](actix_web::middleware::NormalizePath) may be on either
/// side: if there is nothing at a path, `AppCors` looks the path up as a normalizer would make it.
/// If other middleware inside rewrites paths, the log warns once, with both paths.
///
/// `AppCors` may also wrap a scope: `web::scope("/fonts").wrap(AppCors::new().otherwise(&FONTS))`.
/// Then it covers that scope alone. An `AppCors` inside another does nothing, and the log says so.
///
/// # How it finds the handler
///
/// It goes by path and method, in the order of registration, as actix-web's own resource map does.
/// It looks only for preflights, for responses that were made before a handler, and for what a
/// default policy forbids. Any other request goes inside, and the handler that is reached decides,
/// as without `AppCors`.
///
/// - Preflights have none of the request's own headers, so guards are not asked. If several
///   handlers share a path and a method, all of them must allow the preflight, and a response that
///   is made before them has what all of them grant.
/// - If something without a policy may take the request first, the default policy must agree. If
///   there is no default, the preflight goes inside, and a response that is made before is left as
///   it is. So is a successful response if it is not known who made it.
/// - If nothing at a path has the method, handlers count whose paths differ by slashes alone.
///
/// It does not see everything. In these cases, the handler that counts is not the one that is
/// reached, for `enforce` of the default too:
///
/// - **Guards of scopes.** If several scopes have the same prefix, all their handlers with the same
///   path count. If their paths differ and several match, the first scope's handler counts. If the
///   guard of a scope declines a request, and something without a policy takes it, the handler in
///   the scope counts. If a scope takes a path at which it has nothing, a guard that declines leads
///   to a later handler that matches the path, such as `/{tail}*`: a default must agree with that
///   one. But handlers whose paths differ by slashes alone count before it.
/// - **An unannotated handler registered later** on the path of an annotated one, if a third
///   handler has its method. Annotate both, with `none` if no other origin may call one of them.
/// - **Handlers registered after something that matches more**: an unannotated tail, such as
///   `/files/{tail}*` before `/files/list`; a scope with a slash at the end of its prefix; a
///   regular expression that matches a slash. Their preflights go inside, or need the default to
///   agree. Register the more general ones last.
/// - **A default service, or an unannotated handler that would take the request.** If the path
///   differs from a handler's by slashes alone, or if a normalizer inside leads the request there,
///   that handler counts, provided that it allows the origin. So if the default enforces, wrap
///   normalizers around `AppCors`.
///
/// In such an app, the tail of an annotated handler does not match the character `\0`, and its
/// pattern says so: [`match_pattern`](actix_web::HttpRequest::match_pattern) is
/// `/files/{tail:[^\x00]*}`.
///
/// At the first request, it logs the [surface](surface()) of the app at the level `info`, and its
/// default policy: on a scope, with the path of that.
#[derive(Debug)]
pub struct AppCors {
    default: Option<DefaultPolicy>,
    /// Until the app is built, its annotated resources register marks.
    waiting: Waiting,
}

impl AppCors {
    /// Covers annotated handlers. There is no default policy.
    #[must_use]
    pub fn new() -> Self {
        Self {
            default: None,
            waiting: Waiting::start(),
        }
    }

    /// Sets the default policy: that of handlers without the attribute, static files and 404s, for
    /// any method.
    ///
    /// A handler with a policy, `none` included, keeps its own. A request that the default refuses,
    /// by
    /// [`enforce`](Policy::enforce) for instance, does not reach a handler without one, as far as
    /// `AppCors` [sees](Self#how-it-finds-the-handler) which handler that is.
    ///
    /// ```
    /// use actix_web::App;
    /// use cors_runtime::{AppCors, Policy, policy};
    ///
    /// static PUBLIC: Policy = policy!(origins = ["*"]);
    ///
    /// App::new().wrap(AppCors::new().otherwise(&PUBLIC));
    /// ```
    #[must_use]
    pub fn otherwise(mut self, policy: &'static Policy) -> Self {
        let only = self.default.and_then(|default| default.only);
        self.default = Some(DefaultPolicy { policy, only });
        self
    }

    /// Limits the methods that preflights may ask for under the default policy. GET brings HEAD
    /// along.
    ///
    /// Nothing else changes: responses have the headers of the policy, whatever the method.
    ///
    /// ```
    /// use actix_web::App;
    /// use cors_runtime::{AppCors, Policy, policy};
    ///
    /// static FONTS: Policy = policy!(origins = ["*"]);
    ///
    /// App::new().wrap(AppCors::new().otherwise(&FONTS).only(&["GET"]));
    /// ```
    ///
    /// # Panics
    /// If a rule refuses one of `methods`, with the message of the rule; and if there is no default
    /// policy yet. An `AppCors` is made when the server starts.
    #[must_use]
    #[track_caller]
    pub fn only(mut self, methods: &'static [&'static str]) -> Self {
        if let Some(violation) = cors_rules::check_methods(methods).first() {
            panic!("`AppCors::only`: {violation}");
        }
        let Some(default) = &mut self.default else {
            panic!("`AppCors::only`: there is no default policy to limit; call `otherwise` first");
        };
        default.only = Some(methods);
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
            self.default,
        )))
    }
}
