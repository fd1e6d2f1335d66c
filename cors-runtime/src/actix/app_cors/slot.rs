//! The place where a handler leaves its CORS headers for the `AppCors` around it.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::dev::ServiceResponse;
use actix_web::guard::GuardContext;
use actix_web::http::Uri;
use actix_web::{Error, HttpMessage, HttpRequest};

use super::super::apply::Pending;
use super::super::registered::Registered;
use crate::core::configured::Moment;
use crate::core::decision::Endpoint;

/// An `AppCors` puts a slot into the extensions of each request that it passes on. It keeps one
/// reference, because an error comes back without its request.
pub(crate) struct Slot {
    /// The configured policies when the request arrived.
    pub(super) moment: Moment,
    left: Cell<Option<Left>>,
    /// True if routing has come to an annotated handler: one whose own guards may have declined, or
    /// one that has left its headers, maybe for another response.
    pub(super) was_routed: Cell<bool>,
}

/// The handler that was reached, its headers, and the target of the request after all middleware.
pub(super) struct Left {
    pub(super) headers: Pending,
    pub(super) uri: Uri,
}

impl Slot {
    pub(super) fn put_into(req: &HttpRequest, moment: Moment) -> Rc<Self> {
        let slot = Rc::new(Self {
            moment,
            left: Cell::default(),
            was_routed: Cell::default(),
        });
        req.extensions_mut().insert(Rc::clone(&slot));
        slot
    }

    /// The slot that an `AppCors` around has put into the request.
    #[inline]
    pub(crate) fn of(req: &HttpRequest) -> Option<Rc<Self>> {
        req.extensions().get().cloned()
    }

    /// Leaves the headers of a handler to the `AppCors`, which writes them last: middleware in
    /// between may change `Access-Control-*`, and may add a `Vary` only where there is none.
    pub(crate) fn leave(&self, headers: Pending, req: &HttpRequest) {
        self.was_routed.set(true);
        let uri = req.uri().clone();
        self.left.set(Some(Left { headers, uri }));
    }

    /// Takes what the handler left. Also removes the slot from the request, which middleware around
    /// the `AppCors` may send in once more.
    ///
    /// If middleware inside has sent the request on to another target, the handler has not made the
    /// response.
    pub(super) fn take_from<B>(
        &self,
        response: &Result<ServiceResponse<B>, Error>,
    ) -> Option<Left> {
        let left = self.left.take();
        let Ok(res) = response else { return left };
        res.request().extensions_mut().remove::<Rc<Self>>();
        left.filter(|left| left.uri == *res.request().uri())
    }
}

/// Notes that routing has come to an annotated handler with guards.
pub(crate) fn note_routing(ctx: &GuardContext<'_>) {
    if let Some(slot) = ctx.req_data().get::<Rc<Slot>>() {
        slot.was_routed.set(true);
    }
}

/// The endpoint of a handler for this request. If there is an `AppCors` around the handler, the
/// request arrived there first, and the policy is the one of that moment.
#[inline]
pub(crate) fn endpoint_of(registered: Registered, req: &HttpRequest) -> Endpoint {
    if registered.policy.configured.is_none() {
        return registered.now();
    }
    match Slot::of(req) {
        Some(slot) => registered.at(&slot.moment),
        None => registered.now(),
    }
}
