//! What a list of origins may hold.

use std::cmp::Ordering;
use std::fmt;

use crate::origin::{self, Host, Malformed, Origin};

/// An element of a list of origins.
///
/// ```
/// use cors_rules::{Origin, Pattern};
///
/// let pattern = Pattern::parse("https://*.example.org").unwrap();
/// let matches = |origin| pattern.matches(&Origin::parse(origin).unwrap());
///
/// assert!(matches("https://api.example.org"));
/// assert!(matches("https://eu.api.example.org"));
/// assert!(!matches("https://example.org"));
/// assert!(!matches("https://evilexample.org"));
/// assert!(!matches("http://api.example.org"));
/// assert!(!matches("https://api.example.org:8443"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pattern<'a> {
    /// The scheme.
    pub scheme: &'a str,
    /// Whether one or more labels must stand before the host.
    pub subdomains: bool,
    /// The host: all of it or, with `subdomains`, what follows `*.`.
    pub host: &'a str,
    /// The port.
    pub port: Port,
}

/// The port of a [`Pattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Port {
    /// None written: the default port of the scheme.
    Default,
    /// This one.
    Number(u16),
    /// `:*`, any port, the default one included.
    Any,
}

/// Why a text is neither an origin nor a pattern of origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotAPattern {
    /// Without its wildcards, it is not the serialization of an origin.
    Malformed(Malformed),
    /// A `*` that is neither the whole first label nor the whole port.
    Misplaced(Misplaced),
}

/// Where a `*` must not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Misplaced {
    /// In the scheme.
    Scheme,
    /// Beside other characters in the first label: `https://app-*.example.com`.
    PartOfLabel,
    /// In a label that is not the first.
    InnerLabel,
    /// Alone, with no domain after it: `https://*`.
    WholeHost,
    /// Before an IP address, which has no subdomains.
    BeforeAddress,
    /// Beside other characters in the port: `https://example.com:80*`.
    PartOfPort,
    /// After the host and port.
    Tail,
}

impl<'a> Pattern<'a> {
    /// Reads an origin, or an origin with `*` as its whole first label, its whole port, or both.
    ///
    /// # Errors
    /// Says what keeps `text` from being one.
    pub fn parse(text: &'a str) -> Result<Self, NotAPattern> {
        if text
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme.contains('*'))
        {
            return Err(NotAPattern::Misplaced(Misplaced::Scheme));
        }
        let (scheme, rest) = origin::split_scheme(text)?;
        let (authority, port) = origin::split_authority(rest)?;
        let (subdomains, host) = match authority.strip_prefix("*.") {
            Some(host) => (true, host),
            None => (false, authority),
        };
        if host.contains('*') {
            return Err(NotAPattern::Misplaced(match host.split_once('.') {
                _ if host == "*" => Misplaced::WholeHost,
                Some((first, _)) if first.contains('*') && !subdomains => Misplaced::PartOfLabel,
                None if !subdomains => Misplaced::PartOfLabel,
                _ => Misplaced::InnerLabel,
            }));
        }
        let parsed = Host::parse(host)?;
        if subdomains && !matches!(parsed, Host::Domain(_)) {
            return Err(NotAPattern::Misplaced(Misplaced::BeforeAddress));
        }
        // `*.` stands for at least one more label of at least one character.
        if subdomains && host.len() + 2 > 253 {
            return Err(Malformed::HostTooLong.into());
        }
        let port = match port {
            None => Port::Default,
            Some("*") => Port::Any,
            Some(port) if port.contains('*') => {
                return Err(NotAPattern::Misplaced(Misplaced::PartOfPort));
            }
            Some(port) => Port::Number(origin::parse_port(port, scheme)?),
        };
        Ok(Self {
            scheme,
            subdomains,
            host,
            port,
        })
    }

    /// Whether it stands for one origin only.
    pub fn is_exact(&self) -> bool {
        !self.subdomains && self.port != Port::Any
    }

    /// Whether all its hosts are this machine itself, see [`Origin::is_loopback`].
    pub fn is_loopback(&self) -> bool {
        Host::parse(self.host).is_ok_and(|host| host.is_loopback())
    }

    /// Whether `origin` is one of those it stands for.
    pub fn matches(&self, origin: &Origin<'_>) -> bool {
        let port = origin.port().map_or(Port::Default, Port::Number);
        self.scheme == origin.scheme()
            && (self.port == Port::Any || self.port == port)
            && self.matches_host(host_text(origin), false)
    }

    /// Whether it stands for all that `other` stands for.
    pub fn covers(&self, other: &Pattern<'_>) -> bool {
        self.scheme == other.scheme
            && (self.port == Port::Any || self.port == other.port)
            && self.matches_host(other.host, other.subdomains)
    }

    /// `host` matches if it is ours or, with `subdomains`, if ours is a proper suffix of it that starts
    /// at a dot. The dot is what keeps `evilexample.org` from being taken for `*.example.org`.
    fn matches_host(&self, host: &str, host_stands_for_subdomains: bool) -> bool {
        if !self.subdomains {
            return !host_stands_for_subdomains && self.host == host;
        }
        match host.strip_suffix(self.host) {
            Some("") => host_stands_for_subdomains,
            Some(before) => before.ends_with('.'),
            None => false,
        }
    }
}

