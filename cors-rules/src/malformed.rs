//! Why a text is not an origin.

use std::fmt;

/// `Reason(quote) = "second half of a sentence", quoted;`
macro_rules! reasons {
    ($($reason:ident $(($quote:ident: $type:ty))? = $text:literal $(, $quoted:expr)?;)*) => {
        /// Why a text is not the ASCII serialization of an origin.
        ///
        /// Displayed as the second half of a sentence: "`https://a.example/` is not an origin: it
        /// ends with a slash".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Malformed {
            $(#[doc = $text] $reason $(($type))?,)*
        }

        impl fmt::Display for Malformed {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$reason $(($quote))? => write!(f, $text $(, $quoted)?),)*
                }
            }
        }
    };
}

reasons! {
    Empty = "it is empty";
    NoScheme = "it has no scheme";
    OpaqueScheme = "no origin has this scheme";
    File = "the origin of a local file does not name the file";
    PagelessScheme = "no page is ever loaded from this scheme";
    TwoSchemes = "it has two schemes";
    UserInfo = "it has user information before the host";
    TrailingSlash = "it ends with a slash";
    Path = "it has a path";
    Query = "it has a query";
    Fragment = "it has a fragment";
    UpperCase = "it has an upper-case letter";
    WhiteSpace = "it has white space or a control character in it";
    NonAscii = "it is not ASCII";
    EmptyHost = "it has no host";
    EmptyLabel = "its host has an empty label";
    LabelTooLong = "its host has a label of over 63 characters";
    HostTooLong = "its host has over 253 characters";
    HostCharacter(c: char) = "its host has a `{}` in it", c.escape_debug();
    Punycode = "its host has a label that starts with `xn--` and is not punycode";
    Ipv4 = "its host is not an IPv4 address as browsers write it";
    Ipv6 = "its host is not an IPv6 address as browsers write it";
    DefaultPort = "it writes out the default port of its scheme";
    PortZero = "its port is 0";
    PortTooLarge = "its port is over 65535";
    PortLeadingZero = "its port starts with a zero";
    PortNotANumber = "its port is not a number";
    Wildcard = "it has a `*` in it";
}

impl std::error::Error for Malformed {}
