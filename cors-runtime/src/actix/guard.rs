//! Which requests a route takes.

use std::fmt;

use actix_web::dev::RequestHead;
use actix_web::guard::{self, Guard, GuardContext};

use super::app_cors::note_routing;
use super::request::ActixRequest;
use crate::core::decision::{Methods, preflight_method};

/// Accepts the requests of a route, and the preflights for them.
///
/// It does not accept preflights for other methods. So several handlers can share a path, and each
/// preflight reaches the handler that its request will reach.
pub(crate) struct RouteGuard {
    methods: Methods,
    /// The guards of actix-web, which collect the methods for the `Allow` header of a 405.
    for_allow: Vec<Box<dyn Guard>>,
}

impl RouteGuard {
    pub(crate) fn new(methods: Methods) -> Self {
        let parsed = methods
            .listed()
            .iter()
            .filter_map(|method| method.parse().ok());
        Self {
            methods,
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
        let method = preflight_method(&request).unwrap_or(head.method.as_str().as_bytes());
        let accepted = self.methods.contains(method);
        if accepted {
            note_routing(ctx);
        } else {
            for guard in &self.for_allow {
                guard.check(ctx);
            }
        }
        accepted
    }
}

impl fmt::Debug for RouteGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteGuard")
            .field("methods", &self.methods)
            .finish_non_exhaustive()
    }
}