/// The host of an origin as it is written, brackets included.
pub fn host_text<'a>(origin: &Origin<'a>) -> &'a str {
    let text = origin.as_str();
    let rest = &text[origin.scheme().len() + "://".len()..];
    match origin.port() {
        None => rest,
        Some(_) => &rest[..rest.rfind(':').unwrap_or(rest.len())],
    }
}

/// The order of lists that are searched: the shorter first, so that most comparisons need only lengths.
pub fn by_length(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// The host itself, and what follows each of its dots: the hosts of all patterns that could match it.
pub fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    let after_dots = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
    std::iter::once(host).chain(after_dots)
}

impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{labels}{}", self.scheme, self.host)?;
        match self.port {
            Port::Default => Ok(()),
            Port::Number(port) => write!(f, ":{port}"),
            Port::Any => f.write_str(":*"),
        }
    }
}

impl From<Malformed> for NotAPattern {
    fn from(why: Malformed) -> Self {
        // Where the scheme, host and port are sound, a `*` left over is in what follows them.
        match why {
            Malformed::Wildcard => Self::Misplaced(Misplaced::Tail),
            why => Self::Malformed(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_a_whole_first_label_or_a_whole_port() {
        for text in [
            "https://*.example.org",
            "http://localhost:*",
            "https://*.example.org:*",
            "https://*.example.org:8443",
            "http://127.0.0.1:*",
            "http://[::1]:*",
        ] {
            assert!(Pattern::parse(text).is_ok(), "{text}");
        }
        for (text, why) in [
            ("*://example.org", Misplaced::Scheme),
            ("https*://example.org", Misplaced::Scheme),
            ("https://*", Misplaced::WholeHost),
            ("https://*:8080", Misplaced::WholeHost),
            ("https://*example.org", Misplaced::PartOfLabel),
            ("https://app-*.example.org", Misplaced::PartOfLabel),
            ("https://local*", Misplaced::PartOfLabel),
            ("https://api.*.example.org", Misplaced::InnerLabel),
            ("https://*.*.example.org", Misplaced::InnerLabel),
            ("https://example.*", Misplaced::InnerLabel),
            ("https://*.1.2.3.4", Misplaced::BeforeAddress),
            ("https://*.[::1]", Misplaced::BeforeAddress),
            ("https://example.org:80*", Misplaced::PartOfPort),
        ] {
            assert_eq!(
                Pattern::parse(text),
                Err(NotAPattern::Misplaced(why)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_pattern_covers_what_it_matches() {
        for (pattern, other, covers) in [
            ("https://*.example.org", "https://a.example.org", true),
            ("https://*.example.org", "https://*.a.example.org", true),
            ("https://*.example.org", "https://*.example.org", true),
            ("https://*.example.org", "https://example.org", false),
            ("https://*.example.org", "https://a.example.org:8080", false),
            (
                "https://*.example.org:*",
                "https://*.example.org:8080",
                true,
            ),
            ("https://*.example.org:*", "https://a.example.org", true),
            ("http://localhost:*", "http://localhost:3000", true),
            ("http://localhost:*", "https://localhost:3000", false),
            ("https://a.example.org:*", "https://*.example.org:*", false),
        ] {
            let parse = |text| Pattern::parse(text).unwrap();
            assert_eq!(
                parse(pattern).covers(&parse(other)),
                covers,
                "{pattern} covers {other}"
            );
        }
    }
}
