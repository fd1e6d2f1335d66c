//! Which requests a route takes.

use actix_web::HttpMessage;
use actix_web::dev::{RequestHead, ServiceRequest};
use actix_web::guard::{self, Guard, GuardContext};

use super::app_cors::note_routing;
use super::explain;
use super::registered::Registered;
use super::request::ActixRequest;
use crate::core::decision::{Methods, preflight_method};

/// Accepts the requests of a route, and the preflights for them.
///
/// It does not accept preflights for other methods. So several handlers can share a path, and each
/// preflight reaches the handler that its request will reach. While refusals are explained, it also
/// accepts a preflight for one of its methods in another case, which its policy then refuses.
pub(crate) struct RouteGuard {
    methods: Methods,
    /// Other guards may decline what it accepts.
    is_guarded: bool,
    /// The guards of actix-web, which collect the methods for the `Allow` header of a 405.
    for_allow: Vec<Box<dyn Guard>>,
}

impl RouteGuard {
    pub(crate) fn new(registered: Registered) -> Self {
        let Registered {
            methods,
            is_guarded,
            ..
        } = registered;
        let parsed = methods
            .listed()
            .iter()
            .filter_map(|method| method.parse().ok());
        Self {
            methods,
            is_guarded,
            for_allow: parsed
                .map(|method| Box::new(guard::Method(method)) as Box<dyn Guard>)
                .collect(),
        }
    }
}

impl Guard for RouteGuard {
    fn check(&self, ctx: &GuardContext<'_>) -> bool {
        let head: &RequestHead = ctx.head();
        let request = ActixRequest::from(head);
        let requested = preflight_method(&request);
        let method = requested.unwrap_or(head.method.as_str().as_bytes());
        // The policy refuses such a preflight, and explains that the page must write the method in
        // upper case.
        let is_explained = || {
            explain::is_on()
                && requested.is_some_and(|method| self.methods.in_another_case(method).is_some())
        };
        let accepted = self.methods.contains(method) || is_explained();
        if !accepted {
            for guard in &self.for_allow {
                guard.check(ctx);
            }
        } else if self.is_guarded {
            note_routing(ctx);
            ctx.req_data_mut().insert(Guarded);
        }
        accepted
    }
}

/// In the extensions of a request whose path and method a handler with guards has.
struct Guarded;

/// True if guards may have chosen between handlers.
pub(super) fn is_guarded(req: &ServiceRequest) -> bool {
    req.extensions().contains::<Guarded>()
}
