//! Corrections. A suggestion is a guess: the check holds it to the rules before a user sees it.

use crate::draft::Written;
use crate::method;
use crate::origin::{Host, Origin};
use crate::pattern::{Misplaced, Pattern, Port};
use crate::shown::shown;
use crate::spelling::distance;

/// A correction of an origin that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Suggestion {
    /// Write this instead.
    Write(String),
    /// Remove it: this element allows what was meant.
    Remove(String),
    /// Nothing that the rules accept comes to mind.
    Nothing,
}

impl Suggestion {
    /// The help that offers it, or else `otherwise`.
    pub(crate) fn help(&self, written: Written, otherwise: &str) -> String {
        match self {
            Self::Write(text) => written.write(&[text]),
            Self::Remove(twin) => format!("remove it: `{twin}` is listed already"),
            Self::Nothing => otherwise.to_owned(),
        }
    }
}

/// The help for a text that is not a method: the methods in it that `listed` lacks.
pub(crate) fn methods(written: &str, listed: &[&str]) -> String {
    let parts: Vec<_> = (written.split([',', ' ', ';', '|']))
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    if parts.is_empty() || !parts.iter().all(|part| method::is_standard(part)) {
        return "a method such as `\"PUT\"`".to_owned();
    }
    let is_new = |i: &usize| !listed.contains(&&*parts[*i]) && !parts[..*i].contains(&parts[*i]);
    let meant: Vec<_> = (0..parts.len())
        .filter(is_new)
        .map(|i| parts[i].clone())
        .collect();
    if meant.is_empty() {
        "remove it: what it names is listed already".to_owned()
    } else {
        Written::Attribute.write(&meant)
    }
}

/// True if a label of the host is the placeholder for a user's own name.
pub(crate) fn has_placeholder(host: &str) -> bool {
    host.split('.').any(|label| label == "your-name")
}

/// The same origins over TLS.
pub(crate) fn secure(pattern: &Pattern<'_>) -> String {
    let port = match pattern.port {
        Port::Number(443) => Port::Default,
        port => port,
    };
    let scheme = if pattern.scheme == "http" {
        "https"
    } else {
        pattern.scheme
    };
    Pattern {
        scheme,
        port,
        ..*pattern
    }
    .to_string()
}

/// The origin or pattern that was most likely meant: what a browser would write for it.
///
/// ```
/// use cors_rules::correct_origin;
///
/// let corrected = |text| correct_origin(text);
/// assert_eq!(corrected("https://App.example.com/login").as_deref(), Some("https://app.example.com"));
/// assert_eq!(corrected("localhost:3000").as_deref(), Some("http://localhost:3000"));
/// assert_eq!(corrected("htps://app.example.com").as_deref(), Some("https://app.example.com"));
/// assert_eq!(corrected("nonsense!"), None);
/// ```
pub fn correct_origin(text: &str) -> Option<String> {
    let with_scheme = with_scheme(text.trim())?;
    // The URL parser knows no `*`. It gets a label and a port instead.
    let starred = with_scheme.contains("://*.");
    let any_port = with_scheme.trim_end_matches('/').ends_with(":*");
    let url = with_scheme
        .replacen("://*.", "://wildcard-label.", 1)
        .replace(":*", "");
    let url = url::Url::parse(&url).ok()?;
    let mut origin = match url.origin() {
        origin @ url::Origin::Tuple(..) => origin.ascii_serialization(),
        // The standard makes no origin of a scheme that it does not know. Browsers do.
        url::Origin::Opaque(_) => {
            let port = url.port().map_or(String::new(), |port| format!(":{port}"));
            format!("{}://{}{port}", url.scheme(), url.host_str()?)
        }
    };
    if starred {
        origin = origin.replacen("://wildcard-label.", "://*.", 1);
    }
    if any_port {
        origin.push_str(":*");
    }
    (origin != text && Pattern::parse(&origin).is_ok()).then_some(origin)
}

/// Schemes that many origins have. Short ones of apps are not here: `bionic` is a name of its own,
/// and no slip for `ionic`.
const KNOWN_SCHEMES: [&str; 7] = [
    "https",
    "http",
    "chrome-extension",
    "moz-extension",
    "safari-web-extension",
    "vscode-webview",
    "capacitor",
];

/// The known scheme that `scheme` is one letter away from.
pub(crate) fn misspelt_scheme(scheme: &str) -> Option<&'static str> {
    let is_known = KNOWN_SCHEMES.contains(&scheme);
    let mut known = KNOWN_SCHEMES.into_iter();
    known.find(|known| !is_known && distance(scheme, known) == 1)
}

