//! Elements of a list of origins: exact origins, and patterns.

use std::cmp::Ordering;
use std::fmt;

use crate::origin::{self, Host, MAX_DOMAIN, Malformed, Origin};

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
///
/// let extensions = Pattern::parse("moz-extension://*").unwrap();
/// assert!(extensions.matches(&Origin::parse("moz-extension://9b2f4a5c-0c0f").unwrap()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pattern<'a> {
    /// The scheme.
    pub scheme: &'a str,
    /// One or more labels must stand before the host.
    pub subdomains: bool,
    /// The host: all of it or, with `subdomains`, what follows `*.`. `*` is any host of a scheme
    /// of its own.
    pub host: &'a str,
    /// The port.
    pub port: Port,
}

/// Schemes of extensions: their pages come from a package that the browser or the editor verifies.
const EXTENSION_SCHEMES: [&str; 4] = [
    "chrome-extension",
    "moz-extension",
    "safari-web-extension",
    "vscode-webview",
];

/// The port of a [`Pattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// A `*` where no wildcard may be.
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
    /// Alone, with no domain after it, in a scheme that any site can have: `https://*`.
    WholeHost,
    /// Before an IP address, which has no subdomains.
    BeforeAddress,
    /// In an IP address, where it stands for a range: `http://192.168.1.*`.
    InAddress,
    /// Beside other characters in the port: `https://example.com:80*`.
    PartOfPort,
}

impl<'a> Pattern<'a> {
    /// Reads an origin, or an origin with `*` as its whole first label, its whole port, or both. In a
    /// scheme other than `http` and `https`, `*` can be the whole host.
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
        let is_any_host = host == "*" && !subdomains && !origin::has_domains(scheme);
        if host.contains('*') && !is_any_host {
            return Err(NotAPattern::Misplaced(match host.split_once('.') {
                _ if is_address_range(authority) => Misplaced::InAddress,
                _ if host == "*" && origin::has_domains(scheme) => Misplaced::WholeHost,
                Some((first, _)) if first.contains('*') && !subdomains => Misplaced::PartOfLabel,
                None if !subdomains => Misplaced::PartOfLabel,
                _ => Misplaced::InnerLabel,
            }));
        }
        if !is_any_host {
            match Host::parse(host, scheme)? {
                Host::Ipv4(_) | Host::Ipv6(_) if subdomains => {
                    return Err(NotAPattern::Misplaced(Misplaced::BeforeAddress));
                }
                // `*.` stands for at least one more label of at least one character.
                Host::Domain(_) if subdomains && host.len() + 2 > MAX_DOMAIN => {
                    return Err(Malformed::HostTooLong.into());
                }
                _ => {}
            }
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

    /// The pattern that stands for this origin alone.
    pub fn of(origin: &Origin<'a>) -> Self {
        Self {
            scheme: origin.scheme(),
            subdomains: false,
            host: host_text(origin),
            port: origin.port().map_or(Port::Default, Port::Number),
        }
    }

    /// True if it stands for one origin only.
    pub fn is_exact(&self) -> bool {
        !self.subdomains && !self.is_any_host() && self.port != Port::Any
    }

    /// True if it stands for all hosts of its scheme, as `moz-extension://*` does. No website has
    /// such a scheme.
    pub fn is_any_host(&self) -> bool {
        self.host == "*"
    }

    /// True if its hosts are domains or addresses, rather than names in an app's or a browser's own
    /// scheme.
    pub fn has_domains(&self) -> bool {
        origin::has_domains(self.scheme)
    }

    /// True if all its hosts are this machine itself, see [`Origin::is_loopback`].
    pub fn is_loopback(&self) -> bool {
        Host::parse(self.host, self.scheme).is_ok_and(|host| host.is_loopback())
    }

    /// True if it stands for sites that this machine serves over HTTP. `capacitor://localhost` is
    /// an app's own scheme, and its `localhost` is just a name.
    pub fn is_loopback_site(&self) -> bool {
        self.has_domains() && self.is_loopback()
    }

    /// True if apps use it for their own pages in production: `https://localhost` (Capacitor),
    /// `http://tauri.localhost` (Tauri). A web view answers for these names itself, and leaves the
    /// port out.
    pub fn is_app_webview(&self) -> bool {
        self.is_loopback_site()
            && !self.subdomains
            && self.port == Port::Default
            && self.host.ends_with("localhost")
    }

    /// True if only the owner of its origins decides what script their pages run. They come over
    /// TLS, from a package that the browser or the editor verifies, from this machine itself, or
    /// from the app whose cookies they use.
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
            || (self.is_extension() && self.is_exact())
            || self.is_loopback_site()
            || self.is_own_app()
    }

