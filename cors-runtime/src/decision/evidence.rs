//! Whether a browser sent a request only after a preflight.
//!
//! Browsers cache a preflight by URL, and the header names that it allowed belong to no method:
//! <https://fetch.spec.whatwg.org/#cors-preflight-cache>. So a preflight that one handler answered
//! can let a request through to another handler on the same path, whose own policy would have
//! refused it. `Sec-Fetch-Site` gives such a request away. The browser sets it, and script cannot
//! change it: `Sec-*` are [forbidden request-headers].
//!
//! Only positive evidence counts. Programs, the server's own pages, and requests that need no
//! preflight have none.
//!
//! [forbidden request-headers]: https://fetch.spec.whatwg.org/#forbidden-request-header

use cors_rules::method::is_safelisted;

use super::request::{Field, Request, Single, single};

/// Whether a page of another origin made the request, and the method or the content type needed a
/// preflight that this policy refuses.
#[inline]
pub(super) fn would_fail_preflight<R: Request>(
    request: &R,
    allows_origin: bool,
    allows_content_type: bool,
) -> bool {
    if allows_origin && allows_content_type {
        return false;
    }
    let refused =
        (!allows_origin && !is_safelisted(request.method())) || has_unsafe_content_type(request);
    refused && is_from_another_origin(request)
}

/// Whether there is exactly one `Sec-Fetch-Site`, of a page on another origin.
fn is_from_another_origin<R: Request>(request: &R) -> bool {
    match single(request, Field::SecFetchSite) {
        Single::Once(site) => site == b"cross-site" || site == b"same-site",
        Single::Absent | Single::Repeated => false,
    }
}

/// Whether a page can send the `Content-Type` only after a preflight.
fn has_unsafe_content_type<R: Request>(request: &R) -> bool {
    match single(request, Field::ContentType) {
        Single::Absent => false,
        Single::Once(value) => !is_safelisted_type(value) && !is_sent_unasked(request, value),
        // Fetch joins the lines with a comma, and no type has a comma in it.
        Single::Repeated => true,
    }
}

/// Whether browsers themselves send this type without a preflight: reports of a Content Security
/// Policy (<https://w3c.github.io/webappsec-csp/#report-violation>), and pings of links
/// (<https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing>).
///
/// Both are in mode `no-cors`. What script sends after a preflight is in mode `cors`.
fn is_sent_unasked<R: Request>(request: &R, content_type: &[u8]) -> bool {
    let essence = essence(content_type);
    let is_known = ["application/csp-report", "text/ping"]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known.as_bytes()));
    is_known
        && !request
            .lines(Field::SecFetchMode)
            .any(|mode| mode == b"cors")
}

/// Whether Fetch [safelists](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) the
/// value of `Content-Type`.
fn is_safelisted_type(value: &[u8]) -> bool {
    const MAX_LEN: usize = 128;
    value.len() <= MAX_LEN
        && !value.iter().any(|byte| is_unsafe(*byte))
        && [
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "text/plain",
        ]
        .iter()
        .any(|safelisted| essence(value).eq_ignore_ascii_case(safelisted.as_bytes()))
}

/// The type without its parameters, however those are written:
/// <https://mimesniff.spec.whatwg.org/#parsing-a-mime-type>
fn essence(value: &[u8]) -> &[u8] {
    let essence = value.split(|byte| *byte == b';').next().unwrap_or_default();
    essence.trim_ascii()
}

/// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte>
fn is_unsafe(byte: u8) -> bool {
    (byte < b' ' && byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A method, and the lines of `Content-Type`, `Sec-Fetch-Mode` and `Sec-Fetch-Site`.
    #[derive(Clone, Copy)]
    struct Sent(
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
        &'static [&'static str],
    );

    impl Request for Sent {
        fn method(&self) -> &'static str {
            self.0
        }
        fn authority(&self) -> Option<&str> {
            None
        }
        fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
            let lines = match field {
                Field::ContentType => self.1,
                Field::SecFetchMode => self.2,
                Field::SecFetchSite => self.3,
                _ => &[],
            };
            lines.iter().map(|line| line.as_bytes())
        }
    }

    #[test]
    fn a_request_that_needed_a_preflight_is_known_by_its_method_or_type() {
        const CROSS: &[&str] = &["cross-site"];
        const JSON: &[&str] = &["application/json"];
        const REPORT: &[&str] = &["application/csp-report"];
        // What is refused if the policy allows the origin and the type: both, the origin, none.
        for (what, sent, refused) in [
            (
                "a method",
                Sent("PUT", &[], &[], CROSS),
                [false, false, true],
            ),
            (
                "a simple request",
                Sent("POST", &[], &[], CROSS),
                [false; 3],
            ),
            (
                "a simple type",
                Sent("POST", &["text/plain"], &[], CROSS),
                [false; 3],
            ),
            (
                "a type",
                Sent("POST", JSON, &[], CROSS),
                [false, true, true],
            ),
            (
                "a type, of the same site",
                Sent("POST", JSON, &[], &["same-site"]),
                [false, true, true],
            ),
            (
                "two types",
                Sent("POST", &["text/plain", "text/plain"], &[], CROSS),
                [false, true, true],
            ),
            (
                "a type of the same origin",
                Sent("PUT", JSON, &[], &["same-origin"]),
                [false; 3],
            ),
            ("no evidence", Sent("PUT", JSON, &[], &[]), [false; 3]),
            (
                "evidence twice",
                Sent("PUT", JSON, &[], &["cross-site", "cross-site"]),
                [false; 3],
            ),
            (
                "a report",
                Sent("POST", REPORT, &["no-cors"], CROSS),
                [false; 3],
            ),
            (
                "a report of old",
                Sent("POST", REPORT, &[], CROSS),
                [false; 3],
            ),
            (
                "a ping",
                Sent("POST", &["Text/Ping; x"], &["no-cors"], CROSS),
                [false; 3],
            ),
            (
                "a report by script",
                Sent("POST", REPORT, &["cors"], CROSS),
                [false, true, true],
            ),
            (
                "another type without script",
                Sent("POST", JSON, &["no-cors"], CROSS),
                [false, true, true],
            ),
        ] {
            let found = [(true, true), (true, false), (false, false)]
                .map(|(origin, of_type)| would_fail_preflight(&sent, origin, of_type));
            assert_eq!(found, refused, "{what}");
            let origin_alone = would_fail_preflight(&sent, false, true);
            assert_eq!(origin_alone, refused[2], "{what}");
        }
    }

    #[test]
    fn a_content_type_is_safelisted_as_fetch_says() {
        let padded = |len: usize| format!("text/plain;{}", "a".repeat(len - "text/plain;".len()));
        for (value, safelisted) in [
            ("text/plain", true),
            ("TEXT/Plain", true),
            (" text/plain\t", true),
            ("text/plain;charset=utf-8", true),
            ("text/plain ; charset=utf-8", true),
            ("text/plain;", true),
            ("text/plain; application/json", true),
            ("text/plain;,application/json", true),
            ("multipart/form-data; boundary=----a", true),
            ("application/x-www-form-urlencoded;charset=UTF-8", true),
            (&padded(128), true),
            (&padded(129), false),
            ("", false),
            ("text", false),
            ("text/", false),
            ("text /plain", false),
            ("text/plain x", false),
            ("text/plain,application/json", false),
            ("text/plain, text/plain", false),
            ("text/plain; charset=\"utf-8\"", false),
            ("text/plain; a=(b)", false),
            ("text/plain\u{1}", false),
            ("application/json", false),
            ("application/csp-report", false),
            ("text/ping", false),
            ("text/html", false),
        ] {
            assert_eq!(is_safelisted_type(value.as_bytes()), safelisted, "{value}");
        }
    }
}
