//! Header names, as Fetch classes them. Names are given in lower case.

use http::HeaderName;

use crate::spelling;

/// True for a [header name](https://fetch.spec.whatwg.org/#header-name): a token of RFC 9110.
pub fn is_valid(name: &str) -> bool {
    HeaderName::from_bytes(name.as_bytes()).is_ok()
}

/// True for a [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header): only the browser sets it.
pub fn is_forbidden_request(name: &str) -> bool {
    matches!(
        name,
        "accept-charset"
            | "accept-encoding"
            | "access-control-request-headers"
            | "access-control-request-method"
            | "access-control-request-private-network"
            | "connection"
            | "content-length"
            | "cookie"
            | "cookie2"
            | "date"
            | "dnt"
            | "expect"
            | "host"
            | "keep-alive"
            | "origin"
            | "referer"
            | "set-cookie"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "via"
    ) || name.starts_with("proxy-")
        || name.starts_with("sec-")
}

/// True for a CORS response header, which no request has.
pub fn is_cors_response(name: &str) -> bool {
    name.starts_with("access-control-allow-")
        || matches!(
            name,
            "access-control-expose-headers" | "access-control-max-age"
        )
}

/// True for a [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) for all usual values.
///
/// `content-type` is not here: `application/json` makes it need a preflight.
pub fn is_safelisted_request(name: &str) -> bool {
    matches!(
        name,
        "accept" | "accept-language" | "content-language" | "range"
    )
}

/// True for a [forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name): script never reads it.
pub fn is_forbidden_response(name: &str) -> bool {
    matches!(name, "set-cookie" | "set-cookie2")
}

/// True for a CORS request header, which no response has.
pub fn is_cors_request(name: &str) -> bool {
    name == "origin" || name.starts_with("access-control-request-")
}

/// True for a [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name): script always reads it.
pub fn is_safelisted_response(name: &str) -> bool {
    matches!(
        name,
        "cache-control"
            | "content-language"
            | "content-length"
            | "content-type"
            | "expires"
            | "last-modified"
            | "pragma"
    )
}

/// Headers that pages send or read, whose names are long enough to tell a slip from another name.
const COMMON: [&str; 20] = [
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-range",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "last-event-id",
    "last-modified",
    "location",
    "retry-after",
    "www-authenticate",
    "x-csrf-token",
    "x-requested-with",
];

/// The header that this is most likely a slip of, underscores included: `content_type`.
pub(crate) fn misspelt(name: &str) -> Option<&'static str> {
    // The second is Django's.
    const OTHERS: [&str; 2] = ["x-xsrf-token", "x-csrftoken"];
    let hyphenated = name.replace('_', "-");
    let same = COMMON.into_iter().find(|common| *common == hyphenated);
    match same {
        Some(_) if hyphenated == name => None,
        Some(meant) => Some(meant),
        None if OTHERS.contains(&name) || name.len() < 7 => None,
        None => spelling::slip(&hyphenated, &COMMON),
    }
}

/// True for a word that stands for every header elsewhere. Here it would be the name of one.
pub(crate) fn is_placeholder(name: &str) -> bool {
    name == "any" || name == "all"
}

#[cfg(test)]
mod tests {
    #[test]
    fn slips_are_told_from_other_names() {
        for (name, meant) in [
            ("content_type", Some("content-type")),
            ("contenttype", Some("content-type")),
            ("content-typ", Some("content-type")),
            ("authorisation", Some("authorization")),
            ("autorization", Some("authorization")),
            ("x_requested_with", Some("x-requested-with")),
            ("content-tpye", Some("content-type")),
            ("x-csrftoken", None),
            ("content-type", None),
            ("x-xsrf-token", None),
            ("x-total", None),
            ("x_total", None),
            ("if-mach", Some("if-match")),
            ("locatio", Some("location")),
            ("if-range", None),
            ("etag", None),
        ] {
            assert_eq!(super::misspelt(name), meant, "{name}");
        }
    }
}
