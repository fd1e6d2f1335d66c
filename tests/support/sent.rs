//! A request for `decide`, of any bytes.

use cors_runtime::Policy;
use cors_runtime::decision::{Decision, Field, Methods, Request, decide};

/// A request as a list of lines.
pub(crate) struct Sent<'a> {
    pub(crate) method: &'a str,
    pub(crate) lines: Vec<(Field, &'a [u8])>,
}

impl<'a> Sent<'a> {
    /// A GET request from this origin.
    pub(crate) fn get(origin: &'a [u8]) -> Self {
        Self {
            method: "GET",
            lines: vec![(Field::Origin, origin)],
        }
    }

    /// Decides, where no source allows anything.
    pub(crate) fn decide(&self, policy: &Policy, methods: impl Into<Methods>) -> Decision {
        decide(policy, methods, self).answered_by(|_, _| false)
    }
}

impl Request for Sent<'_> {
    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> &'static str {
        "/"
    }
    fn authority(&self) -> Option<&str> {
        None
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = self.lines.iter().filter(move |(other, _)| *other == field);
        lines.map(|(_, line)| *line)
    }
}