/// True if it is the scheme of websites, or a slip for it.
fn is_website(scheme: &str) -> bool {
    let scheme = scheme.to_ascii_lowercase();
    matches!(
        misspelt_scheme(&scheme).unwrap_or(&scheme),
        "https" | "http"
    )
}

/// True if it is an address, a slash and the length of a prefix: `http://192.168.0.0/16`.
pub(crate) fn is_address_range(text: &str) -> bool {
    let Some((address, prefix)) = text.rsplit_once('/') else {
        return false;
    };
    let has_address = Origin::parse(address)
        .is_ok_and(|origin| matches!(origin.host(), Host::Ipv4(_) | Host::Ipv6(_)));
    has_address && !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit())
}

/// `text` with the scheme that a page of that host most likely has.
fn with_scheme(text: &str) -> Option<String> {
    if let Some((scheme, rest)) = text.split_once("://") {
        // `https://https://app.example.com`
        if (rest.split_once("://")).is_some_and(|(scheme, _)| is_website(scheme)) {
            return with_scheme(rest);
        }
        let scheme = scheme.to_ascii_lowercase();
        let scheme = match &*scheme {
            "wss" => "https",
            "ws" => "http",
            scheme => misspelt_scheme(scheme).unwrap_or(scheme),
        };
        return Some(format!("{scheme}://{rest}"));
    }
    let (rest, forced) = match text.split_once(':') {
        Some((scheme @ ("http" | "https"), rest)) => (rest, Some(scheme)),
        _ => (text, None),
    };
    let rest = rest.trim_start_matches('/');
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    let is_local = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    // `mailto:someone` is no host with a port, and a single word is no host.
    let is_host = is_local || host.contains('.') && !host.contains('@');
    if !is_host || !port.chars().all(|c| c.is_ascii_digit() || c == '*') {
        return None;
    }
    let scheme = forced.unwrap_or(if is_local { "http" } else { "https" });
    Some(format!("{scheme}://{rest}"))
}

/// The pattern that was most likely meant by a `*` that is out of place.
pub(crate) fn correct_wildcard(text: &str, why: Misplaced) -> Option<String> {
    let text = &*with_scheme(text)?;
    let (scheme, rest) = text.split_once("://")?;
    let pattern = match why {
        Misplaced::Scheme => match scheme.replace('*', "").as_str() {
            "" | "http" | "https" => format!("https://{rest}"),
            _ => return None,
        },
        Misplaced::PartOfLabel => format!("{scheme}://{}", whole_label(rest)?),
        Misplaced::BeforeAddress => format!("{scheme}://{}", rest.strip_prefix("*.")?),
        Misplaced::PartOfPort => format!("{}:*", text.rsplit_once(':')?.0),
        Misplaced::WholeHost | Misplaced::InnerLabel | Misplaced::InAddress => return None,
    };
    Pattern::parse(&pattern).is_ok().then_some(pattern)
}

/// `app-*.example.com` as `*.example.com`.
fn whole_label(host: &str) -> Option<String> {
    let (_, domain) = host.split_once('.')?;
    match host.strip_prefix('*') {
        // `*example.com`: the dot is what was forgotten.
        Some(rest) if rest.matches('.').count() == 1 => Some(format!("*.{rest}")),
        _ => Some(format!("*.{domain}")),
    }
}

/// Characters around an entry that was copied together with the syntax of some format.
pub(crate) fn is_mark(c: char) -> bool {
    is_quote(c) || is_bracket(c) || matches!(c, ',' | ';' | '|') || c.is_whitespace()
}

fn is_quote(c: char) -> bool {
    // A backslash is before one that was escaped.
    "\"'`\u{201c}\u{201d}\u{201e}\u{2018}\u{2019}\u{ab}\u{bb}\\".contains(c)
}

fn is_bracket(c: char) -> bool {
    "[](){}<>".contains(c)
}

/// White space beyond ASCII, and characters without a width: an editor shows neither.
fn is_invisible(c: char) -> bool {
    let is_formatting = matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    );
    is_formatting || (!c.is_ascii() && c.is_whitespace())
}

