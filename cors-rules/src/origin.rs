//! The ASCII serialization of an origin.
//!
//! A browser writes the origin of a page into `Origin` as [HTML serializes it]: scheme, `://`, host
//! and, unless it is the scheme's default, a port. There is exactly one spelling of each origin, so
//! origins are compared byte for byte, and whatever is not that spelling can never match.
//!
//! [HTML serializes it]: https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin

use std::fmt::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

pub use crate::malformed::Malformed;

/// An origin with a scheme, a host and perhaps a port: what RFC 6454 calls a tuple origin.
///
/// It borrows the text it was parsed from. Parsing allocates nothing and accepts only the canonical
/// spelling, so two origins are the same exactly if their texts are.
///
/// ```
/// use cors_rules::{Origin, origin::Host};
///
/// let origin = Origin::parse("https://app.example.com:8443").unwrap();
/// assert_eq!(origin.scheme(), "https");
/// assert_eq!(origin.host(), Host::Domain("app.example.com"));
/// assert_eq!(origin.port(), Some(8443));
///
/// let extension = Origin::parse("safari-web-extension://140BB581").unwrap();
/// assert_eq!(extension.host(), Host::Opaque("140BB581"));
///
/// assert!(Origin::parse("https://app.example.com/").is_err()); // no origin ends with a slash
/// assert!(Origin::parse("null").is_err()); // opaque: it says nothing about who asks
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin<'a> {
    text: &'a str,
    scheme: &'a str,
    host: Host<'a>,
    port: Option<u16>,
}

