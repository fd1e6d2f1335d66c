//! The endpoint of a request.

use super::methods::Methods;
use crate::core::policy::{Current, Policy};

/// A handler, its policy and its methods, for one request.
///
/// It has the policy that is in force when it is made, even if that is a
/// [`ConfiguredPolicy`](crate::ConfiguredPolicy) and is set again before the request is handled. So
/// make one for each request, and use it for the decision and for the response: the two are then by
/// one policy.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    id: &'static str,
    pub(crate) policy: &'static Policy,
    /// The path at which it is configured.
    configured: Option<&'static str>,
    /// The methods that it takes.
    pub methods: Methods,
    /// True if guards choose between it and other handlers.
    pub(crate) is_guarded: bool,
}

impl Endpoint {
    /// `id` tells the handler from others: the path of its module, a blank and its name, as in
    /// `my_app::users login`.
    #[inline]
    pub fn new(id: &'static str, policy: &'static Policy, methods: Methods) -> Self {
        Self::under(id, policy, policy.now(), methods)
    }

    /// The endpoint of a handler with the policy `stated`, under that which is in force.
    #[inline]
    pub(crate) fn under(
        id: &'static str,
        stated: &Policy,
        in_force: &'static Policy,
        methods: Methods,
    ) -> Self {
        Self {
            id,
            policy: in_force,
            configured: stated.configured.map(|configured| configured.path),
            methods,
            is_guarded: false,
        }
    }

    pub(crate) fn current(self) -> Current<'static> {
        Current {
            policy: self.policy,
            configured: self.configured,
        }
    }

    /// The same, where guards choose between this handler and others on its path. A request that it
    /// refuses may be meant for another, so explanations do not advise to widen its policy.
    #[must_use]
    pub const fn guarded(self) -> Self {
        Self {
            is_guarded: true,
            ..self
        }
    }

    /// The handler in its module.
    pub const fn id(self) -> &'static str {
        self.id
    }

    /// False for what stands in for handlers, such as a default policy: its id has no module.
    pub(crate) fn is_handler(self) -> bool {
        self.id.contains(' ')
    }

    /// The name of the handler, as explanations and the log have it.
    pub fn name(self) -> &'static str {
        handler_name(self.id)
    }
}

pub(crate) fn handler_name(id: &'static str) -> &'static str {
    id.split_once(' ').map_or(id, |(_, name)| name)
}
