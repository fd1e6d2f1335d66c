//! Annotated resources: a path, and the handler that takes its requests under a policy.

use actix_web::body::MessageBody;
use actix_web::dev::{
    AppService, HttpServiceFactory, ServiceFactory, ServiceRequest, ServiceResponse, Transform,
};
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::middleware::Compat;
use actix_web::{Error, FromRequest, Handler, HttpResponse, Resource, Responder};

use super::app_cors::{Marked, register_marks, registered_path};
use super::endpoint::Endpoint;
use super::guard::RouteGuard;
use super::manual::{self, UnreadRequest};
use super::middleware::CorsMiddleware;

/// A resource for the requests of a handler and for their preflights.
///
/// The macro adds what its route attribute has, and then the handler.
#[must_use]
#[derive(Debug)]
pub struct AnnotatedResource<R = Resource> {
    path: String,
    name: String,
    endpoint: Endpoint,
    has_guards: bool,
    resource: R,
}

impl AnnotatedResource {
    pub(crate) fn new(path: &str, name: &str, endpoint: Endpoint) -> Self {
        Self {
            path: path.to_owned(),
            name: name.to_owned(),
            endpoint,
            has_guards: false,
            resource: Resource::new(&*registered_path(path))
                .name(name)
                .guard(RouteGuard::new(endpoint.methods)),
        }
    }

    /// Registers a handler that applies its policy by itself.
    fn register_by_hand<F, Fut>(self, app: &mut AppService, handler: F)
    where
        F: Fn(UnreadRequest) -> Fut + Clone + 'static,
        Fut: Future<Output = HttpResponse> + 'static,
    {
        register_marks(app, self.marked());
        (self.resource)
            .route(manual::preflight(self.endpoint))
            .to(handler)
            .register(app);
    }
}

impl<T> AnnotatedResource<Resource<T>>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = Error,
            InitError = (),
        > + 'static,
{
    /// `guard = "…"`
    pub fn guard(mut self, guard: impl Fn(&GuardContext<'_>) -> bool + 'static) -> Self {
        self.resource = self.resource.guard(fn_guard(guard));
        self.has_guards = true;
        self
    }

    /// `wrap = "…"`
    ///
    /// The body becomes one that a handler has: to map it, the policy's middleware would move the
    /// whole response.
    pub fn wrap<M, B>(
        self,
        middleware: M,
    ) -> AnnotatedResource<
        Resource<
            impl ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse,
                Error = Error,
                InitError = (),
            >,
        >,
    >
    where
        M: Transform<
                T::Service,
                ServiceRequest,
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        AnnotatedResource {
            path: self.path,
            name: self.name,
            endpoint: self.endpoint,
            has_guards: self.has_guards,
            resource: self.resource.wrap(Compat::new(middleware)),
        }
    }

    /// Registers the handler under its policy, and the marks by which [`AppCors`](crate::AppCors)
    /// finds it.
    pub fn register<F, Args>(self, app: &mut AppService, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        register_marks(app, self.marked());
        (self.resource)
            .wrap(CorsMiddleware(self.endpoint))
            .to(handler)
            .register(app);
    }
}

impl<R> AnnotatedResource<R> {
    fn marked(&self) -> Marked<'_> {
        Marked {
            path: &self.path,
            resource: &self.name,
            endpoint: self.endpoint,
            has_guards: self.has_guards,
        }
    }
}

/// A manually registered handler, as a service for a path.
#[derive(Debug)]
pub(crate) struct At<F> {
    pub(crate) endpoint: Endpoint,
    pub(crate) path: String,
    pub(crate) handler: F,
}

impl<F, Fut> HttpServiceFactory for At<F>
where
    F: Fn(UnreadRequest) -> Fut + Clone + 'static,
    Fut: Future<Output = HttpResponse> + 'static,
{
    fn register(self, app: &mut AppService) {
        let Self {
            endpoint,
            path,
            handler,
        } = self;
        AnnotatedResource::new(&path, endpoint.handler.name(), endpoint)
            .register_by_hand(app, handler);
    }
}
