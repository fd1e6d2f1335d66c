//! The origins that a policy allows, and the look-up of one origin among them.

use std::cell::OnceCell;

use cors_rules::Origin;
use cors_rules::checked::by_length;
use cors_rules::origin::Malformed;
use cors_rules::pattern::matches_any;

use super::sources::Source;

/// The origins of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origins {
    /// `none`: no origin, and responses say nothing about it.
    Nobody,
    /// `*`: the response is the same for every origin.
    Any,
    /// Every origin by name, `null` and `file://` included: `danger(reflect_any_origin = "…")`.
    Reflected,
    /// These origins. The literals are sorted, so that a look-up takes logarithmic time.
    Listed {
        /// Sorted by [`by_length`].
        exact: &'static [&'static str],
        /// Sorted by [`by_length`].
        patterns: &'static [&'static str],
        /// Asked about an origin that no literal allows.
        sources: &'static [Source],
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    Matched,
    /// The origin is not allowed, or the value is not an origin.
    NotAllowed,
    /// The sources decide on this origin.
    AskSources(Origin<'a>),
}

/// True for the origins that name nobody: `null` is the serialization of an opaque origin, and
/// `file://` that of a local file where it is not opaque.
fn is_unnamed(origin: &[u8]) -> bool {
    matches!(origin, b"null" | b"file://")
}

/// The longest `Origin` that is parsed, in bytes. Origins are shorter.
const MAX_LEN: usize = 512;

/// Parses the value of an `Origin` field.
///
/// # Errors
/// Says why `value` is not an origin. A value over 512 bytes is not read.
pub(crate) fn parse(value: &[u8]) -> Result<Origin<'_>, Malformed> {
    if value.len() > MAX_LEN {
        return Err(Malformed::HostTooLong);
    }
    std::str::from_utf8(value)
        .map_err(|_| Malformed::NonAscii)
        .and_then(Origin::parse)
}

/// The value of an `Origin` field. It is parsed at most once, when its parts are needed.
#[derive(Debug)]
pub(crate) struct OriginValue<'a> {
    bytes: &'a [u8],
    parsed: OnceCell<Result<Origin<'a>, Malformed>>,
}

impl<'a> OriginValue<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            parsed: OnceCell::new(),
        }
    }

    pub(crate) fn parsed(&self) -> Result<Origin<'a>, Malformed> {
        *self.parsed.get_or_init(|| parse(self.bytes))
    }
}

