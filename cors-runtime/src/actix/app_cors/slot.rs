//! Where a handler leaves its CORS headers for the `AppCors` around it.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::{HttpMessage, HttpRequest};

use super::super::response::CorsHeaders;

/// In the extensions of a request that an `AppCors` passes on. That one keeps a clone, because an error
/// comes back without its request.
#[derive(Clone, Default)]
pub(super) struct Slot(Rc<Cell<Option<CorsHeaders>>>);

impl Slot {
    pub(super) fn put_into(req: &HttpRequest) -> Self {
        let slot = Self::default();
        req.extensions_mut().insert(slot.clone());
        slot
    }

    pub(super) fn is_in(req: &HttpRequest) -> bool {
        req.extensions().contains::<Self>()
    }

    pub(super) fn take(&self) -> Option<CorsHeaders> {
        self.0.take()
    }
}

/// Leaves the headers to the `AppCors` around a handler, which writes them last: middleware in between
/// may add a `Vary` only where there is none. Gives them back if there is no `AppCors`.
#[inline]
pub(crate) fn leave(req: &HttpRequest, headers: CorsHeaders) -> Option<CorsHeaders> {
    match req.extensions().get::<Slot>() {
        Some(slot) => {
            slot.0.set(Some(headers));
            None
        }
        None => Some(headers),
    }
}
