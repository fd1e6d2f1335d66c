//! A request, for the tests.

use super::request::{Field, Request};

/// A request as a list of lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent<'a> {
    pub(crate) method: &'a str,
    pub(crate) authority: Option<&'a str>,
    pub(crate) scheme: Option<&'a str>,
    pub(crate) lines: Vec<(Field, &'a str)>,
}

impl<'a> Sent<'a> {
    pub(crate) fn new(method: &'a str, lines: &[(Field, &'a str)]) -> Self {
        Self {
            method,
            lines: lines.to_vec(),
            ..Self::default()
        }
    }

    /// Adds lines of one field.
    pub(crate) fn with(mut self, field: Field, lines: &[&'a str]) -> Self {
        self.lines.extend(lines.iter().map(|line| (field, *line)));
        self
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
        self.authority
    }

    fn scheme(&self) -> Option<&str> {
        self.scheme
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = self.lines.iter().filter(move |(other, _)| *other == field);
        lines.map(|(_, line)| line.as_bytes())
    }
}
