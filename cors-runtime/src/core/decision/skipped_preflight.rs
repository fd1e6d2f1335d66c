//! Recognizes requests that a browser sent only after a preflight, which this policy would have refused.
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

use super::methods::Methods;
use super::refusal::Refusal;
use super::request::{Field, Request, Single, single};
use crate::core::policy::Policy;

/// Why this endpoint's preflight would have stopped the request, if a page of another origin sent
/// it and it needed one.
#[inline]
pub(super) fn preflight_refusal<R: Request>(
    policy: &Policy,
    methods: Methods,
    request: &R,
    allows_origin: bool,
) -> Option<Refusal> {
    let allows_method = methods.contains(request.method().as_bytes());
    let allows_content_type = policy.allow_headers.content_type;
    // Nothing to refuse, so no field is read.
    if allows_origin && allows_method && allows_content_type && policy.credentials {
        return None;
    }
    if !is_from_another_origin(request) {
        return None;
    }
    let has_unsafe_type = has_unsafe_content_type(request);
    if !has_unsafe_type && is_safelisted(request.method()) {
        return None;
    }
    if !allows_origin {
        Some(Refusal::OriginFailsPreflight)
    } else if !allows_method {
        Some(Refusal::MethodFailsPreflight)
    } else if has_unsafe_type && !allows_content_type {
        Some(Refusal::ContentTypeFailsPreflight)
    } else if !policy.credentials && request.lines(Field::Cookie).next().is_some() {
        // The browser checks this itself, on the response to the preflight:
        // https://fetch.spec.whatwg.org/#concept-cors-check
        Some(Refusal::CredentialsFailPreflight)
    } else {
        None
    }
}

/// True if there is exactly one `Sec-Fetch-Site`, of a page on another origin.
pub(super) fn is_from_another_origin<R: Request>(request: &R) -> bool {
    match single(request, Field::SecFetchSite) {
        Single::Once(site) => site == b"cross-site" || site == b"same-site",
        Single::Absent | Single::Repeated => false,
    }
}

/// True if a page can send the `Content-Type` only after a preflight.
fn has_unsafe_content_type<R: Request>(request: &R) -> bool {
    // Fetch looks at each entry of the header list, and at their length together:
    // https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    const MAX_LEN: usize = 1_024;
    let mut len = 0;
    let mut entries = request.lines(Field::ContentType).flat_map(entries);
    let are_safelisted = entries.all(|entry| {
        len += entry.len();
        len <= MAX_LEN && is_safelisted_type(entry)
    });
    !are_safelisted && !is_sent_unasked(request)
}

/// The entries of the header list that a browser joined to one line.
///
/// Fetch does not judge the joined value, but all three browser engines do. So they ask for two
/// entries of `text/plain`, and another browser may not.
fn entries(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_one = is_safelisted_type(line);
    line.split(move |byte| *byte == b',' && !is_one)
        .map(<[u8]>::trim_ascii)
}

/// True if browsers themselves send this type without a preflight: reports of a Content Security
/// Policy (<https://w3c.github.io/webappsec-csp/#report-violation>), and pings of links
/// (<https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing>).
///
/// Both are in mode `no-cors`. What script sends after a preflight is in mode `cors`.
fn is_sent_unasked<R: Request>(request: &R) -> bool {
    let Single::Once(content_type) = single(request, Field::ContentType) else {
        return false;
    };
    let essence = essence(content_type);
    let is_known = ["application/csp-report", "text/ping"]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known.as_bytes()));
    is_known
        && !request
            .lines(Field::SecFetchMode)
            .any(|mode| mode == b"cors")
}

