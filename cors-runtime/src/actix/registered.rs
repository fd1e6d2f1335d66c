//! Handlers, as they are registered.

use crate::core::configured::Moment;
use crate::core::decision::{Endpoint, Methods};
use crate::core::policy::Policy;

/// A handler, its policy and its methods, as they are registered. Each request makes an
/// [`Endpoint`] of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Registered {
    pub(crate) id: &'static str,
    pub(crate) policy: &'static Policy,
    pub(crate) methods: Methods,
    /// True if guards choose between it and other handlers on its path.
    pub(crate) is_guarded: bool,
}

impl Registered {
    /// `id` is that of [`Endpoint::new`].
    pub(crate) const fn new(id: &'static str, policy: &'static Policy, methods: Methods) -> Self {
        Self {
            id,
            policy,
            methods,
            is_guarded: false,
        }
    }

    #[inline]
    pub(crate) fn now(self) -> Endpoint {
        self.under(self.policy.now())
    }

    /// The endpoint for a request that arrived at this moment.
    pub(crate) fn at(self, moment: &Moment) -> Endpoint {
        self.under(moment.in_force(self.policy))
    }

    #[inline]
    fn under(self, in_force: &'static Policy) -> Endpoint {
        let mut endpoint = Endpoint::under(self.id, self.policy, in_force, self.methods);
        endpoint.is_guarded = self.is_guarded;
        endpoint
    }
}
