//! Which origins a policy allows.

use cors_rules::origin::Malformed;
use cors_rules::pattern::{by_length, host_text, suffixes};
use cors_rules::{Origin, Pattern};

use crate::source::Source;

/// The origins of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origins {
    /// `*`: anyone, and the answer does not depend on who asks.
    Any,
    /// Anyone, by name: `danger(reflect_any_origin = "…")`.
    Reflected,
    /// These.
    Listed(Listed),
}

/// Origins and patterns, each sorted so that finding one takes logarithmic time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Sorted by [`by_length`].
    pub(crate) exact: &'static [&'static str],
    /// Sorted by their hosts, likewise.
    pub(crate) patterns: &'static [Pattern<'static>],
    /// What decides at run time.
    pub(crate) sources: &'static [Source],
}

/// What a list says of an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is listed: this is it.
    Exact(&'static str),
    /// A pattern allows it.
    Pattern,
    /// It is not allowed, or not an origin.
    No,
}

/// No origin is longer: nothing that an attacker makes long is read to its end.
const MAX_ORIGIN: usize = 512;

/// Reads the value of an `Origin` field.
pub(crate) fn parse(origin: &[u8]) -> Result<Origin<'_>, Malformed> {
    if origin.len() > MAX_ORIGIN {
        return Err(Malformed::HostTooLong);
    }
    std::str::from_utf8(origin)
        .map_err(|_| Malformed::NonAscii)
        .and_then(Origin::parse)
}

impl Listed {
    /// Origins have one spelling, so bytes decide. Only patterns need to know the parts.
    pub(crate) fn find(&self, origin: &[u8]) -> Found {
        if let Ok(at) = self
            .exact
            .binary_search_by(|listed| by_length(listed.as_bytes(), origin))
        {
            return Found::Exact(self.exact[at]);
        }
        if self.patterns.is_empty() {
            return Found::No;
        }
        match parse(origin) {
            Ok(origin) if self.matches_pattern(&origin) => Found::Pattern,
            _ => Found::No,
        }
    }

    /// Looks for the host itself and for what follows each of its dots, rather than at each pattern.
    fn matches_pattern(&self, origin: &Origin<'_>) -> bool {
        suffixes(host_text(origin)).any(|suffix| {
            let first = self.patterns.partition_point(|pattern| {
                by_length(pattern.host.as_bytes(), suffix.as_bytes()).is_lt()
            });
            self.patterns[first..]
                .iter()
                .take_while(|pattern| pattern.host == suffix)
                .any(|pattern| pattern.matches(origin))
        })
    }
}
