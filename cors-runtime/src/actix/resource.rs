//! Annotated resources: paths, and the handler that takes their requests under a policy.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;

use actix_router::Patterns;
use actix_web::body::MessageBody;
use actix_web::dev::{
    AppService, Extensions, HttpServiceFactory, ResourceDef, Service, ServiceRequest,
    ServiceResponse, Transform,
};
use actix_web::guard::Guard;
use actix_web::{Error, Route};

use super::app_cors::{path_to_register, register_marks};
use super::guard::RouteGuard;
use super::middleware::RouteUnderPolicy;
use super::registered::Registered;

/// The service that [`Route::wrap`] wraps.
type RouteService = Box<
    dyn Service<
            ServiceRequest,
            Response = ServiceResponse,
            Error = Error,
            Future = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>,
        >,
>;

/// A handler under its policy, as a service for `.service(…)`. The `at` of a handler gives one.
///
/// The methods are those of [`Resource`](actix_web::Resource), and mean the same. The policy stays
/// the outermost layer: it answers preflights before any middleware of the resource runs, and sets
/// the CORS headers of the responses of that middleware.
///
/// ```
/// use actix_web::middleware::DefaultHeaders;
/// use actix_web::{App, web};
/// use cors_runtime::cors;
///
/// #[cors(origins = ["https://app.example.com"], methods = ["GET"])]
/// async fn read(id: web::Path<u32>) -> String {
///     format!("item {id}")
/// }
///
/// let not_cached = DefaultHeaders::new().add(("cache-control", "no-store"));
/// App::new().service(read::at("/items/{id}").name("item").wrap(not_cached));
/// ```
#[must_use = "register it with `.service(…)`"]
pub struct AnnotatedResource {
    paths: Vec<String>,
    name: String,
    registered: Registered,
    guards: Vec<Box<dyn Guard>>,
    app_data: Option<Extensions>,
    route: Route,
}

impl AnnotatedResource {
    /// Not generic, so that it is compiled once, and not for each handler.
    pub(crate) fn new(paths: Patterns, name: &str, registered: Registered, route: Route) -> Self {
        let paths = match paths {
            Patterns::Single(path) => vec![path],
            Patterns::List(paths) => paths,
        };
        Self {
            paths: paths.into_iter().map(with_slash).collect(),
            name: name.to_owned(),
            registered,
            guards: Vec::new(),
            app_data: None,
            route,
        }
    }

    /// Sets the name by which [`url_for`](actix_web::HttpRequest::url_for) finds the resource: that
    /// of the handler by default.
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Adds a guard, which preflights must pass too.
    ///
    /// A preflight is an `OPTIONS` request without the headers of the request that it announces.
    /// Do not guard by method: the handler takes its own methods only.
    pub fn guard(mut self, guard: impl Guard + 'static) -> Self {
        self.guards.push(Box::new(guard));
        self
    }

    /// Adds data of a type. Extractors find it before that of the scope or the app.
    pub fn app_data<T: 'static>(mut self, data: T) -> Self {
        self.app_data.get_or_insert_default().insert(data);
        self
    }

    /// Wraps the handler in a middleware. The last one is the outermost, inside the policy.
    pub fn wrap<M, B>(mut self, middleware: M) -> Self
    where
        M: Transform<
                RouteService,
                ServiceRequest,
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        self.route = self.route.wrap(middleware);
        self
    }
}

impl HttpServiceFactory for AnnotatedResource {
    fn register(self, app: &mut AppService) {
        let Self {
            paths,
            name,
            registered,
            mut guards,
            app_data,
            route,
        } = self;
        let registered = Registered {
            is_guarded: !guards.is_empty(),
            ..registered
        };
        guards.insert(0, Box::new(RouteGuard::new(registered)));
        for path in &paths {
            register_marks(app, path, &name, registered);
        }
        let paths: Vec<_> = paths.iter().map(|path| path_to_register(path)).collect();
        let mut pattern = ResourceDef::new(paths);
        pattern.set_name(name);
        let route = RouteUnderPolicy {
            registered,
            app_data: app_data.map(Rc::new),
            route,
        };
        app.register_service(pattern, Some(guards), route, None);
    }
}

impl fmt::Debug for AnnotatedResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnnotatedResource")
            .field("paths", &self.paths)
            .field("name", &self.name)
            .field("handler", &self.registered)
            .finish_non_exhaustive()
    }
}

/// A path as actix-web registers it.
fn with_slash(path: String) -> String {
    if path.is_empty() || path.starts_with('/') {
        path
    } else {
        format!("/{path}")
    }
}
