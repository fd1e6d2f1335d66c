//! Which requests a route takes.

use actix_web::HttpMessage;
use actix_web::dev::{RequestHead, ServiceRequest};
use actix_web::guard::{self, Guard, GuardContext};

use super::app_cors::note_routing;
use super::explain;
use super::request::ActixRequest;
use crate::core::decision::{Methods, preflight_method};

/// Accepts the requests of a route, and the preflights for them.
///
/// It does not accept preflights for other methods. So several handlers can share a path, and each
/// preflight reaches the handler that its request will reach. While refusals are explained, it also
/// accepts a preflight for one of its methods in another case, which its policy then refuses.
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
        let requested = preflight_method(&request);
        let method = requested.unwrap_or(head.method.as_str().as_bytes());
        // The policy refuses such a preflight, and explains that the page must write the method in
        // upper case.
        let is_explained = || {
            explain::is_on()
                && requested.is_some_and(|method| self.methods.in_another_case(method).is_some())
        };
        let accepted = self.methods.contains(method) || is_explained();
        if accepted {
            note_routing(ctx);
            note_asked(ctx);
        } else {
            for guard in &self.for_allow {
                guard.check(ctx);
            }
        }
        accepted
    }
}

/// How many handlers have the path and the method of a request, as far as routing has come. The number
/// is in the extensions of the request while refusals are explained.
struct Asked(usize);

fn note_asked(ctx: &GuardContext<'_>) {
    if explain::is_on() {
        let mut data = ctx.req_data_mut();
        let before = data.get::<Asked>().map_or(0, |asked| asked.0);
        data.insert(Asked(before + 1));
    }
}

/// True if the guards of other handlers on the path declined a request. Known only while refusals are
/// explained.
pub(super) fn were_others_asked(req: &ServiceRequest) -> bool {
    explain::is_on() && (req.extensions().get::<Asked>()).is_some_and(|asked| asked.0 > 1)
}
