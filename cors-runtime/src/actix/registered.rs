//! Handlers, as they are registered.

use crate::core::configured::Moment;
use crate::core::decision::{Endpoint, Methods};
use crate::core::policy::Policy;

/// A handler, its policy and its methods, as they are registered. Each request makes an [`Endpoint`] of
/// it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Registered {
    pub(crate) id: &'static str,
    pub(crate) policy: &'static Policy,
    pub(crate) methods: Methods,
    is_guarded: bool,
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

    /// The same, where guards choose between this handler and others on its path.
    pub(crate) const fn guarded(self) -> Self {
        Self {
            is_guarded: true,
            ..self
        }
    }

    /// The endpoint for a request that arrives now.
    #[inline]
    pub(crate) fn now(self) -> Endpoint {
        self.with_guards(Endpoint::new(self.id, self.policy, self.methods))
    }

    /// The endpoint for a request that arrived at this moment.
    pub(crate) fn at(self, moment: &Moment) -> Endpoint {
        let in_force = moment.in_force(self.policy);
        self.with_guards(Endpoint::under(
            self.id,
            self.policy,
            in_force,
            self.methods,
        ))
    }

    #[inline]
    fn with_guards(self, endpoint: Endpoint) -> Endpoint {
        if self.is_guarded {
            endpoint.guarded()
        } else {
            endpoint
        }
    }
}
