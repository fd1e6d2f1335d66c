//! A request, as the decision reads it.

use crate::core::authority::Authority;
use crate::core::origins::OriginValue;

/// Access to a request, for the decision.
///
/// An adapter to a web framework implements it. The adapter only gives access: it does not trim,
/// join, parse or choose between lines. The decision does that, once, for all frameworks.
///
/// See [`decide`](super::decide) for an example.
pub trait Request {
    /// The method, as sent: methods are case-sensitive.
    fn method(&self) -> &str;

    /// The authority of the request target, as sent.
    ///
    /// HTTP/2 has it in `:authority`. HTTP/1.1 has it only in the [absolute form], as in
    /// `GET http://example.com/ HTTP/1.1`.
    ///
    /// [absolute form]: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
    fn authority(&self) -> Option<&str>;

    /// The path of the request target, as sent: percent-encoded, without the query. If middleware
    /// has rewritten it, this is the path that routing reads.
    fn path(&self) -> &str;

    /// The scheme of the request, `https` or `http`, if the server knows it.
    ///
    /// Where the server itself terminates TLS, it knows. Otherwise a proxy may have terminated TLS,
    /// and the scheme is unknown: this is the default. It is never what the client or a proxy says,
    /// as in `:scheme` or `X-Forwarded-Proto`.
    fn scheme(&self) -> Option<&str> {
        None
    }

    /// The values of all lines of a field, in order.
    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]>;
}

/// The fields that the decision reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// [`Origin`](https://fetch.spec.whatwg.org/#origin-header)
    Origin,
    /// [`Host`](https://www.rfc-editor.org/rfc/rfc9110#section-7.2)
    Host,
    /// [`Sec-Fetch-Site`](https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header)
    SecFetchSite,
    /// [`Sec-Fetch-Mode`](https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-mode-header)
    SecFetchMode,
    /// [`Content-Type`](https://www.rfc-editor.org/rfc/rfc9110#section-8.3)
    ContentType,
    /// [`Cookie`](https://www.rfc-editor.org/rfc/rfc6265#section-5.4)
    Cookie,
    /// [`Access-Control-Request-Method`](https://fetch.spec.whatwg.org/#http-access-control-request-method)
    AccessControlRequestMethod,
    /// [`Access-Control-Request-Headers`](https://fetch.spec.whatwg.org/#http-access-control-request-headers)
    AccessControlRequestHeaders,
}

impl Field {
    /// The name, in lower case.
    ///
    /// ```
    /// use cors_runtime::decision::Field;
    ///
    /// assert_eq!(Field::SecFetchSite.name(), "sec-fetch-site");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Host => "host",
            Self::SecFetchSite => "sec-fetch-site",
            Self::SecFetchMode => "sec-fetch-mode",
            Self::ContentType => "content-type",
            Self::Cookie => "cookie",
            Self::AccessControlRequestMethod => "access-control-request-method",
            Self::AccessControlRequestHeaders => "access-control-request-headers",
        }
    }
}

/// `Origin`, of which a browser sends one line.
pub(super) enum OriginLine<'a> {
    Absent,
    Once(OriginValue<'a>),
    Repeated,
}

#[inline]
pub(super) fn origin<R: Request>(request: &R) -> OriginLine<'_> {
    let mut lines = request.lines(Field::Origin);
    match (lines.next(), lines.next()) {
        (None, _) => OriginLine::Absent,
        (Some(line), None) => OriginLine::Once(OriginValue::new(line)),
        (Some(_), Some(_)) => OriginLine::Repeated,
    }
}

/// The value of a field of which a browser sends one line. It is empty, so nothing that a browser
/// sends, if there are several.
#[inline]
pub(super) fn single<R: Request>(request: &R, field: Field) -> Option<&[u8]> {
    let mut lines = request.lines(field);
    let first = lines.next()?;
    Some(lines.next().map_or(first, |_| b""))
}

/// The host and port that the request is for.
///
/// The request target overrides `Host`: <https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2>
pub(super) fn authority<R: Request>(request: &R) -> Option<Authority<'_>> {
    match request.authority() {
        Some(authority) => Authority::parse(authority.as_bytes()),
        None => Authority::parse(single(request, Field::Host)?),
    }
}

/// The value of `Access-Control-Request-Method` if the request is a [preflight]: an `OPTIONS`
/// request that has this field and `Origin`. Empty, so not a method, if the field is repeated.
///
/// [preflight]: https://fetch.spec.whatwg.org/#cors-preflight-request
#[inline]
pub(crate) fn preflight_method<R: Request>(request: &R) -> Option<&[u8]> {
    requested_method(request).filter(|_| request.lines(Field::Origin).next().is_some())
}

/// [`preflight_method`] of a request that has `Origin`.
#[inline]
pub(super) fn requested_method<R: Request>(request: &R) -> Option<&[u8]> {
    if request.method() != "OPTIONS" {
        return None;
    }
    single(request, Field::AccessControlRequestMethod)
}

#[cfg(test)]
mod tests {
    use super::{Field, Request};

    /// An adapter of a server that leaves TLS to others.
    struct Plain;

    impl Request for Plain {
        fn method(&self) -> &'static str {
            "GET"
        }

        fn authority(&self) -> Option<&str> {
            None
        }

        fn path(&self) -> &'static str {
            "/"
        }

        fn lines(&self, _: Field) -> impl Iterator<Item = &[u8]> {
            std::iter::empty()
        }
    }

    #[test]
    fn the_scheme_is_unknown_unless_an_adapter_says_it() {
        assert_eq!(Plain.scheme(), None);
    }

    #[test]
    fn each_field_has_its_name() {
        for (field, name) in [
            (Field::Origin, "origin"),
            (Field::Host, "host"),
            (Field::SecFetchSite, "sec-fetch-site"),
            (Field::SecFetchMode, "sec-fetch-mode"),
            (Field::ContentType, "content-type"),
            (Field::Cookie, "cookie"),
            (
                Field::AccessControlRequestMethod,
                "access-control-request-method",
            ),
            (
                Field::AccessControlRequestHeaders,
                "access-control-request-headers",
            ),
        ] {
            assert_eq!(field.name(), name);
        }
    }
}
