//! The compiler's message for `.to(save)`, where `save` has to be registered with `save::at(…)`.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, error};

/// The only parameter of the function that has the name of a handler. There is no value of this
/// type: the handler itself is registered with `at`.
#[derive(Debug)]
#[must_use = "register it with `at`"] // or Clippy would ask for it at the handler
pub struct RegisterWithAt<H>(Infallible, PhantomData<H>);

impl<H> RegisterWithAt<H> {
    /// The body of the function. It is not `const`, or Clippy would ask for a `const` handler.
    pub fn respond(self) -> Self {
        self
    }
}

/// The function returns its parameter, and a handler returns a future.
impl<H> Future for RegisterWithAt<H> {
    type Output = HttpResponse;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0 {}
    }
}

/// No type implements it. It exists for its message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be registered with `.to(…)`",
    label = "a route does not know its policy, and would not answer its preflights",
    note = "help: register it with its path: `.service({Self}::at(\"/path\"))`",
    note = "help: for middleware, guards, a name or data: `{Self}::at(\"/path\").wrap(…).guard(…).name(…).app_data(…)`",
    note = "help: is there a route attribute above `#[cors]`? move it below, and remove `methods`"
)]
pub trait TakenByRoute {}

impl<H: TakenByRoute> FromRequest for RegisterWithAt<H> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Err(error::ErrorNotFound("no route")))
    }
}
