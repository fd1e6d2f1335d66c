//! Recognizes requests that a browser sent only after a preflight, which this policy would have
//! refused.
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

use super::content_type;
use super::methods::Methods;
use super::refusal::Refusal;
use super::request::{Field, Request, single};
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
    let has_unsafe_type = content_type::needs_preflight(request);
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
    let site = single(request, Field::SecFetchSite);
    matches!(site, Some(b"cross-site" | b"same-site"))
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
}