/// True if Fetch [safelists](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) the
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
    use crate::core::decision::sent::Sent;

    type Lines = &'static [&'static str];

    fn sent(method: &str, types: Lines, modes: Lines, sites: Lines, cookies: Lines) -> Sent<'_> {
        Sent::new(method, &[])
            .with(Field::ContentType, types)
            .with(Field::SecFetchMode, modes)
            .with(Field::SecFetchSite, sites)
            .with(Field::Cookie, cookies)
    }

    const CROSS: Lines = &["cross-site"];
    const JSON: Lines = &["application/json"];
    const REPORT: Lines = &["application/csp-report"];
    const COOKIE: Lines = &["a=b"];

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table is read as a whole")]
    fn a_request_that_needed_a_preflight_is_known_by_its_method_or_type() {
        // A preflight was needed for its method; for its type.
        for (what, sent, for_method, for_type) in [
            ("a method", sent("PUT", &[], &[], CROSS, &[]), true, false),
            (
                "a simple request",
                sent("POST", &[], &[], CROSS, COOKIE),
                false,
                false,
            ),
            (
                "a simple type",
                sent("POST", &["text/plain"], &[], CROSS, COOKIE),
                false,
                false,
            ),
            ("a type", sent("POST", JSON, &[], CROSS, &[]), false, true),
            ("both", sent("PUT", JSON, &[], CROSS, &[]), true, true),
            (
                "a type, of the same site",
                sent("POST", JSON, &[], &["same-site"], &[]),
                false,
                true,
            ),
            (
                "two types",
                sent("POST", &["text/plain", "application/json"], &[], CROSS, &[]),
                false,
                true,
            ),
            (
                "two simple types",
                sent("POST", &["text/plain", "text/plain"], &[], CROSS, &[]),
                false,
                false,
            ),
            (
                "two reports",
                sent(
                    "POST",
                    &["application/csp-report", "application/csp-report"],
                    &[],
                    CROSS,
                    &[],
                ),
                false,
                true,
            ),
            (
                "a type of the same origin",
                sent("PUT", JSON, &[], &["same-origin"], COOKIE),
                false,
                false,
            ),
            (
                "no evidence",
                sent("PUT", JSON, &[], &[], COOKIE),
                false,
                false,
            ),
            (
                "evidence twice",
                sent("PUT", JSON, &[], &["cross-site", "cross-site"], COOKIE),
                false,
                false,
            ),
            (
                "a report",
                sent("POST", REPORT, &["no-cors"], CROSS, COOKIE),
                false,
                false,
            ),
            (
                "a report of old",
                sent("POST", REPORT, &[], CROSS, COOKIE),
                false,
                false,
            ),
            (
                "a ping",
                sent("POST", &["Text/Ping; x"], &["no-cors"], CROSS, COOKIE),
                false,
                false,
            ),
            (
                "a report by script",
                sent("POST", REPORT, &["cors"], CROSS, &[]),
                false,
                true,
            ),
            (
                "another type without script",
                sent("POST", JSON, &["no-cors"], CROSS, &[]),
                false,
                true,
            ),
        ] {
            let needs_preflight = for_method || for_type;
            let build = |json: bool| {
                let names: &[&str] = if json { &["content-type"] } else { &[] };
                crate::__private::policy().allow_headers(false, names)
            };
            let (bare, json) = (build(false).policy, build(true).policy);
            let full = build(true).credentials(true).policy;
            let these = Methods::These(&["POST", "PUT"]);
            let others = Methods::These(&["GET"]);
            for (policy, methods, allows_origin, is_refused, refusal) in [
                (&full, these, true, false, Refusal::OriginFailsPreflight),
                (
                    &full,
                    Methods::Any,
                    true,
                    false,
                    Refusal::OriginFailsPreflight,
                ),
                (
                    &full,
                    these,
                    false,
                    needs_preflight,
                    Refusal::OriginFailsPreflight,
                ),
                (
                    &bare,
                    others,
                    false,
                    needs_preflight,
                    Refusal::OriginFailsPreflight,
                ),
                (
                    &full,
                    others,
                    true,
                    needs_preflight,
                    Refusal::MethodFailsPreflight,
                ),
                (
                    &bare,
                    these,
                    true,
                    for_type,
                    Refusal::ContentTypeFailsPreflight,
                ),
                (&json, these, true, false, Refusal::CredentialsFailPreflight),
            ] {
                let found = preflight_refusal(policy, methods, &sent, allows_origin);
                assert_eq!(
                    found,
                    is_refused.then_some(refusal),
                    "{what}: {methods} {policy}"
                );
            }
            let with_cookie = sent.with(Field::Cookie, COOKIE);
            for (policy, is_refused) in [(&json, needs_preflight), (&full, false)] {
                let found = preflight_refusal(policy, these, &with_cookie, true);
                let refusal = is_refused.then_some(Refusal::CredentialsFailPreflight);
                assert_eq!(found, refusal, "{what}, with a cookie: {policy}");
            }
        }
    }

    #[test]
    fn each_entry_of_a_joined_type_must_be_safelisted() {
        let entry = format!("text/plain;{}", "a".repeat(117));
        let joined = |count: usize| vec![&*entry; count].join(", ");
        let half = "text/plain;a=b";
        for (what, lines, is_unsafe) in [
            ("no line", &[][..], false),
            ("an empty line", &[""], true),
            ("two entries", &["text/plain, text/plain"], false),
            (
                "two entries, without a blank",
                &["text/plain,multipart/form-data"],
                false,
            ),
            (
                "entries with parameters",
                &["text/plain;a=b, TEXT/plain ; c"],
                false,
            ),
            ("two lines", &["text/plain", half], false),
            (
                "lines with entries",
                &["text/plain, text/plain", half],
                false,
            ),
            ("JSON second", &["text/plain, application/json"], true),
            ("JSON first", &["application/json, text/plain"], true),
            (
                "JSON on the second line",
                &["text/plain", "application/json"],
                true,
            ),
            (
                "JSON on the first line",
                &["application/json", "text/plain"],
                true,
            ),
            ("an empty entry", &["text/plain,"], true),
            ("another empty entry", &[", text/plain"], true),
            ("an unsafe byte", &["text/plain, text/plain;a=(b)"], true),
            ("a comma in a parameter", &["text/plain;a,b"], false),
            // A browser that sends this without a preflight is not known.
            (
                "a comma in a parameter, joined",
                &["text/plain, text/plain;a,b"],
                true,
            ),
            ("1,024 bytes", &[&*joined(8)], false),
            ("more than 1,024 bytes", &[&*joined(9)], true),
            (
                "more than 1,024 bytes on two lines",
                &[&*joined(8), half],
                true,
            ),
            (
                "an entry of 129 bytes",
                &["text/plain", &format!("{entry}a")],
                true,
            ),
        ] {
            let sent = Sent::new("POST", &[]).with(Field::ContentType, lines);
            assert_eq!(has_unsafe_content_type(&sent), is_unsafe, "{what}");
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
