//! What a request is decided by.

use crate::core::decision::Methods;
use crate::core::policy::Policy;

/// A handler as the policy sees it, its policy, and the methods of its route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    pub(crate) handler: HandlerName,
    pub(crate) policy: &'static Policy,
    pub(crate) methods: Methods,
}

/// A handler in a module: `my_app::users login`. Messages have its name only, and the module tells it
/// from another of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct HandlerName(pub(crate) &'static str);

impl HandlerName {
    pub(crate) fn name(self) -> &'static str {
        self.0.split_once(' ').map_or(self.0, |(_, name)| name)
    }
}
