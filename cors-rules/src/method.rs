//! Methods, as Fetch classes them.

use http::Method;

use crate::spelling;

/// The methods that pages use most. Browsers write the first six in upper case whatever the page
/// wrote.
const STANDARD: [&str; 8] = [
    "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "QUERY",
];
const NORMALIZED: usize = 6;

/// Why no handler should be annotated with a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// See [`is_forbidden`].
    Forbidden,
    /// See [`is_placeholder`].
    Placeholder,
    /// It names several methods: `GET|POST`.
    Several,
    /// It is most likely a slip of this one.
    Misspelt(&'static str),
    /// See [`miscased`].
    Miscased(&'static str),
    /// It is not a token.
    Invalid,
}

/// The mistake in a method. `None` if a handler can take it.
///
/// ```
/// use cors_rules::method::{Mistake, mistake};
///
/// assert_eq!(mistake("PURGE"), None);
/// assert_eq!(mistake("patch"), Some(Mistake::Miscased("PATCH")));
/// ```
pub fn mistake(method: &str) -> Option<Mistake> {
    Some(if is_forbidden(method) {
        Mistake::Forbidden
    } else if is_placeholder(method) {
        Mistake::Placeholder
    } else if is_several(method) {
        Mistake::Several
    } else if let Some(meant) = misspelt(method) {
        Mistake::Misspelt(meant)
    } else if let Some(standard) = miscased(method) {
        Mistake::Miscased(standard)
    } else if !is_valid(method) {
        Mistake::Invalid
    } else {
        return None;
    })
}

/// True for a [method](https://fetch.spec.whatwg.org/#concept-method): a token of RFC 9110.
pub fn is_valid(method: &str) -> bool {
    Method::from_bytes(method.as_bytes()).is_ok()
}

/// True for a [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method): no browser sends it for a page.
pub fn is_forbidden(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"]
        .iter()
        .any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// True for a method that pages commonly send, in upper case.
pub fn is_standard(method: &str) -> bool {
    STANDARD.contains(&method)
}

/// True for a word that stands for every method elsewhere. Here it would be the name of one.
pub fn is_placeholder(method: &str) -> bool {
    method == "*" || method.eq_ignore_ascii_case("any") || method.eq_ignore_ascii_case("all")
}

/// True for a [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method): no preflight needs to allow it.
pub fn is_safelisted(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// The upper-case spelling of a standard method that is written in another case.
///
/// Methods are case-sensitive. Browsers [normalize](https://fetch.spec.whatwg.org/#concept-method-normalize)
/// six of them, `PATCH` not among them: `patch` reaches a server as `patch`.
pub fn miscased(method: &str) -> Option<&'static str> {
    STANDARD
        .into_iter()
        .find(|standard| method.eq_ignore_ascii_case(standard) && method != *standard)
}

/// The method that this is most likely a slip of. No registered method is one letter or two swapped
/// letters away from those that pages use most.
fn misspelt(method: &str) -> Option<&'static str> {
    let upper = method.to_ascii_uppercase();
    (method.len() > 3 && is_valid(method))
        .then(|| spelling::slip(&upper, &STANDARD))
        .flatten()
}

/// True if it names several methods.
fn is_several(method: &str) -> bool {
    let mut parts = method.split('|');
    method.contains('|') && parts.all(|part| is_standard(&part.to_ascii_uppercase()))
}

/// True if browsers write it in upper case whatever the page wrote.
pub fn is_normalized(method: &str) -> bool {
    STANDARD[..NORMALIZED]
        .iter()
        .any(|normalized| method.eq_ignore_ascii_case(normalized))
}

#[cfg(test)]
mod tests {

    #[test]
    fn slips_are_told_from_other_methods() {
        for (method, meant) in [
            ("DELTE", Some("DELETE")),
            ("PSOT", Some("POST")),
            ("Pathc", Some("PATCH")),
            ("OPTION", Some("OPTIONS")),
            ("PUTT", Some("PUT")),
            ("POST", None),
            ("post", None),
            ("PURGE", None),
            ("PROPFIND", None),
            ("REPORT", None),
            ("COPY", None),
            ("LOCK", None),
            ("SET", None),
        ] {
            assert_eq!(super::misspelt(method), meant, "{method}");
        }
        // Those that are registered: https://www.iana.org/assignments/http-methods
        let registered = "ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL \
                          LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE \
                          OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PUT QUERY REBIND REPORT \
                          SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF \
                          VERSION-CONTROL";
        for method in registered.split(' ') {
            assert_eq!(super::misspelt(method), None, "{method}");
        }
        assert!(super::is_several("GET|put"));
        assert!(!super::is_several("GET|"));
        assert!(!super::is_several("A|B"));
    }

    #[test]
    fn methods_are_classed_as_fetch_does() {
        for (method, is_safelisted, is_standard, is_normalized, miscased) in [
            ("GET", true, true, true, None),
            ("HEAD", true, true, true, None),
            ("POST", true, true, true, None),
            ("PUT", false, true, true, None),
            ("put", false, false, true, Some("PUT")),
            ("Options", false, false, true, Some("OPTIONS")),
            ("PATCH", false, true, false, None),
            ("patch", false, false, false, Some("PATCH")),
            ("query", false, false, false, Some("QUERY")),
            ("PURGE", false, false, false, None),
            ("get", false, false, true, Some("GET")),
        ] {
            assert_eq!(super::is_safelisted(method), is_safelisted, "{method}");
            assert_eq!(super::is_standard(method), is_standard, "{method}");
            assert_eq!(super::is_normalized(method), is_normalized, "{method}");
            assert_eq!(super::miscased(method), miscased, "{method}");
        }
    }
}
