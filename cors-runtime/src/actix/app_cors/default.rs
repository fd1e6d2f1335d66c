//! The default policy of an `AppCors`.

use std::fmt;

use super::super::registered::Registered;
use crate::core::configured::Moment;
use crate::core::decision::{Endpoint, Methods};
use crate::core::policy::Policy;

/// The default policy, and the methods that its preflights may ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct DefaultPolicy {
    pub(super) policy: &'static Policy,
    /// `None` for any method.
    pub(super) only: Option<&'static [&'static str]>,
}

impl DefaultPolicy {
    /// The default policy, as if it were a handler, for a request that arrived at this moment.
    /// `method` is that of the request, or the one that a preflight asks for. GET brings HEAD
    /// along.
    pub(super) fn endpoint(self, method: &str, moment: &Moment) -> Endpoint {
        let only = self
            .only
            .filter(|only| method != "HEAD" || !only.contains(&"GET"));
        let methods = only.map_or(Methods::Any, Methods::These);
        Registered::new("AppCors::otherwise", self.policy, methods).at(moment)
    }
}

impl fmt::Display for DefaultPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods =
            (self.only).map_or(String::new(), |methods| format!(" {}", methods.join(" ")));
        write!(f, "otherwise{methods}: {}", self.policy)
    }
}
