//! The host and port that a request is for.

use std::borrow::Cow;

use cors_rules::origin::parse_authority;

/// A host and perhaps a port, in lower case: `example.com`, `[::1]:8080`.
///
/// The host is one that an origin may have. The port is in `1..=65535`, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authority<'a> {
    text: Cow<'a, str>,
    /// The length of the host in `text`.
    host: usize,
    pub(super) port: Option<u16>,
}

/// The length of the longest domain, 253, and of `:65535`.
const MAX_LEN: usize = 259;

impl<'a> Authority<'a> {
    /// Reads an authority without user information. Allocates only to lower upper-case letters.
    pub(super) fn parse(text: &'a [u8]) -> Option<Self> {
        if text.len() > MAX_LEN {
            return None;
        }
        let text = str::from_utf8(text).ok()?;
        let text = if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
        let (_, port) = parse_authority(&text).ok()?;
        let host = match port {
            None => text.len(),
            Some(_) => text.rfind(':')?,
        };
        Some(Self { text, host, port })
    }

    pub(super) fn host(&self) -> &str {
        &self.text[..self.host]
    }

    /// The text without a port that is the default of `http` or `https`.
    ///
    /// Both are dropped, because the scheme is unknown: a proxy may have terminated TLS.
    pub(super) fn without_default_port(self) -> Cow<'a, str> {
        let len = match self.port {
            Some(80 | 443) => self.host,
            _ => self.text.len(),
        };
        match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..len]),
            Cow::Owned(mut text) => {
                text.truncate(len);
                Cow::Owned(text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_read_strictly() {
        let long_host = format!("{}example", "a.".repeat(123));
        let longer_host = format!("a{long_host}");
        assert_eq!((long_host.len(), longer_host.len()), (253, 254));
        let long_with_port = format!("{long_host}:65535");
        for (what, text, expected) in [
            ("a domain", "example.com", Some("example.com")),
            ("upper case", "EXAMPLE.com:8443", Some("example.com:8443")),
            ("one label", "localhost:3000", Some("localhost:3000")),
            (
                "the default port of https",
                "example.com:443",
                Some("example.com"),
            ),
            (
                "the default port of http",
                "example.com:80",
                Some("example.com"),
            ),
            (
                "the largest port",
                "example.com:65535",
                Some("example.com:65535"),
            ),
            ("an IPv4 address", "127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("an IPv6 address", "[::1]", Some("[::1]")),
            (
                "an IPv6 address in upper case",
                "[2001:DB8::1]:80",
                Some("[2001:db8::1]"),
            ),
            ("the longest domain", &long_host, Some(&*long_host)),
            (
                "the longest domain and port",
                &long_with_port,
                Some(&*long_with_port),
            ),
            ("a domain that is too long", &longer_host, None),
            ("nothing", "", None),
            ("a port alone", ":443", None),
            ("an empty port", "example.com:", None),
            ("a signed port", "example.com:+443", None),
            ("a port with a leading zero", "example.com:0443", None),
            ("port 0", "example.com:0", None),
            ("a port that is too large", "example.com:65536", None),
            ("a port that is not a number", "example.com:x", None),
            ("two ports", "example.com:80:80", None),
            ("user information", "user@example.com", None),
            ("a path", "example.com/", None),
            ("a query", "example.com?q", None),
            ("a wildcard", "*.example.com", None),
            ("a space", "example.com ", None),
            ("an empty label", "example..com", None),
            ("an IPv4 address in hexadecimal", "0x7f.0.0.1", None),
            ("an IPv6 address without brackets", "::1", None),
            ("an IPv6 address in another spelling", "[0:0::1]", None),
            ("an open bracket", "[::1", None),
            ("letters beyond ASCII", "b\u{fc}cher.example", None),
        ] {
            let found = Authority::parse(text.as_bytes());
            let found = found.map(Authority::without_default_port);
            assert_eq!(found.as_deref(), expected, "{what}: {text}");
        }
        assert_eq!(Authority::parse(b"\xff"), None);
        assert_eq!(Authority::parse(&[b'a'; 10_000]), None);
    }

    #[test]
    fn only_upper_case_letters_allocate() {
        let is_borrowed = |text: &str| {
            Authority::parse(text.as_bytes())
                .is_some_and(|authority| matches!(authority.text, Cow::Borrowed(_)))
        };
        assert!(is_borrowed("example.com:443"));
        assert!(!is_borrowed("Example.com"));
    }
}