/// The mistake of a text that has more characters than the entry in it, and that entry: quotation
/// marks around it, for example, as they get into a variable of the environment.
pub(crate) fn undecorated(text: &str) -> Option<(String, String)> {
    let mut visible = text.replace(is_invisible, "");
    let encoded = visible.to_ascii_lowercase().contains("%3a%2f%2f");
    if encoded {
        let decoded = url::form_urlencoded::parse(visible.as_bytes()).next();
        visible = decoded.map_or(String::new(), |(name, _)| name.into_owned());
    }
    let rest = visible.trim_start_matches(is_mark);
    let mut inner = rest.trim_end_matches(is_mark);
    // The bracket after an IPv6 address is its own.
    if inner.matches('[').count() > inner.matches(']').count()
        && rest[inner.len()..].starts_with(']')
    {
        inner = &rest[..=inner.len()];
    }
    let before = visible[..visible.len() - rest.len()].trim();
    let after = rest[inner.len()..].trim();
    let mistake = if let Some(c) = text.chars().find(|c| is_invisible(*c)) {
        format!(
            "it has an invisible character in it, U+{:04X}",
            u32::from(c)
        )
    } else if encoded {
        "it is percent-encoded".to_owned()
    } else {
        around(before, after)?
    };
    Some((mistake, inner.to_owned()))
}

/// Says of an entry that these characters are before and after it.
fn around(before: &str, after: &str) -> Option<String> {
    let kind =
        |is_kind: fn(char) -> bool| before.chars().all(is_kind) && after.chars().all(is_kind);
    Some(match (before, after) {
        ("", "") => return None,
        ("", after) => format!("it has `{}` after it", shown(&after)),
        (before, "") => format!("it has `{}` before it", shown(&before)),
        _ if kind(is_quote) => "it has quotation marks around it".to_owned(),
        _ if kind(is_bracket) => "it has brackets around it".to_owned(),
        (before, after) => {
            let (before, after) = (shown(&before), shown(&after));
            format!("it has `{before}` before it and `{after}` after it")
        }
    })
}

/// The origins in a string that holds several, each corrected; `None` if it is one.
pub(crate) fn split_origins(text: &str) -> Option<Vec<String>> {
    let is_separator = |c: char| matches!(c, ',' | ';' | '|') || c.is_whitespace();
    let parts: Vec<_> = (text.split(is_separator))
        .map(|part| undecorated(part).map_or(part.to_owned(), |(_, inner)| inner))
        .filter(|part| !part.is_empty())
        .collect();
    let origin = |part: &String| match Pattern::parse(part) {
        Ok(pattern) if misspelt_scheme(pattern.scheme).is_none() => Some(part.clone()),
        _ => correct_origin(part),
    };
    let origins: Vec<_> = parts.iter().filter_map(origin).collect();
    (parts.len() > 1 && origins.len() == parts.len()).then_some(origins)
}

