//! Listed origins that are nearly the origin of a request.

use std::fmt;

use cors_rules::origin::Host;
use cors_rules::pattern::host_text;
use cors_rules::{Origin, Pattern};

use crate::core::origins::{self, Origins};
use crate::core::policy::Policy;
use crate::core::sources::{List, Source};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Similar {
    /// The two differ in a way that mistakes do. Says how.
    Mistake(String),
    /// The host only contains the name of a listed one. An attacker can register such names.
    LookAlike(String),
}

/// Follows the name of the refused origin in a sentence.
impl fmt::Display for Similar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistake(how) => write!(f, ": {how}"),
            Self::LookAlike(listed) => write!(f, ", a look-alike of `{listed}`, which is listed"),
        }
    }
}

/// Finds a listed origin that is nearly this value of `Origin`.
pub(super) fn similar(policy: &Policy, origin: &[u8]) -> Option<Similar> {
    let origin = origins::parse(origin).ok()?;
    let literals = literals(policy);
    let mistake = literals.iter().find_map(|text| {
        let what = difference(&Origin::parse(text).ok()?, &origin)?;
        Some(Similar::Mistake(format!("`{text}` is listed, {what}")))
    });
    mistake.or_else(|| {
        let mut literals = literals.into_iter();
        let look_alike = literals.find(|text| is_look_alike(text, &origin))?;
        Some(Similar::LookAlike(look_alike))
    })
}

/// The literals of the policy, and of the lists that are filled at run time.
fn literals(policy: &Policy) -> Vec<String> {
    let Origins::Listed {
        exact,
        patterns,
        sources,
    } = policy.origins
    else {
        return Vec::new();
    };
    let own = exact.iter().chain(patterns).map(ToString::to_string);
    let lists = sources.iter().filter_map(Source::list);
    own.chain(lists.flat_map(List::literals)).collect()
}

/// True if the host of `origin` contains that of the listed origin or pattern, and is neither the
/// same nor below it.
fn is_look_alike(listed: &str, origin: &Origin<'_>) -> bool {
    let (Host::Domain(host), Ok(pattern)) = (origin.host(), Pattern::parse(listed)) else {
        return false;
    };
    let listed = pattern.host;
    let is_below = host
        .strip_suffix(listed)
        .is_some_and(|rest| rest.ends_with('.'));
    listed.contains('.') && host.contains(listed) && host != listed && !is_below
}

/// How a listed origin differs from that of a request, if people take the one for the other.
fn difference(listed: &Origin<'_>, origin: &Origin<'_>) -> Option<String> {
    let same_scheme = listed.scheme() == origin.scheme();
    let same_port = listed.port() == origin.port();
    // As texts, since apps and websites have hosts of two kinds.
    let same_host = host_text(listed) == host_text(origin);
    let both_local = listed.is_loopback() && origin.is_loopback();
    let www = |a: Host<'_>, b: Host<'_>| match (a, b) {
        (Host::Domain(a), Host::Domain(b)) => a.strip_prefix("www.") == Some(b),
        _ => false,
    };
    let one_has_www = www(listed.host(), origin.host()) || www(origin.host(), listed.host());
    Some(match (same_scheme, same_host, same_port) {
        (false, true, true) => "which has another scheme".to_owned(),
        (true, true, false) => "which has another port".to_owned(),
        (true, _, true) if both_local => {
            let (listed, origin) = (host_text(listed), host_text(origin));
            format!("and `{listed}` and `{origin}` are two origins")
        }
        (true, _, true) if one_has_www => "and `www.` makes it another origin".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_alike_contains_a_listed_host_and_is_not_below_it() {
        for (listed, origin, expected) in [
            (
                "https://app.example.com",
                "https://app.example.com.evil.com",
                true,
            ),
            (
                "https://app.example.com",
                "https://evilapp.example.com",
                true,
            ),
            (
                "https://app.example.com",
                "https://app.example.comevil.com",
                true,
            ),
            (
                "https://app.example.com",
                "https://x.app.example.com",
                false,
            ),
            ("https://app.example.com", "https://www.example.com", false),
            ("https://app.example.com", "http://app.example.com:1", false),
            ("https://*.example.org", "https://evilexample.org", true),
            (
                "https://*.example.org",
                "https://a.example.org.evil.com",
                true,
            ),
            ("https://*.example.org", "https://example.org", false),
            ("https://*.example.org:*", "https://evilexample.org", true),
            ("http://localhost:3000", "http://mylocalhost:3000", false),
            ("https://10.0.0.1", "https://10.0.0.1.evil.com", true),
            ("https://10.0.0.1", "https://10.0.0.11", false),
        ] {
            let parsed = Origin::parse(origin).expect("an origin");
            assert_eq!(
                is_look_alike(listed, &parsed),
                expected,
                "{listed} {origin}"
            );
        }
    }
}