    /// True if it is the page of an extension, or of all with its scheme.
    pub fn is_extension(&self) -> bool {
        EXTENSION_SCHEMES.contains(&self.scheme)
    }

    /// True if it is the page of an app in its own web view, such as `capacitor://localhost`.
    fn is_own_app(&self) -> bool {
        !self.has_domains() && !self.subdomains && self.host == "localhost"
    }

    /// True if it stands for `origin`.
    pub fn matches(&self, origin: &Origin<'_>) -> bool {
        let port = origin.port().map_or(Port::Default, Port::Number);
        self.scheme == origin.scheme()
            && (self.port == Port::Any || self.port == port)
            && self.matches_host(host_text(origin), false)
    }

    /// True if it stands for every origin that `other` stands for.
    pub fn covers(&self, other: &Pattern<'_>) -> bool {
        self.scheme == other.scheme
            && (self.port == Port::Any || self.port == other.port)
            && self.matches_host(other.host, other.subdomains)
    }

    /// All patterns that cover this one, but itself; of those with the same host, the wider first.
    ///
    /// There are at most two for each label, so a set of patterns is searched in constant time.
    pub fn wider(&self) -> impl Iterator<Item = Pattern<'a>> + use<'a> {
        let this = *self;
        let any_host = (!this.has_domains() && !this.is_any_host()).then_some("*");
        let ports = [Port::Any, this.port].into_iter();
        let ports = ports.take(if this.port == Port::Any { 1 } else { 2 });
        suffixes(this.host, this.subdomains)
            .chain(any_host)
            .enumerate()
            .flat_map(move |(i, host)| {
                let subdomains = (this.subdomains || i > 0) && host != "*";
                ports.clone().map(move |port| Pattern {
                    subdomains,
                    host,
                    port,
                    ..this
                })
            })
            .filter(move |wider| *wider != this)
    }

