//! A request for `decide`, of any bytes.

use cors_runtime::Policy;
use cors_runtime::decision::{Decision, Field, Request, decide};

/// A request as lists of lines.
pub(crate) struct Sent<'a> {
    pub(crate) method: &'a str,
    pub(crate) origins: Vec<&'a [u8]>,
    /// The lines of `Access-Control-Request-Method`.
    pub(crate) methods: Vec<&'a [u8]>,
    /// The lines of `Access-Control-Request-Headers`.
    pub(crate) names: Vec<&'a [u8]>,
}

impl<'a> Sent<'a> {
    /// A GET request from this origin.
    pub(crate) fn get(origin: &'a [u8]) -> Self {
        Self {
            method: "GET",
            origins: vec![origin],
            methods: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Decides, where no source allows anything.
    pub(crate) fn decide(&self, policy: &Policy, methods: &'static [&'static str]) -> Decision {
        decide(policy, methods, self, |_, _| false)
    }
}

impl Request for Sent<'_> {
    fn method(&self) -> &str {
        self.method
    }

    fn authority(&self) -> Option<&str> {
        None
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = match field {
            Field::Origin => self.origins.as_slice(),
            Field::AccessControlRequestMethod => &self.methods,
            Field::AccessControlRequestHeaders => &self.names,
            _ => &[],
        };
        lines.iter().copied()
    }
}