/// The origins and patterns but for those that another one stands for too.
pub(crate) fn without_redundant(texts: &[String]) -> Vec<String> {
    let is_redundant = |i: usize| {
        let Ok(pattern) = Pattern::parse(&texts[i]) else {
            return false;
        };
        let covers = |other: &String| {
            Pattern::parse(other).is_ok_and(|other| other != pattern && other.covers(&pattern))
        };
        texts[..i].contains(&texts[i]) || texts.iter().any(covers)
    };
    (0..texts.len())
        .filter(|i| !is_redundant(*i))
        .map(|i| texts[i].clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_over_tls_keeps_its_port_unless_it_is_the_default() {
        for (text, expected) in [
            ("http://a.example", "https://a.example"),
            ("http://*.a.example:8080", "https://*.a.example:8080"),
            ("http://a.example:443", "https://a.example"),
            ("http://a.example:*", "https://a.example:*"),
            ("app://a.example", "app://a.example"),
        ] {
            assert_eq!(secure(&Pattern::parse(text).expect(text)), expected);
        }
        assert!(has_placeholder("a.your-name.example"));
        assert!(!has_placeholder("not-your-name.example"));
    }

    #[test]
    fn an_entry_is_told_from_the_characters_around_it() {
        for (text, expected) in [
            ("https://a.example", None),
            ("https://[::1]", None),
            (
                "'https://a.example'",
                Some(("quotation marks around it", "https://a.example")),
            ),
            (
                "\"http://[::1]\"",
                Some(("quotation marks around it", "http://[::1]")),
            ),
            (
                "[http://[::1]]",
                Some(("brackets around it", "http://[::1]")),
            ),
            ("[http://[::1", Some(("`[` before it", "http://[::1"))),
            (
                "https://a.example,",
                Some(("`,` after it", "https://a.example")),
            ),
            (
                "[\"https://a.example\"",
                Some(("`[\"` before it and `\"` after it", "https://a.example")),
            ),
            (
                "https%3a%2F%2Fa.example",
                Some(("percent-encoded", "https://a.example")),
            ),
            (
                "https://a.ex\u{ad}ample",
                Some(("invisible character in it, U+00AD", "https://a.example")),
            ),
        ] {
            let found = undecorated(text);
            match (&found, expected) {
                (None, None) => {}
                (Some((mistake, inner)), Some((ending, entry))) => {
                    assert!(mistake.ends_with(ending), "{text}: {mistake}");
                    assert_eq!(inner, entry, "{text}");
                }
                _ => panic!("{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn what_was_meant_is_told_or_left_open() {
        for (written, meant) in [
            ("https://example.com/", Some("https://example.com")),
            ("example.com", Some("https://example.com")),
            ("example.com:8080", Some("https://example.com:8080")),
            ("https:example.com", Some("https://example.com")),
            ("//example.com", Some("https://example.com")),
            ("localhost", Some("http://localhost")),
            ("localhost:3000", Some("http://localhost:3000")),
            ("127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("localhost:*", Some("http://localhost:*")),
            ("wss://example.com", Some("https://example.com")),
            (
                "https://BÜCHER.example",
                Some("https://xn--bcher-kva.example"),
            ),
            ("https://*.Example.com:443/", Some("https://*.example.com")),
            ("https://*.example.com/*", Some("https://*.example.com")),
            ("https://127.1", Some("https://127.0.0.1")),
            ("mailto:a@example.com", None),
            ("word", None),
            ("", None),
            ("file:///etc", None),
            ("htps://example.com", Some("https://example.com")),
            ("httpss://*.example.com:*", Some("https://*.example.com:*")),
            ("htp://localhost:3000", Some("http://localhost:3000")),
            ("bionic://localhost", None),
            ("chrome-extensions://abc", Some("chrome-extension://abc")),
            ("moz-extension://*/", Some("moz-extension://*")),
            ("https://https://example.com", Some("https://example.com")),
            ("http://htps://example.com/x", Some("https://example.com")),
            (
                "https://example.com/?to=http://x",
                Some("https://example.com"),
            ),
            ("App://Host:8080/x", Some("app://Host:8080")),
            ("app://", None),
            ("data://a/x", None),
            ("https://example.com", None),
        ] {
            assert_eq!(correct_origin(written).as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn a_wildcard_out_of_place_is_put_where_it_belongs() {
        for (written, meant) in [
            ("http*://app.example.com", Some("https://app.example.com")),
            ("https*://app.example.com", Some("https://app.example.com")),
            ("*://app.example.com", Some("https://app.example.com")),
            ("ftp*://app.example.com", None),
            ("htps://*example.com", Some("https://*.example.com")),
            ("http://192.168.1.*:8080", None),
            ("app://*a.example", Some("app://*.a.example")),
            ("moz-extension://a*", None),
            ("https://*example.com", Some("https://*.example.com")),
            ("https://*a.example.com", Some("https://*.example.com")),
            ("http://*.[::1]:1", Some("http://[::1]:1")),
            ("https://app-*.example.com", Some("https://*.example.com")),
            ("https://*.127.0.0.1", Some("https://127.0.0.1")),
            ("http://localhost:30*", Some("http://localhost:*")),
            ("https://*", None),
            ("https://a.*.example.com", None),
        ] {
            let Err(crate::pattern::NotAPattern::Misplaced(why)) = Pattern::parse(written) else {
                panic!("{written} is not misplaced");
            };
            assert_eq!(
                correct_wildcard(written, why).as_deref(),
                meant,
                "{written}"
            );
        }
    }

    #[test]
    fn ranges_of_addresses_are_recognized() {
        for (text, is_range) in [
            ("http://192.168.0.0/16", true),
            ("http://192.168.0.0:8080/16", true),
            ("http://[fe80::]/10", true),
            ("http://192.168.0.0/", false),
            ("http://192.168.0.0/a", false),
            ("http://a.example/16", false),
            ("192.168.0.0/16", false),
            ("http://192.168.0.0", false),
        ] {
            assert_eq!(is_address_range(text), is_range, "{text}");
        }
    }

    #[test]
    fn several_origins_in_a_string_are_told_apart() {
        let split = |text| split_origins(text).unwrap_or_default();
        let both = ["https://a.example", "https://b.example"];
        assert_eq!(split("https://a.example, https://b.example"), both);
        assert_eq!(split("https://a.example;b.example/"), both);
        assert_eq!(split("htps://a.example,https://b.example"), both);
        assert!(split("https://a.example").is_empty());
        assert!(split("https://a.example, nonsense").is_empty());
        assert!(split(" https://a.example").is_empty());
    }
}
