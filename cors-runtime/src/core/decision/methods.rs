//! The methods of an endpoint.

use std::fmt;

use super::token::is_token;

/// The methods that an endpoint takes. Methods are case-sensitive.
///
/// `*` is no method here: in a response, browsers read it as every method.
///
/// ```
/// use cors_runtime::decision::Methods;
///
/// let methods = Methods::from(&["GET", "PUT"]);
/// assert!(methods.contains(b"PUT"));
/// assert!(!methods.contains(b"put"));
///
/// assert!(Methods::Any.contains(b"PURGE"));
/// assert!(!Methods::Any.contains(b"*"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    /// Every method of at most 64 bytes.
    Any,
    /// These.
    These(&'static [&'static str]),
}

/// The longest method that [`Methods::Any`] contains, in bytes. Registered ones have up to 17.
const MAX_LEN: usize = 64;

impl Methods {
    /// True if the endpoint takes this method.
    #[inline]
    pub fn contains(self, method: &[u8]) -> bool {
        // Granted, it would be the wildcard: <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
        if method == b"*" {
            return false;
        }
        match self {
            Self::Any => method.len() <= MAX_LEN && is_token(method),
            Self::These(these) => these.iter().any(|listed| listed.as_bytes() == method),
        }
    }

    /// The listed method that `method` is in another case. Methods are case-sensitive, so it is not
    /// that method.
    ///
    /// Browsers write six methods in upper case whatever the page wrote, but not `PATCH`:
    /// <https://fetch.spec.whatwg.org/#concept-method-normalize>
    pub(crate) fn in_another_case(self, method: &[u8]) -> Option<&'static str> {
        let is_other = |listed: &&&str| {
            listed.as_bytes() != method && listed.as_bytes().eq_ignore_ascii_case(method)
        };
        let listed = self.listed().iter().find(is_other).copied();
        listed.filter(|_| !self.contains(method))
    }

    /// The methods by name: none if it is every method.
    pub const fn listed(self) -> &'static [&'static str] {
        match self {
            Self::Any => &[],
            Self::These(these) => these,
        }
    }
}

impl From<&'static [&'static str]> for Methods {
    fn from(these: &'static [&'static str]) -> Self {
        Self::These(these)
    }
}

impl<const N: usize> From<&'static [&'static str; N]> for Methods {
    fn from(these: &'static [&'static str; N]) -> Self {
        Self::These(these)
    }
}

/// `GET, PUT`, or `any method`.
impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any method"),
            Self::These(these) => f.write_str(&these.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_tokens_compared_byte_for_byte() {
        let these = Methods::These(&["PUT", "PURGE", "*"]);
        let (long, longer) = ("A".repeat(MAX_LEN), "A".repeat(MAX_LEN + 1));
        for (method, is_one_of_these, is_any) in [
            ("PUT", true, true),
            ("PURGE", true, true),
            ("put", false, true),
            ("GET", false, true),
            ("a!#$%&'*+-.^_`|~9", false, true),
            ("**", false, true),
            (&*long, false, true),
            (&*longer, false, false),
            ("*", false, false),
            ("", false, false),
            ("PUT, GET", false, false),
            ("PUT ", false, false),
            ("P\u{dc}T", false, false),
        ] {
            assert_eq!(
                these.contains(method.as_bytes()),
                is_one_of_these,
                "{method}"
            );
            assert_eq!(Methods::Any.contains(method.as_bytes()), is_any, "{method}");
        }
    }

    #[test]
    fn methods_have_names() {
        let these = Methods::from(&["GET", "PUT"]);
        assert_eq!(these.listed(), ["GET", "PUT"]);
        assert_eq!(these.to_string(), "GET, PUT");
        assert_eq!(Methods::Any.listed(), [""; 0]);
        assert_eq!(Methods::Any.to_string(), "any method");
    }
}
