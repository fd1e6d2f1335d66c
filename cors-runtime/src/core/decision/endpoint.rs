//! The endpoint of a request.

use super::methods::Methods;
use super::request::Request;
use super::{Step, decide};
use crate::core::policy::Policy;

/// A handler, its policy and its methods.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    id: &'static str,
    /// The policy of the handler.
    pub policy: &'static Policy,
    /// The methods that it takes.
    pub methods: Methods,
    /// True if guards choose between it and other handlers.
    is_guarded: bool,
}

impl Endpoint {
    /// `id` tells the handler from others: the path of its module, a blank and its name, as in
    /// `my_app::users login`.
    pub const fn new(id: &'static str, policy: &'static Policy, methods: Methods) -> Self {
        Self {
            id,
            policy,
            methods,
            is_guarded: false,
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

    /// True if guards choose between it and other handlers.
    pub(crate) const fn is_guarded(self) -> bool {
        self.is_guarded
    }

    /// Decides on a request to this endpoint.
    #[inline]
    pub fn decide<R: Request>(self, request: &R) -> Step<'_, R> {
        decide(self.policy, self.methods, request)
    }

    /// The handler in its module.
    pub const fn id(self) -> &'static str {
        self.id
    }

    /// The name of the handler, as explanations and the log have it.
    pub fn name(self) -> &'static str {
        self.id.split_once(' ').map_or(self.id, |(_, name)| name)
    }
}
