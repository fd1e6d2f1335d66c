//! The default policy of an `AppCors`.

use std::fmt;

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
    /// The endpoint for a request of this method, or for a preflight that asks for it. Where there is
    /// GET, there is HEAD as well.
    pub(super) fn endpoint(self, method: &str) -> Endpoint {
        let only = self
            .only
            .filter(|only| method != "HEAD" || !only.contains(&"GET"));
        let methods = only.map_or(Methods::Any, Methods::These);
        Endpoint::new("AppCors::otherwise", self.policy, methods)
    }
}

impl fmt::Display for DefaultPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods =
            (self.only).map_or(String::new(), |methods| format!(" {}", methods.join(" ")));
        write!(f, "otherwise{methods}: {}", self.policy)
    }
}
