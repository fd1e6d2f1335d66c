//! A handler that a request may reach, and its path.

use super::super::registered::Registered;
use super::slashes::Slashes;
use crate::core::configured::Moment;
use crate::core::decision::{Decision, Endpoint, Field, Request};

/// A handler, as it is registered, and where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Located {
    pub(super) registered: Registered,
    /// How the slashes of its path differ from those of the request's path.
    pub(super) slashes: Slashes,
}

impl Located {
    /// The candidate for a request that arrived at this moment.
    pub(super) fn at(self, moment: &Moment) -> Candidate {
        Candidate {
            endpoint: self.registered.at(moment),
            slashes: self.slashes,
        }
    }
}

/// A handler that a request may reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) endpoint: Endpoint,
    slashes: Slashes,
}

impl Candidate {
    /// Decides, and asks the sources as the handler itself would: at its own path. Otherwise, a
    /// normalizer inside would make a source see one tenant in a preflight, and another one in the
    /// request that follows.
    pub(super) async fn decide(&self, request: &impl Request) -> Decision {
        let path = self.slashes.of(request.path());
        let request = AtPath {
            request,
            path: &path,
        };
        self.endpoint.decide(&request).decided().await
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

/// A request with another path.
struct AtPath<'a, R> {
    request: &'a R,
    path: &'a str,
}

impl<R: Request> Request for AtPath<'_, R> {
    fn method(&self) -> &str {
        self.request.method()
    }

    fn authority(&self) -> Option<&str> {
        self.request.authority()
    }

    fn path(&self) -> &str {
        self.path
    }

    fn scheme(&self) -> Option<&str> {
        self.request.scheme()
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        self.request.lines(field)
    }
}