impl Origins {
    /// The sources, in the order of the attribute.
    pub(crate) const fn sources(&self) -> &'static [Source] {
        match self {
            Self::Nobody | Self::Any | Self::Reflected => &[],
            Self::Listed { sources, .. } => sources,
        }
    }

    /// An origin has exactly one spelling, so literals are compared byte for byte. Only patterns
    /// and sources need its parts.
    pub(crate) fn look_up<'a>(&self, value: &OriginValue<'a>) -> Found<'a> {
        match self {
            Self::Any => Found::Matched,
            Self::Reflected if is_unnamed(value.bytes) || value.parsed().is_ok() => Found::Matched,
            Self::Nobody | Self::Reflected => Found::NotAllowed,
            Self::Listed {
                exact,
                patterns,
                sources,
            } => {
                let search =
                    exact.binary_search_by(|listed| by_length(listed.as_bytes(), value.bytes));
                if search.is_ok() {
                    return Found::Matched;
                }
                if patterns.is_empty() && sources.is_empty() {
                    return Found::NotAllowed;
                }
                match value.parsed() {
                    Ok(origin) if matches_any(patterns, &origin) => Found::Matched,
                    Ok(origin) if !sources.is_empty() => Found::AskSources(origin),
                    _ => Found::NotAllowed,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::sources::{OriginSource, SourceError, Target};

    struct Nobody;

    impl OriginSource for Nobody {
        fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
            Ok(false)
        }
    }

    static NOBODY: Nobody = Nobody;
    static SOURCES: [Source; 1] = [Source::new("NOBODY", || crate::__private::source(&NOBODY))];

    fn listed(patterns: &[&'static str], sources: &'static [Source]) -> Origins {
        let mut patterns = patterns.to_vec();
        patterns.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
        Origins::Listed {
            exact: &["https://b.example", "https://a.b.example"],
            patterns: patterns.leak(),
            sources,
        }
    }

    #[test]
    fn a_look_up_finds_a_literal_a_pattern_or_nothing() {
        let origins = listed(
            &[
                "https://*.example.org",
                "https://*.example.org:8443",
                "http://*.example.org:*",
                "http://localhost:*",
                "https://*.a.example.org:1",
                "moz-extension://*",
                "app://*.example.org",
            ],
            &[],
        );
        for (value, expected) in [
            ("https://b.example", Found::Matched),
            ("https://a.b.example", Found::Matched),
            ("https://c.example", Found::NotAllowed),
            ("https://x.example.org", Found::Matched),
            ("https://y.x.example.org", Found::Matched),
            ("https://x.example.org:8443", Found::Matched),
            ("https://x.example.org:8444", Found::NotAllowed),
            ("http://x.example.org:8444", Found::Matched),
            ("https://x.a.example.org:1", Found::Matched),
            ("https://a.example.org:1", Found::NotAllowed),
            ("https://example.org", Found::NotAllowed),
            ("https://evilexample.org", Found::NotAllowed),
            ("http://localhost", Found::Matched),
            ("http://localhost:3000", Found::Matched),
            ("https://localhost", Found::NotAllowed),
            ("http://a.localhost", Found::NotAllowed),
            ("moz-extension://9b2f4a5c-0c0f-4f6e", Found::Matched),
            ("moz-extension://A.b", Found::Matched),
            ("moz-extension://a:1", Found::NotAllowed),
            ("moz-extension://*", Found::NotAllowed),
            ("moz-extension://", Found::NotAllowed),
            ("moz-extensions://a", Found::NotAllowed),
            ("app://X.example.org", Found::Matched),
            ("app://example.org", Found::NotAllowed),
            ("https://x.example.org/", Found::NotAllowed),
            ("file://", Found::NotAllowed),
            ("null", Found::NotAllowed),
            ("*", Found::NotAllowed),
            ("", Found::NotAllowed),
        ] {
            let found = origins.look_up(&OriginValue::new(value.as_bytes()));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn sources_are_asked_only_about_origins_that_no_literal_allows() {
        let origins = listed(&["https://*.example.org"], &SOURCES);
        let other = "https://other.example";
        let long = format!("https://{}.example", "a.".repeat(300));
        for (value, expected) in [
            ("https://b.example", Found::Matched),
            ("https://x.example.org", Found::Matched),
            (other, Found::AskSources(Origin::parse(other).unwrap())),
            (
                "app://.",
                Found::AskSources(Origin::parse("app://.").unwrap()),
            ),
            ("https://other.example/", Found::NotAllowed),
            ("null", Found::NotAllowed),
            ("file://", Found::NotAllowed),
            (&*long, Found::NotAllowed),
        ] {
            let found = origins.look_up(&OriginValue::new(value.as_bytes()));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn reflection_allows_every_origin_and_null_but_no_other_text() {
        for (value, expected) in [
            ("https://b.example", Found::Matched),
            ("null", Found::Matched),
            ("file://", Found::Matched),
            ("app://.", Found::Matched),
            ("safari-web-extension://140BB581", Found::Matched),
            ("https://b.example/", Found::NotAllowed),
            ("file:///etc", Found::NotAllowed),
            ("app://*", Found::NotAllowed),
            ("*", Found::NotAllowed),
        ] {
            let found = Origins::Reflected.look_up(&OriginValue::new(value.as_bytes()));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn a_value_over_512_bytes_is_not_read() {
        let origin = |len: usize| format!("{}://a", "s".repeat(len - 4));
        assert!(parse(origin(512).as_bytes()).is_ok());
        assert_eq!(parse(origin(513).as_bytes()), Err(Malformed::HostTooLong));
        assert_eq!(parse(b"https://\xff"), Err(Malformed::NonAscii));
    }

    #[test]
    fn only_a_list_has_sources() {
        assert_eq!(listed(&[], &SOURCES).sources(), SOURCES);
        for origins in [Origins::Nobody, Origins::Any, Origins::Reflected] {
            assert_eq!(origins.sources(), []);
        }
    }
}
