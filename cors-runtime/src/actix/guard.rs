//! Which requests a route takes.

use std::fmt;

use actix_web::dev::RequestHead;
use actix_web::guard::{self, Guard, GuardContext};
use actix_web::http::Method;
use actix_web::http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};

/// Accepts the requests of a route and their preflights.
///
/// A preflight for another method is not for this route, so several handlers share a path and each
/// preflight finds its own.
pub struct RouteGuard {
    methods: &'static [&'static str],
    /// actix-web's own guards, which note the methods that a path has for the `Allow` of a 405.
    own: Vec<Box<dyn Guard>>,
}

impl RouteGuard {
    pub(crate) fn new(methods: &'static [&'static str]) -> Self {
        let parsed = methods.iter().filter_map(|method| method.parse().ok());
        Self {
            methods,
            own: parsed
                .map(|method| Box::new(guard::Method(method)) as Box<dyn Guard>)
                .collect(),
        }
    }
}

impl Guard for RouteGuard {
    fn check(&self, ctx: &GuardContext<'_>) -> bool {
        let head = ctx.head();
        let accepted = match requested_method(head) {
            Some(asked) => self.methods.iter().any(|method| method.as_bytes() == asked),
            None => self.methods.contains(&head.method.as_str()),
        };
        if !accepted {
            for guard in &self.own {
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

/// Accepts the preflights for a route alone.
#[derive(Debug)]
pub(crate) struct PreflightGuard(pub(crate) &'static [&'static str]);

impl Guard for PreflightGuard {
    fn check(&self, ctx: &GuardContext<'_>) -> bool {
        requested_method(ctx.head())
            .is_some_and(|asked| self.0.iter().any(|method| method.as_bytes() == asked))
    }
}

/// What `Access-Control-Request-Method` says, if the request is a preflight: `OPTIONS` with that field and `Origin`.
///
/// A field that stands there several times asks for no method that exists.
pub(crate) fn requested_method(head: &RequestHead) -> Option<&[u8]> {
    if head.method != Method::OPTIONS || !head.headers.contains_key(ORIGIN) {
        return None;
    }
    let mut lines = head.headers.get_all(ACCESS_CONTROL_REQUEST_METHOD);
    match (lines.next(), lines.next()) {
        (None, _) => None,
        (Some(line), None) => Some(line.as_bytes()),
        (Some(_), Some(_)) => Some(b""),
    }
}