    /// `host` matches if it is ours or, with `subdomains`, if ours is a proper suffix of it that
    /// starts at a dot. The dot is what keeps `evilexample.org` from being taken for
    /// `*.example.org`.
    fn matches_host(&self, host: &str, host_stands_for_subdomains: bool) -> bool {
        if self.is_any_host() {
            return true;
        }
        if !self.subdomains {
            return !host_stands_for_subdomains && self.host == host;
        }
        match host.strip_suffix(self.host) {
            // An opaque host can begin with a dot. No label stands before that.
            Some("" | ".") => host_stands_for_subdomains,
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

/// The texts of all patterns that match `origin`, except the origin itself. Each is in parts: the
/// scheme with `://`, `*.` or nothing, the host, the port with its colon or nothing.
///
/// They are those of [`Pattern::wider`]. As texts, they can be searched for in a list that was not
/// parsed.
///
/// ```
/// use cors_rules::{Origin, pattern::matching};
///
/// let origin = Origin::parse("https://api.example.org").unwrap();
/// let texts: Vec<_> = matching(&origin).map(|parts| parts.concat()).collect();
/// assert_eq!(
///     texts,
///     [
///         "https://api.example.org:*",
///         "https://*.example.org",
///         "https://*.example.org:*",
///         "https://*.org",
///         "https://*.org:*",
///     ],
/// );
/// ```
pub fn matching<'a>(origin: &Origin<'a>) -> impl Iterator<Item = [&'a str; 4]> + use<'a> {
    let (scheme, rest) = (origin.as_str()).split_at(origin.scheme().len() + "://".len());
    let host = host_text(origin);
    let port = &rest[host.len()..];
    let below = suffixes(host, false).skip(1);
    let below =
        below.flat_map(move |host| [[scheme, "*.", host, port], [scheme, "*.", host, ":*"]]);
    let is_own_scheme = !origin::has_domains(origin.scheme());
    let any_host = is_own_scheme.then_some([[scheme, "", "*", port], [scheme, "", "*", ":*"]]);
    std::iter::once([scheme, "", host, ":*"])
        .chain(below)
        .chain(any_host.into_iter().flatten())
}

/// True if a host with a `*` in it is meant as a range of addresses: its labels are numbers and
/// `*`, or it is in brackets.
fn is_address_range(host: &str) -> bool {
    let is_part = |label: &str| label.bytes().all(|b| b.is_ascii_digit() || b == b'*');
    host.starts_with('[')
        || (host.split('.').all(is_part) && host.bytes().any(|b| b.is_ascii_digit()))
}

/// True if one of the patterns matches `origin`. They are sorted by
/// [`by_length`](crate::checked::by_length).
///
/// A pattern has exactly one spelling too. So each that could match is searched for, rather than
/// each of the list tried.
pub fn matches_any(patterns: &[impl AsRef<str>], origin: &Origin<'_>) -> bool {
    !patterns.is_empty()
        && matching(origin).any(|parts| {
            let len = parts.iter().map(|part| part.len()).sum();
            let search = patterns.binary_search_by(|listed| {
                let listed = listed.as_ref().as_bytes();
                let by_length = listed.len().cmp(&len);
                by_length.then_with(|| in_parts(listed, parts))
            });
            search.is_ok()
        })
}

/// The order of two texts, of which the second is in parts. Each part is compared as a whole: byte
/// by byte, a search among 10,000 patterns takes a quarter more instructions.
#[inline]
fn in_parts(text: &[u8], parts: [&str; 4]) -> Ordering {
    let mut rest = text;
    for part in parts {
        let Some((start, end)) = rest.split_at_checked(part.len()) else {
            return Ordering::Less;
        };
        match start.cmp(part.as_bytes()) {
            Ordering::Equal => rest = end,
            order => return order,
        }
    }
    Ordering::Equal
}

/// The host itself, and what follows each of its dots: the hosts of all patterns that could match
/// it.
///
/// Nothing is before a dot at the start of an opaque host, unless labels stand before that.
fn suffixes(host: &str, has_labels_before: bool) -> impl Iterator<Item = &str> {
    let dots = host.match_indices('.').map(|(dot, _)| dot);
    let after_dots = dots
        .filter(move |dot| *dot > 0 || has_labels_before)
        .map(|dot| &host[dot + 1..]);
    std::iter::once(host).chain(after_dots.filter(|suffix| !suffix.is_empty()))
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
        Self::Malformed(why)
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
            "moz-extension://*",
            "vscode-webview://*:*",
            "app://*:8080",
            "app://*.example",
            "app://.",
            "app://*..",
        ] {
            let pattern = Pattern::parse(text).expect(text);
            assert_eq!(pattern.to_string(), text);
        }
        for (text, why) in [
            ("*://example.org", Misplaced::Scheme),
            ("https*://example.org", Misplaced::Scheme),
            ("https://*", Misplaced::WholeHost),
            ("http://192.168.1.*:8080", Misplaced::InAddress),
            ("http://192.168.*.*", Misplaced::InAddress),
            ("http://*.168.1.*", Misplaced::InAddress),
            ("http://10.*", Misplaced::InAddress),
            ("http://10.1*", Misplaced::InAddress),
            ("http://[fe80::*]", Misplaced::InAddress),
            ("http://*.*", Misplaced::WholeHost),
            ("app://a*", Misplaced::PartOfLabel),
            ("app://*.*", Misplaced::InnerLabel),
            ("app://a.*", Misplaced::InnerLabel),
            ("app://*.[::1]", Misplaced::BeforeAddress),
            ("moz-extension://*:80*", Misplaced::PartOfPort),
            ("https://*:8080", Misplaced::WholeHost),
            ("https://*example.org", Misplaced::PartOfLabel),
            ("https://app-*.example.org", Misplaced::PartOfLabel),
            ("https://local*", Misplaced::PartOfLabel),
            ("https://api.*.example.org", Misplaced::InnerLabel),
            ("https://*.*.example.org", Misplaced::InnerLabel),
            ("https://*.x*.example.org", Misplaced::InnerLabel),
            ("https://*.x*", Misplaced::InnerLabel),
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
            ("https://a.example.org", "https://*.a.example.org", false),
            ("https://a.example.org", "https://a.example.org", true),
            ("https://*.example.org", "https://*.org", false),
            ("https://*.example.org", "https://aexample.org", false),
            ("app://*", "app://.", true),
            ("app://*", "app://A.b", true),
            ("app://*", "app://*.b", true),
            ("app://*", "app://a:1", false),
            ("app://*", "ap://a", false),
            ("app://*", "app://*:*", false),
            ("app://*:*", "app://*", true),
            ("app://*:*", "app://*.b:2", true),
            ("app://*:1", "app://a:1", true),
            ("app://*.b", "app://*", false),
            ("app://*.b", "app://a..b", true),
            ("app://*.b", "app://.b", false),
            ("app://*.b", "app://*..b", true),
            ("app://*..b", "app://a..b", true),
            ("app://*..b", "app://..b", false),
        ] {
            let parse = |text| Pattern::parse(text).unwrap();
            assert_eq!(
                parse(pattern).covers(&parse(other)),
                covers,
                "{pattern} covers {other}"
            );
            let wider = parse(other).wider().any(|wider| wider == parse(pattern));
            assert_eq!(
                wider,
                covers && pattern != other,
                "{pattern} is wider than {other}"
            );
            if let Ok(origin) = Origin::parse(other) {
                assert_eq!(
                    parse(pattern).matches(&origin),
                    covers,
                    "{pattern} matches {other}"
                );
                assert_eq!(Pattern::of(&origin), parse(other));
            }
        }
    }

    #[test]
    fn a_subdomain_has_room_for_a_label() {
        let starred =
            |len: usize| format!("https://*.{}{}", "a.".repeat(100), "b".repeat(len - 202));
        assert!(Pattern::parse(&starred(253)).is_ok());
        assert_eq!(
            Pattern::parse(&starred(254)),
            Err(NotAPattern::Malformed(Malformed::HostTooLong))
        );
    }

    #[test]
    fn a_host_follows_the_wildcard() {
        for (text, why) in [
            ("https://*.", Malformed::EmptyLabel),
            ("app://*.", Malformed::EmptyHost),
        ] {
            assert_eq!(Pattern::parse(text), Err(NotAPattern::Malformed(why)));
        }
    }

    #[test]
    fn wider_patterns_are_those_that_cover() {
        for (text, expected) in [
            (
                "https://a.b.c",
                &[
                    "https://a.b.c:*",
                    "https://*.b.c:*",
                    "https://*.b.c",
                    "https://*.c:*",
                    "https://*.c",
                ][..],
            ),
            (
                "https://a.b:8443",
                &["https://a.b:*", "https://*.b:*", "https://*.b:8443"],
            ),
            ("http://[::1]:3000", &["http://[::1]:*"]),
            ("app://a", &["app://a:*", "app://*:*", "app://*"]),
            (
                "app://a.b:1",
                &[
                    "app://a.b:*",
                    "app://*.b:*",
                    "app://*.b:1",
                    "app://*:*",
                    "app://*:1",
                ],
            ),
            ("app://*", &["app://*:*"]),
            ("https://*.b:1", &["https://*.b:*"]),
            ("https://a.b:*", &["https://*.b:*"]),
            ("https://a.", &["https://a.:*"]),
        ] {
            let pattern = Pattern::parse(text).expect(text);
            let wider: Vec<_> = pattern.wider().map(|wider| wider.to_string()).collect();
            assert_eq!(wider, expected, "{text}");
            if let Ok(origin) = Origin::parse(text) {
                let texts: Vec<_> = matching(&origin).map(|parts| parts.concat()).collect();
                assert_eq!(texts.len(), expected.len(), "{text}");
                assert!(wider.iter().all(|wider| texts.contains(wider)), "{text}");
                let matches = |text: &String| Pattern::parse(text).unwrap().matches(&origin);
                assert!(texts.iter().all(matches), "{text}");
            }
        }
    }

    #[test]
    fn a_pattern_is_exact_secure_or_this_machine() {
        for (text, is_exact, is_secure, is_loopback, is_site) in [
            ("https://a.example", true, true, false, false),
            ("https://a.example:1", true, true, false, false),
            ("https://a.example:*", false, true, false, false),
            ("https://*.a.example", false, true, false, false),
            ("https://*.a.example:*", false, true, false, false),
            ("http://a.example", true, false, false, false),
            ("http://localhost:*", false, true, true, true),
            ("https://*.localhost", false, true, true, true),
            ("http://127.0.0.1", true, true, true, true),
            ("capacitor://localhost", true, true, true, false),
            ("capacitor://*.localhost", false, false, true, false),
            ("app://a.localhost", true, false, true, false),
            ("app://a.example", true, false, false, false),
            ("moz-extension://*", false, false, false, false),
            ("app://*", false, false, false, false),
            ("chrome-extension://a", true, true, false, false),
            ("vscode-webview://a", true, true, false, false),
            ("vscode-webview://*.a", false, false, false, false),
            ("moz-extension://a:*", false, false, false, false),
        ] {
            let pattern = Pattern::parse(text).expect(text);
            assert_eq!(pattern.is_exact(), is_exact, "{text}");
            assert_eq!(pattern.is_secure(), is_secure, "{text}");
            assert_eq!(pattern.is_loopback(), is_loopback, "{text}");
            assert_eq!(pattern.is_loopback_site(), is_site, "{text}");
        }
    }

    #[test]
    fn the_host_of_an_origin_is_as_it_was_written() {
        for (text, host) in [
            ("https://a.example", "a.example"),
            ("https://a.example.:8443", "a.example."),
            ("http://[::1]", "[::1]"),
            ("http://[::1]:3000", "[::1]"),
        ] {
            assert_eq!(host_text(&Origin::parse(text).expect(text)), host);
        }
        assert!(suffixes("a.b.c.", false).eq(["a.b.c.", "b.c.", "c."]));
    }
}
