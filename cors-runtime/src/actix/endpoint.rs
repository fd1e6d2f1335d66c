//! What a request is decided by.

use crate::policy::Policy;

/// A handler as the policy sees it: its name, its policy, and the methods of its route.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    pub(crate) handler: &'static str,
    pub(crate) policy: &'static Policy,
    pub(crate) methods: &'static [&'static str],
}

impl Endpoint {
    /// Whether it is the same handler.
    pub(crate) fn is_same(self, other: Self) -> bool {
        std::ptr::eq(self.policy, other.policy)
            && self.handler == other.handler
            && self.methods == other.methods
    }
}
