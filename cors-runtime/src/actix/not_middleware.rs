//! The compiler's message for a policy in `.wrap(…)`.

use std::future::{Ready, ready};

use actix_web::Error;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use crate::core::policy::Policy;

/// No type implements it. It exists for its message.
#[diagnostic::on_unimplemented(
    message = "a `Policy` is not a middleware",
    label = "a policy belongs to handlers",
    note = "help: name it where the handlers are: `#[cors(PARTNERS)]`, on each or on their module",
    note = "help: for what has no policy of its own: `.wrap(AppCors::new().otherwise(&PARTNERS))`"
)]
pub trait WrappedByPolicy {}

macro_rules! not_a_middleware {
    ($($policy:ty),*) => {$(
        #[doc(hidden)]
        impl<S, B> Transform<S, ServiceRequest> for $policy
        where
            S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
            S: WrappedByPolicy,
        {
            type Response = ServiceResponse<B>;
            type Error = Error;
            type Transform = S;
            type InitError = ();
            type Future = Ready<Result<S, ()>>;

            fn new_transform(&self, service: S) -> Self::Future {
                ready(Ok(service))
            }
        }
    )*};
}

not_a_middleware!(Policy, &Policy);
