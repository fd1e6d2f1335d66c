//! Warns of cookies that the page will never send back, and of those that keep script from a
//! response.

use actix_web::dev::RequestHead;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, ORIGIN, SET_COOKIE};

use super::explain;
use super::log_once::SEEN;
use super::request::ActixRequest;
use crate::core::decision::{Endpoint, Field, Request, handler_name};
use crate::core::explain::{allow_credentials, quoted};

/// True if cookies on the response are worth a look: refusals are explained, and a page on another
/// site gets it.
pub(super) fn are_watched(request: ActixRequest<'_>) -> bool {
    explain::is_on() && (request.lines(Field::SecFetchSite)).eq([b"cross-site".as_slice()])
}

/// Logs the first cookie without `SameSite=None; Secure`, once for each handler.
///
/// A browser treats a cookie without `SameSite` as `Lax`, and does not send it with requests that a
/// page on another site makes:
/// <https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-samesite-attribute>
#[cold]
pub(super) fn warn_of_lost(handler: &'static str, headers: &HeaderMap) {
    let lost = headers
        .get_all(SET_COOKIE)
        .find(|line| !is_sent_across_sites(line.as_bytes()));
    let Some(line) = lost else { return };
    if SEEN.is_first(("lost cookie", handler)) {
        let name = line
            .as_bytes()
            .split(|byte| *byte == b'=')
            .next()
            .unwrap_or_default();
        tracing::warn!(
            handler = handler_name(handler),
            cookie = %quoted(name),
            advice = "Cookie::build(…).same_site(SameSite::None).secure(true)",
            "the handler ran, and a page on another site will never send this cookie back: it lacks \
             `SameSite=None; Secure`",
        );
    }
}

/// True if script may not read the response that its origin is allowed, because it asks for
/// cookies: refusals are explained, the policy has no `credentials`, and the request has a cookie.
///
/// In mode `cors`, a request to another origin has cookies only if its credentials mode is
/// `include`: <https://fetch.spec.whatwg.org/#concept-request-credentials-mode>
#[inline]
pub(super) fn are_unwelcome(endpoint: Endpoint, request: ActixRequest<'_>) -> bool {
    explain::is_on()
        && !endpoint.policy.credentials
        && request.head.headers.contains_key(COOKIE)
        && request.lines(Field::SecFetchMode).eq([b"cors".as_slice()])
        && (request.lines(Field::SecFetchSite))
            .all(|site| site == b"cross-site" || site == b"same-site")
}

/// Logs that script may not read the response, once for each handler.
#[cold]
pub(super) fn warn_of_unwelcome(endpoint: Endpoint, head: &RequestHead) {
    if !SEEN.is_first(("unwelcome cookie", endpoint.id())) {
        return;
    }
    let handler = endpoint.name();
    let origin = head.headers.get(ORIGIN).map(HeaderValue::as_bytes);
    let origin = quoted(origin.unwrap_or_default());
    let advice = allow_credentials(endpoint.current());
    tracing::warn!(
        %origin,
        path = %quoted(head.uri.path().as_bytes()),
        handler,
        %advice,
        "the handler ran, and the page cannot read its response: the request has cookies, and the \
         policy of `{handler}` has no `credentials`",
    );
}

fn is_sent_across_sites(set_cookie: &[u8]) -> bool {
    let has = |attribute: &[u8]| {
        (set_cookie.split(|byte| *byte == b';').skip(1))
            .map(<[u8]>::trim_ascii)
            .any(|found| found.eq_ignore_ascii_case(attribute))
    };
    has(b"samesite=none") && has(b"secure")
}

#[cfg(test)]
mod tests {
    use super::is_sent_across_sites;

    #[test]
    fn only_same_site_none_and_secure_crosses_sites() {
        for (set_cookie, sent) in [
            ("id=1", false),
            ("id=1; Secure", false),
            ("id=1; SameSite=None", false),
            ("id=1; SameSite=Lax; Secure", false),
            ("id=1; SameSite=None; Secure", true),
            ("id=1; secure; Path=/; samesite=none", true),
            ("samesite=none; Secure", false),
            ("", false),
        ] {
            assert_eq!(
                is_sent_across_sites(set_cookie.as_bytes()),
                sent,
                "{set_cookie}"
            );
        }
    }
}
