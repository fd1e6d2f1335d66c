//! Header names, as Fetch classes them. Names are given in lower case.

use http::HeaderName;

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
