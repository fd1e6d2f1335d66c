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
    /// The host only looks like a listed one. An attacker can register such names.
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

/// True if the host of `origin` contains that of the listed origin or pattern, or is easily taken
/// for it, and is neither the same nor below it.
fn is_look_alike(listed: &str, origin: &Origin<'_>) -> bool {
    let (Host::Domain(host), Ok(pattern)) = (origin.host(), Pattern::parse(listed)) else {
        return false;
    };
    let (host, listed) = (without_dot(host), without_dot(pattern.host));
    if !listed.contains('.') || is_below(host, listed) {
        return false;
    }
    // Below a wildcard, only the last labels count.
    let tail = if pattern.subdomains {
        last_labels(host, listed.split('.').count())
    } else {
        host
    };
    host.contains(listed) || looks_like(tail, listed)
}

/// A host without the dot of the root, which changes the origin and not the owner.
fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// True unless the last labels, which an owner registers, are the same: three below `co.uk` and its
/// like, and else two.
fn has_another_owner(a: &str, b: &str) -> bool {
    let is_short = |label: &str| label.len() <= 3;
    let count = if last_labels(a, 2).split('.').all(is_short) {
        3
    } else {
        2
    };
    last_labels(a, count) != last_labels(b, count)
}

fn last_labels(host: &str, count: usize) -> &str {
    let start = host.rmatch_indices('.').nth(count.saturating_sub(1));
    start.map_or(host, |(dot, _)| &host[dot + 1..])
}

/// True if people take one host for the other: but for a dot or a hyphen, for letters and digits of
/// the same shape, or, if it has another owner, for one character of a long name.
fn looks_like(a: &str, b: &str) -> bool {
    let (shape_a, shape_b) = (shape(a), shape(b));
    let differ_in_one = || differ_in_one(&shape_a, &shape_b);
    shape_a == shape_b || (shape_a.len() > LONG && has_another_owner(a, b) && differ_in_one())
}

/// A host without dots and hyphens, and with one of several characters of the same shape.
fn shape(host: &str) -> Vec<u8> {
    let mut shape = Vec::with_capacity(host.len());
    for byte in host.bytes() {
        let shown = match (byte, shape.last()) {
            (b'.' | b'-', _) => continue,
            (b'1' | b'i', _) => b'l',
            (b'0', _) => b'o',
            (b'n', Some(b'r')) | (b'v', Some(b'v')) => {
                shape.pop();
                if byte == b'n' { b'm' } else { b'w' }
            }
            _ => byte,
        };
        shape.push(shown);
    }
    shape
}

/// Shorter names are one character apart by chance: `a.example` and `b.example`.
const LONG: usize = 10;

/// True if one character is another, is missing, or is too many. It takes linear time, since a list
/// can have many origins.
fn differ_in_one(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    a.len() - end <= 1 && b.len() - end <= 1
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
            ("https://app.example.com", "https://app.example.co", true),
            ("https://app.example.com", "https://app.examp1e.com", true),
            ("https://app.example.com", "https://app.exarnple.com", true),
            ("https://app.example.com", "https://app.exammple.com", true),
            ("https://app.example.com", "https://app-example.com", true),
            ("https://app.example.com", "https://appexample.com", true),
            ("https://app.example.com", "https://api.example.com", false),
            ("https://app.example.com", "https://app.example.com.", false),
            ("https://app.mybank.co.uk", "https://app.mybamk.co.uk", true),
            ("https://app.mybank.co.uk", "https://appmybank.co.uk", true),
            (
                "https://app.mybank.co.uk",
                "https://api.mybank.co.uk",
                false,
            ),
            (
                "https://myapp.vercel.app",
                "https://rnyapp.vercel.app",
                true,
            ),
            ("https://app.example.com", "https://app.exmaple.org", false),
            ("https://*.example.org", "https://api.examp1e.org", true),
            ("https://*.example.org", "https://api.other.org", false),
            ("https://a.example", "https://b.example", false),
            ("https://abcdefgh.io", "https://abcdefgx.io", false),
            ("https://w.example.com", "https://example.com", false),
            (
                "https://app.example.com",
                "https://app.exbcample.com",
                false,
            ),
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

    #[test]
    fn differences_are_those_that_mistakes_make() {
        let local = "and `localhost` and `127.0.0.1` are two origins";
        let www = "and `www.` makes it another origin";
        for (listed, origin, expected) in [
            (
                "https://a.example",
                "http://a.example",
                Some("which has another scheme"),
            ),
            (
                "https://a.example",
                "https://a.example:1",
                Some("which has another port"),
            ),
            (
                "http://localhost:3000",
                "http://127.0.0.1:3000",
                Some(local),
            ),
            ("https://www.a.example", "https://a.example", Some(www)),
            ("https://a.example", "https://www.a.example", Some(www)),
            ("http://localhost:3000", "http://a.example:3000", None),
            ("https://a.example", "http://a.example:1", None),
            ("https://a.example", "https://b.example", None),
        ] {
            let parse = |text| Origin::parse(text).expect(text);
            let found = difference(&parse(listed), &parse(origin));
            assert_eq!(found.as_deref(), expected, "{listed} {origin}");
        }
    }
}