/// The host of an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host<'a> {
    /// A domain in lower-case ASCII, internationalized labels as punycode.
    Domain(&'a str),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address, written in brackets.
    Ipv6(Ipv6Addr),
    /// A host of another scheme than `http` and `https`. It is not a name in DNS, and the URL
    /// standard leaves it [as it is written](https://url.spec.whatwg.org/#concept-opaque-host).
    Opaque(&'a str),
}

impl<'a> Origin<'a> {
    /// Reads an origin's ASCII serialization.
    ///
    /// # Errors
    /// Says what keeps `text` from being one; of several reasons, the first from the left.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        let (scheme, rest) = split_scheme(text)?;
        let (host, port) = split_authority(rest)?;
        let host = Host::parse(host, scheme)?;
        let port = port.map(|port| parse_port(port, scheme)).transpose()?;
        Ok(Self {
            text,
            scheme,
            host,
            port,
        })
    }

    /// The text it was parsed from.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The scheme, in lower case.
    pub fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// The host.
    pub fn host(&self) -> Host<'a> {
        self.host
    }

    /// The port, if it is not the default of the scheme.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// True if the host is this machine itself, so that nothing travels over a network.
    ///
    /// `localhost`, `*.localhost`, `127.0.0.0/8` and `[::1]`: the hosts of [potentially trustworthy
    /// origins](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy).
    pub fn is_loopback(&self) -> bool {
        self.host.is_loopback()
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl<'a> Host<'a> {
    pub(crate) fn parse(text: &'a str, scheme: &str) -> Result<Self, Malformed> {
        if let Some(bracketed) = text.strip_prefix('[') {
            let inner = bracketed.strip_suffix(']').ok_or(Malformed::Ipv6)?;
            return match inner.parse() {
                Ok(address) if is_canonical_ipv6(inner, address) => Ok(Host::Ipv6(address)),
                _ => Err(Malformed::Ipv6),
            };
        }
        if !has_domains(scheme) {
            return check_opaque(text).map(|()| Host::Opaque(text));
        }
        // A dot at the end is kept by the URL standard, and makes another origin than none.
        let labels = text.strip_suffix('.').unwrap_or(text);
        if labels.len() > MAX_DOMAIN {
            return Err(Malformed::HostTooLong);
        }
        let mut last: &[u8] = b"";
        for label in labels.as_bytes().split(|b| *b == b'.') {
            check_label(label)?;
            last = label;
        }
        // The URL standard reads a host that ends in a number as an IPv4 address, in any spelling.
        // https://url.spec.whatwg.org/#ends-in-a-number-checker
        let is_number = last.iter().all(u8::is_ascii_digit)
            || last
                .strip_prefix(b"0x")
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        if is_number {
            return text.parse().map(Host::Ipv4).map_err(|_| Malformed::Ipv4);
        }
        Ok(Host::Domain(text))
    }

    /// See [`Origin::is_loopback`].
    pub fn is_loopback(&self) -> bool {
        match self {
            Host::Domain(name) | Host::Opaque(name) => is_localhost(name),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }
}

/// Reads the authority of a website, in lower case and without user information: `example.com:443`.
/// Unlike in an origin, any port can be written.
///
/// # Errors
/// Says what keeps `text` from being one.
pub fn parse_authority(text: &str) -> Result<(Host<'_>, Option<u16>), Malformed> {
    let (host, port) = split_authority(text)?;
    let no_default = "";
    let port = port.map(|port| parse_port(port, no_default)).transpose()?;
    Ok((Host::parse(host, "https")?, port))
}

/// True if hosts of this scheme are domains and addresses. Those of all others are opaque.
pub(crate) fn has_domains(scheme: &str) -> bool {
    matches!(scheme, "https" | "http")
}

/// [Opaque hosts](https://url.spec.whatwg.org/#concept-opaque-host-parser) have no forbidden host
/// code points. The standard takes a `*`, and we don't: in a list, it is a wildcard.
fn check_opaque(host: &str) -> Result<(), Malformed> {
    let is_forbidden = |c: &char| "*<>[]^|:".contains(*c);
    match host.chars().find(is_forbidden) {
        None if host.is_empty() => Err(Malformed::EmptyHost),
        None => Ok(()),
        Some('*') => Err(Malformed::Wildcard),
        Some(c) => Err(Malformed::HostCharacter(c)),
    }
}

fn is_localhost(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    domain == "localhost" || domain.ends_with(".localhost")
}

/// The longest domain name, in octets, [RFC 1035 §2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4).
pub(crate) const MAX_DOMAIN: usize = 253;
/// The longest label of a domain name, in octets (RFC 1035, section 2.3.4).
const MAX_LABEL: usize = 63;

fn check_label(label: &[u8]) -> Result<(), Malformed> {
    if label.is_empty() {
        return Err(Malformed::EmptyLabel);
    }
    if label.len() > MAX_LABEL {
        return Err(Malformed::LabelTooLong);
    }
    let is_allowed = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    match label.iter().copied().find(|b| !is_allowed(b)) {
        None => Ok(()),
        Some(b'*') => Err(Malformed::Wildcard),
        Some(b) if b.is_ascii_uppercase() => Err(Malformed::UpperCase),
        Some(b) => Err(Malformed::HostCharacter(char::from(b))),
    }
}

/// Splits `scheme://rest`, and finds what can be wrong anywhere in the text.
pub(crate) fn split_scheme(text: &str) -> Result<(&str, &str), Malformed> {
    if text.is_empty() {
        return Err(Malformed::Empty);
    }
    if !text.is_ascii() {
        return Err(Malformed::NonAscii);
    }
    if text.bytes().any(|b| b <= b' ' || b == b'\x7f') {
        return Err(Malformed::WhiteSpace);
    }
    let colon = text
        .bytes()
        .position(|b| b == b':')
        .ok_or(Malformed::NoScheme)?;
    let (scheme, rest) = (&text[..colon], &text[colon + 1..]);
    let Some(rest) = rest.strip_prefix("//") else {
        return Err(without_origins(scheme).unwrap_or(Malformed::NoScheme));
    };
    if scheme.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(Malformed::UpperCase);
    }
    // https://url.spec.whatwg.org/#scheme-start-state
    let mut bytes = scheme.bytes();
    if !bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        || !bytes.all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.'))
    {
        return Err(Malformed::NoScheme);
    }
    if PAGELESS_SCHEMES.contains(&scheme) {
        return Err(Malformed::PagelessScheme);
    }
    match without_origins(scheme) {
        Some(why) => Err(why),
        None => Ok((scheme, rest)),
    }
}

/// Why no origin with a host has this scheme.
fn without_origins(scheme: &str) -> Option<Malformed> {
    match scheme {
        "file" => Some(Malformed::File),
        "about" | "blob" | "data" | "javascript" => Some(Malformed::OpaqueScheme),
        _ => None,
    }
}

/// No page comes from these, so no request has an origin with such a scheme.
const PAGELESS_SCHEMES: [&str; 3] = ["ftp", "ws", "wss"];

/// Splits `host[:port]`, and finds what can follow an authority but not an origin.
pub(crate) fn split_authority(rest: &str) -> Result<(&str, Option<&str>), Malformed> {
    let end = rest
        .bytes()
        .position(|b| matches!(b, b'/' | b'?' | b'#' | b'\\'));
    let (authority, tail) = rest.split_at(end.unwrap_or(rest.len()));
    if authority.bytes().any(|b| b == b'@') {
        return Err(Malformed::UserInfo);
    }
    match tail.bytes().next() {
        None => {}
        Some(b'?') => return Err(Malformed::Query),
        Some(b'#') => return Err(Malformed::Fragment),
        Some(_) if tail.len() == 1 => return Err(Malformed::TrailingSlash),
        Some(_) if authority.ends_with(':') && tail.starts_with("//") => {
            return Err(Malformed::TwoSchemes);
        }
        Some(_) => return Err(Malformed::Path),
    }
    // The last colon of `[::1]` is not before a port.
    let (host, port) = match authority.bytes().rposition(|b| matches!(b, b':' | b']')) {
        Some(at) if authority.as_bytes()[at] == b':' => {
            (&authority[..at], Some(&authority[at + 1..]))
        }
        _ => (authority, None),
    };
    if host.is_empty() {
        Err(Malformed::EmptyHost)
    } else {
        Ok((host, port))
    }
}

/// The port that `scheme` uses if none is written.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

pub(crate) fn parse_port(text: &str, scheme: &str) -> Result<u16, Malformed> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(if text.contains('*') {
            Malformed::Wildcard
        } else {
            Malformed::PortNotANumber
        });
    }
    let number = text.trim_start_matches('0');
    if number.is_empty() {
        return Err(Malformed::PortZero);
    }
    if number.len() < text.len() {
        return Err(Malformed::PortLeadingZero);
    }
    let port = text.parse().map_err(|_| Malformed::PortTooLarge)?;
    if default_port(scheme) == Some(port) {
        Err(Malformed::DefaultPort)
    } else {
        Ok(port)
    }
}

