//! What a request is decided by.

use std::panic::Location;

use crate::policy::Policy;

/// A handler as the policy sees it, its policy, and the methods of its route.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    pub(crate) handler: Handler,
    pub(crate) policy: &'static Policy,
    pub(crate) methods: &'static [&'static str],
}

/// What the log calls a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Handler {
    pub(crate) name: &'static str,
    /// Where its attribute stands, which tells it from another of the same name.
    at: &'static Location<'static>,
}

impl Endpoint {
    /// `handler` is its name, and the caller is where it stands.
    #[track_caller]
    pub(crate) const fn new(
        handler: &'static str,
        policy: &'static Policy,
        methods: &'static [&'static str],
    ) -> Self {
        let at = Location::caller();
        Self {
            handler: Handler { name: handler, at },
            policy,
            methods,
        }
    }

    /// Whether it is the same handler.
    pub(crate) fn is_same(self, other: Self) -> bool {
        std::ptr::eq(self.policy, other.policy)
            && self.handler == other.handler
            && self.methods == other.methods
    }
}
