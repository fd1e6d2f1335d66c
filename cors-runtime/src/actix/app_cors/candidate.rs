//! A handler that a request may reach, and its path.

use super::slashes::Slashes;
use crate::core::decision::{Decision, Endpoint, Request};

#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) endpoint: Endpoint,
    /// How the slashes of its path differ from those of the request's path.
    pub(super) slashes: Slashes,
}

impl Candidate {
    /// Decides, and asks the sources as the handler itself would: at its own path. Otherwise, a
    /// normalizer inside would make a source see one tenant in a preflight, and another one in the
    /// request that follows.
    pub(super) async fn decide(&self, request: &impl Request) -> Decision {
        let path = self.slashes.of(request.path());
        self.endpoint.decide(request).at(&path).decided().await
    }
}

/// The candidate at the path of the request.
impl From<Endpoint> for Candidate {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            slashes: Slashes::AsSent,
        }
    }
}
