//! Why a text is not an origin.

use std::fmt;

/// Why a text is not the ASCII serialization of an origin.
///
/// Displayed as the second half of a sentence: "`https://a.example/` is not an origin: it ends with
/// a slash".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Malformed {
    /// Nothing between the quotes.
    Empty,
    /// No `scheme://` at its start.
    NoScheme,
    /// A scheme that no origin has, such as `data`.
    OpaqueScheme,
    /// A local file by its path.
    File,
    /// A scheme that no page is loaded from, such as `wss`.
    PagelessScheme,
    /// A scheme after a scheme: `https://https://…`.
    TwoSchemes,
    /// A scheme that is one letter away from this one, and most likely means it.
    MisspeltScheme(&'static str),
    /// `user@` or `user:password@`.
    UserInfo,
    /// A single slash after the host.
    TrailingSlash,
    /// More than a slash after the host.
    Path,
    /// `?…`
    Query,
    /// `#…`
    Fragment,
    /// An upper-case letter.
    UpperCase,
    /// White space or a control character.
    WhiteSpace,
    /// A character beyond ASCII.
    NonAscii,
    /// No host.
    EmptyHost,
    /// Two dots in a row, or one at the start of the host.
    EmptyLabel,
    /// A label of over 63 characters.
    LabelTooLong,
    /// A host of over 253 characters.
    HostTooLong,
    /// Something other than letters, digits, hyphens and underscores in a label.
    HostCharacter(char),
    /// A label that starts with `xn--`, and is not punycode of an internationalized one.
    Punycode,
    /// An IPv4 address in another than the usual spelling.
    Ipv4,
    /// An IPv6 address in another than the shortest spelling, or none at all.
    Ipv6,
    /// The scheme's default port, written out.
    DefaultPort,
    /// Port 0.
    PortZero,
    /// A port above 65535.
    PortTooLarge,
    /// A port with a zero before it.
    PortLeadingZero,
    /// A port that is not a number.
    PortNotANumber,
    /// A `*` where no pattern has one.
    Wildcard,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::NoScheme => "it has no scheme",
            Self::OpaqueScheme => "no origin has this scheme",
            Self::File => "the origin of a local file does not name the file",
            Self::PagelessScheme => "no page is ever loaded from this scheme",
            Self::TwoSchemes => "it has two schemes",
            Self::MisspeltScheme(meant) => {
                return write!(f, "its scheme is one letter away from `{meant}`");
            }
            Self::UserInfo => "it has user information before the host",
            Self::TrailingSlash => "it ends with a slash",
            Self::Path => "it has a path",
            Self::Query => "it has a query",
            Self::Fragment => "it has a fragment",
            Self::UpperCase => "it has an upper-case letter",
            Self::WhiteSpace => "it has white space or a control character in it",
            Self::NonAscii => "it is not ASCII",
            Self::EmptyHost => "it has no host",
            Self::EmptyLabel => "its host has an empty label",
            Self::LabelTooLong => "its host has a label of over 63 characters",
            Self::HostTooLong => "its host has over 253 characters",
            Self::HostCharacter(c) => {
                return write!(f, "its host has a `{}` in it", c.escape_debug());
            }
            Self::Punycode => "its host has a label that starts with `xn--` and is not punycode",
            Self::Ipv4 => "its host is not an IPv4 address as browsers write it",
            Self::Ipv6 => "its host is not an IPv6 address as browsers write it",
            Self::DefaultPort => "it writes out the default port of its scheme",
            Self::PortZero => "its port is 0",
            Self::PortTooLarge => "its port is over 65535",
            Self::PortLeadingZero => "its port starts with a zero",
            Self::PortNotANumber => "its port is not a number",
            Self::Wildcard => "it has a `*` in it",
        })
    }
}

impl std::error::Error for Malformed {}
