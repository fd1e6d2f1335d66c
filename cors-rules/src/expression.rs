//! Patterns of other libraries in place of an origin: regular expressions and templates.

use crate::pattern::Pattern;

/// The kind of pattern that the host of a website is in another library: a regular expression, or a
/// template.
pub(crate) fn other_pattern(text: &str) -> Option<&'static str> {
    let plain = text.trim_start_matches('^').replace("\\/", "/");
    let (scheme, rest) = plain.split_once("://").unwrap_or(("https", &plain));
    if !matches!(scheme, "https" | "http" | "https?" | "http(s)?" | "http(s)")
        || text.contains(char::is_whitespace)
    {
        return None;
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // User information before an `@` is no host.
    if host.contains('@') {
        return None;
    }
    let is_expression = scheme.contains(['?', '('])
        || host.contains('(')
        || host.ends_with('$')
        || [".*", ".+", "[^", "[a-z", "[0-9", "[A-Z"]
            .iter()
            .any(|start| host.starts_with(start))
        || ["\\.", "\\d", "\\w", ":["]
            .iter()
            .any(|part| host.contains(part));
    if is_expression {
        Some("a regular expression")
    } else {
        host.contains(['{', '<']).then_some("a template")
    }
}

/// The origin or pattern that a regular expression stands for. Where that matches any text before a
/// domain, it is a `*`.
pub(crate) fn from_expression(text: &str) -> Option<String> {
    let text = text.trim_start_matches('^').trim_end_matches('$');
    let text = text.replace("\\/", "/");
    let (scheme, rest) = text.split_once("://")?;
    let scheme = if scheme == "http" { scheme } else { "https" };
    let rest = rest.replace("\\.", ".");
    let (rest, port) = [":\\d+", "(:\\d+)?"]
        .iter()
        .find_map(|port| Some((rest.strip_suffix(port)?, ":*")))
        .unwrap_or((&rest, ""));
    let labels = [".*.", ".+.", "(.*).", "(.+)."];
    let domain = labels.iter().find_map(|labels| rest.strip_prefix(labels));
    let pattern = match domain {
        Some(domain) => format!("{scheme}://*.{domain}{port}"),
        None => format!("{scheme}://{rest}{port}"),
    };
    Pattern::parse(&pattern).is_ok().then_some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_other_kinds_are_recognized_and_translated() {
        const EXPRESSION: &str = "a regular expression";
        for (text, kind, meant) in [
            (
                r"^https://app\.a\.example$",
                EXPRESSION,
                Some("https://app.a.example"),
            ),
            (
                r"https?:\/\/a\.example",
                EXPRESSION,
                Some("https://a.example"),
            ),
            (
                "http(s)?://a.example",
                EXPRESSION,
                Some("https://a.example"),
            ),
            ("http(s)://a.example", EXPRESSION, Some("https://a.example")),
            (
                r"https://.*\.a\.example",
                EXPRESSION,
                Some("https://*.a.example"),
            ),
            (
                r"^https://(.+)\.a\.example(:\d+)?$",
                EXPRESSION,
                Some("https://*.a.example:*"),
            ),
            (
                r"http://localhost:\d+",
                EXPRESSION,
                Some("http://localhost:*"),
            ),
            (
                "https://.*.a.example",
                EXPRESSION,
                Some("https://*.a.example"),
            ),
            (r"https://.*a\.example", EXPRESSION, None),
            // One label is less than a `*` stands for.
            (r"https://[a-z]+\.a\.example", EXPRESSION, None),
            ("http://localhost:[0-9]{4}", EXPRESSION, None),
            ("https://(a|b).example", EXPRESSION, None),
            (".*", EXPRESSION, None),
            ("https://{tenant}.example", "a template", None),
            ("https://<tenant>.example", "a template", None),
            ("https://a.*.example", "", None),
            ("https://*.example.*", "", None),
            ("(https://a.example|https://b.example)", "", None),
            ("https://[::0]", "", None),
            // The host is one, and something follows it.
            ("https://a.example/wiki/C_(language)", "", None),
            ("https://a.example/?q=(x)", "", None),
            ("https://a.example/{id}", "", None),
            ("https://a.example/$", "", None),
            ("https://user:pa(ss@a.example", "", None),
            ("https://a.example (staging)", "", None),
            ("moz-extension://.*", "", None),
        ] {
            assert_eq!(other_pattern(text).unwrap_or_default(), kind, "{text}");
            if !kind.is_empty() {
                assert_eq!(from_expression(text).as_deref(), meant, "{text}");
            }
        }
    }
}
