//! Requests of actix-web, as the decision reads them.

use actix_web::dev::{RequestHead, ServiceRequest};
use actix_web::http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, COOKIE, HOST,
    HeaderName, HeaderValue, ORIGIN,
};
use actix_web::http::uri::Authority;

use crate::core::decision::{Field, Request};

#[derive(Debug, Clone, Copy)]
pub(crate) struct ActixRequest<'a> {
    pub(crate) head: &'a RequestHead,
    /// True if the server itself terminates TLS.
    pub(crate) is_secure: bool,
}

impl<'a> From<&'a ServiceRequest> for ActixRequest<'a> {
    fn from(req: &'a ServiceRequest) -> Self {
        Self {
            head: req.head(),
            is_secure: req.app_config().secure(),
        }
    }
}

/// A request whose scheme is unknown.
impl<'a> From<&'a RequestHead> for ActixRequest<'a> {
    fn from(head: &'a RequestHead) -> Self {
        Self {
            head,
            is_secure: false,
        }
    }
}

impl Request for ActixRequest<'_> {
    fn method(&self) -> &str {
        self.head.method.as_str()
    }

    fn authority(&self) -> Option<&str> {
        self.head.uri.authority().map(Authority::as_str)
    }

    fn scheme(&self) -> Option<&str> {
        self.is_secure.then_some("https")
    }

    fn path(&self) -> &str {
        self.head.uri.path()
    }

    #[inline]
    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = self.head.headers.get_all(name_of(field));
        lines.map(HeaderValue::as_bytes)
    }
}

pub(super) fn name_of(field: Field) -> HeaderName {
    match field {
        Field::Origin => ORIGIN,
        Field::Host => HOST,
        Field::SecFetchSite => SEC_FETCH_SITE,
        Field::SecFetchMode => SEC_FETCH_MODE,
        Field::ContentType => CONTENT_TYPE,
        Field::Cookie => COOKIE,
        Field::AccessControlRequestMethod => ACCESS_CONTROL_REQUEST_METHOD,
        Field::AccessControlRequestHeaders => ACCESS_CONTROL_REQUEST_HEADERS,
    }
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_read_by_its_name() {
        for field in [
            Field::Origin,
            Field::Host,
            Field::SecFetchSite,
            Field::SecFetchMode,
            Field::ContentType,
            Field::Cookie,
            Field::AccessControlRequestMethod,
            Field::AccessControlRequestHeaders,
        ] {
            let mut head = RequestHead::default();
            assert_eq!(
                ActixRequest::from(&head).lines(field).count(),
                0,
                "{field:?}"
            );
            for value in ["a", "b"] {
                let name = HeaderName::from_static(field.name());
                head.headers.append(name, HeaderValue::from_static(value));
            }
            let request = ActixRequest::from(&head);
            let lines: Vec<_> = request.lines(field).collect();
            assert_eq!(lines, [b"a", b"b"], "{field:?}");
        }
    }
}