/// Compares `text` with [the one spelling](https://url.spec.whatwg.org/#concept-ipv6-serializer) of `address`.
///
/// `Ipv6Addr` is displayed the same way, but for the addresses that embed an IPv4 one: URLs never
/// write those with dots.
fn is_canonical_ipv6(text: &str, address: Ipv6Addr) -> bool {
    let mut rest = Unwritten(text);
    let written = match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => write!(rest, "::ffff:{high:x}:{low:x}"),
        _ => write!(rest, "{address}"),
    };
    written.is_ok() && rest.0.is_empty()
}

/// The rest of an expected text, to compare with a `Display` without allocating.
struct Unwritten<'a>(&'a str);

impl Write for Unwritten<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_each_origin_is_accepted() {
        for text in [
            "https://example.com",
            "http://example.com:8080",
            "https://example.com:80",
            "http://localhost:3000",
            "https://a.b.c.example",
            "https://example.com.",
            "https://xn--bcher-kva.example",
            "https://under_score.example",
            "https://1.2.3.4",
            "https://[::1]:8443",
            "https://[2001:db8::1]",
            "https://[::ffff:102:304]",
            "https://[::]",
            "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
            "capacitor://localhost",
            "https://example.com:65535",
            "app://.",
            "app://-",
            "app://..",
            "app://a..b",
            "app://127.1:8080",
            "app://%zz",
            "app://!\"$&'()+,;=_`{}~",
            "app://[::1]:1",
            "safari-web-extension://140BB581-2D3C-4B46-8B5E-7E6A3F1C9D20",
            "moz-extension://9b2f4a5c-0c0f-4f6e-9d1c-3c1f5f0a7e11",
            "vscode-webview://1abcdefghijklmnopqrstuv0123456789abcdefghijklmnopqrstuv0123456789",
        ] {
            let origin = Origin::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(origin.to_string(), text);
        }
    }

    #[test]
    fn every_other_spelling_is_refused_with_its_reason() {
        for (text, why) in [
            ("", Malformed::Empty),
            ("null", Malformed::NoScheme),
            ("example.com", Malformed::NoScheme),
            ("//example.com", Malformed::NoScheme),
            ("://example.com", Malformed::NoScheme),
            ("ht_tp://example.com", Malformed::NoScheme),
            ("https:example.com", Malformed::NoScheme),
            ("file:///etc", Malformed::File),
            ("file:", Malformed::File),
            ("file://", Malformed::File),
            ("about:blank", Malformed::OpaqueScheme),
            ("blob:https://example.com/x", Malformed::OpaqueScheme),
            ("https://https://example.com", Malformed::TwoSchemes),
            ("https://http://example.com/", Malformed::TwoSchemes),
            ("app://", Malformed::EmptyHost),
            ("app://:8080", Malformed::EmptyHost),
            ("app://[::0]", Malformed::Ipv6),
            ("app://*", Malformed::Wildcard),
            ("app://a*", Malformed::Wildcard),
            ("app://a^b", Malformed::HostCharacter('^')),
            ("app://a|b", Malformed::HostCharacter('|')),
            ("app://a<", Malformed::HostCharacter('<')),
            ("app://>", Malformed::HostCharacter('>')),
            ("app://a]b", Malformed::HostCharacter(']')),
            ("app://a[", Malformed::HostCharacter('[')),
            ("app://a:b:1", Malformed::HostCharacter(':')),
            ("app://a@b", Malformed::UserInfo),
            ("app://./", Malformed::TrailingSlash),
            ("app://a b", Malformed::WhiteSpace),
            ("app://b\u{fc}cher", Malformed::NonAscii),
            ("App://a", Malformed::UpperCase),
            ("app://a:0", Malformed::PortZero),
            ("app://a:x", Malformed::PortNotANumber),
            ("data:text/html,x", Malformed::OpaqueScheme),
            ("wss://example.com", Malformed::PagelessScheme),
            ("https://user@example.com", Malformed::UserInfo),
            ("https://user:pw@example.com", Malformed::UserInfo),
            ("https://example.com/", Malformed::TrailingSlash),
            ("https://example.com\\", Malformed::TrailingSlash),
            ("https://example.com/a", Malformed::Path),
            ("https://example.com//a", Malformed::Path),
            ("https://example.com:/a", Malformed::Path),
            ("https://example.com?q", Malformed::Query),
            ("https://example.com#f", Malformed::Fragment),
            ("HTTPS://example.com", Malformed::UpperCase),
            ("https://Example.com", Malformed::UpperCase),
            (" https://example.com", Malformed::WhiteSpace),
            ("https://exa\0mple.com", Malformed::WhiteSpace),
            ("https://bücher.example", Malformed::NonAscii),
            ("https://", Malformed::EmptyHost),
            ("https://:8080", Malformed::EmptyHost),
            ("https://a..b", Malformed::EmptyLabel),
            ("https://example.com..", Malformed::EmptyLabel),
            ("https://.", Malformed::EmptyLabel),
            ("https://1.2.3.4.", Malformed::Ipv4),
            ("https://a,b", Malformed::HostCharacter(',')),
            ("https://127.1", Malformed::Ipv4),
            ("https://0x7f.0.0.1", Malformed::Ipv4),
            ("https://0x", Malformed::Ipv4),
            ("https://1.2.3.04", Malformed::Ipv4),
            ("https://1.2.3.4.5", Malformed::Ipv4),
            ("https://[::0001]", Malformed::Ipv6),
            ("https://[::0]", Malformed::Ipv6),
            ("https://[0:0::1]", Malformed::Ipv6),
            ("https://[::ffff:1.2.3.4]", Malformed::Ipv6),
            ("https://[::1", Malformed::Ipv6),
            ("https://[::1]x", Malformed::Ipv6),
            ("https://[fe80::1%eth0]", Malformed::Ipv6),
            ("https://example.com:443", Malformed::DefaultPort),
            ("http://example.com:80", Malformed::DefaultPort),
            ("https://example.com:0", Malformed::PortZero),
            ("https://example.com:65536", Malformed::PortTooLarge),
            (
                "https://example.com:99999999999999999999",
                Malformed::PortTooLarge,
            ),
            ("https://example.com:0443", Malformed::PortLeadingZero),
            ("https://example.com:", Malformed::PortNotANumber),
            ("https://example.com:+1", Malformed::PortNotANumber),
            ("https://*.example.com", Malformed::Wildcard),
            ("https://example.com:*", Malformed::Wildcard),
        ] {
            assert_eq!(Origin::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn an_authority_is_a_host_and_any_port() {
        let port = |text| parse_authority(text).map(|(_, port)| port);
        assert_eq!(port("example.com"), Ok(None));
        assert_eq!(port("example.com:80"), Ok(Some(80)));
        assert_eq!(port("[::1]:443"), Ok(Some(443)));
        assert_eq!(port("example.com:0"), Err(Malformed::PortZero));
        assert_eq!(port("127.1"), Err(Malformed::Ipv4));
        assert_eq!(port("a@example.com"), Err(Malformed::UserInfo));
        assert_eq!(port("a b"), Err(Malformed::HostCharacter(' ')));
        let host = parse_authority("example.com:443").map(|(host, _)| host);
        assert_eq!(host, Ok(Host::Domain("example.com")));
    }

    #[test]
    fn labels_have_63_characters_and_hosts_253() {
        let label = |len: usize| format!("https://{}.example", "a".repeat(len));
        let host = |len: usize| format!("https://{}{}", "a.".repeat(100), "b".repeat(len - 200));
        let parsed = |text: String| Origin::parse(&text).map(drop);
        assert_eq!(parsed(label(63)), Ok(()));
        assert_eq!(parsed(label(64)), Err(Malformed::LabelTooLong));
        assert_eq!(parsed(host(253)), Ok(()));
        assert_eq!(parsed(host(253) + "."), Ok(()));
        assert_eq!(parsed(host(254)), Err(Malformed::HostTooLong));
    }

    #[test]
    fn an_origin_has_parts_and_may_be_this_machine() {
        for (text, scheme, port, is_loopback) in [
            ("https://example.com", "https", None, false),
            ("http://example.com:8080", "http", Some(8080), false),
            ("http://localhost:3000", "http", Some(3000), true),
            ("http://localhost.", "http", None, true),
            ("https://a.localhost", "https", None, true),
            ("https://alocalhost", "https", None, false),
            ("https://localhost.example", "https", None, false),
            ("http://127.8.9.10", "http", None, true),
            ("http://128.0.0.1", "http", None, false),
            ("http://[::1]:1", "http", Some(1), true),
            ("http://[::2]", "http", None, false),
            ("capacitor://localhost", "capacitor", None, true),
            ("app://127.0.0.1:1", "app", Some(1), false),
            ("app://.", "app", None, false),
        ] {
            let origin = Origin::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(origin.as_str(), text);
            assert_eq!(origin.scheme(), scheme, "{text}");
            assert_eq!(origin.port(), port, "{text}");
            assert_eq!(origin.is_loopback(), is_loopback, "{text}");
        }
        let host = |text| Origin::parse(text).unwrap().host();
        assert_eq!(host("https://a.example"), Host::Domain("a.example"));
        assert_eq!(host("https://1.2.3.4"), Host::Ipv4([1, 2, 3, 4].into()));
        assert_eq!(host("https://[::1]"), Host::Ipv6(Ipv6Addr::LOCALHOST));
        assert_eq!(host("app://[::1]"), Host::Ipv6(Ipv6Addr::LOCALHOST));
        assert_eq!(host("app://1.2.3.4"), Host::Opaque("1.2.3.4"));
        assert_eq!(host("app://A.example"), Host::Opaque("A.example"));
    }
}
