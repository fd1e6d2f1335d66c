//! Requests of actix-web, as the decision reads them.

use actix_web::dev::RequestHead;
use actix_web::http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, HOST, HeaderName,
    HeaderValue, ORIGIN,
};
use actix_web::http::uri::Authority;

use crate::decision::{Field, Request};

impl Request for RequestHead {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn authority(&self) -> Option<&str> {
        self.uri.authority().map(Authority::as_str)
    }

    #[inline]
    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = match field {
            Field::Origin => self.headers.get_all(ORIGIN),
            Field::Host => self.headers.get_all(HOST),
            Field::SecFetchSite => self.headers.get_all(&SEC_FETCH_SITE),
            Field::SecFetchMode => self.headers.get_all(&SEC_FETCH_MODE),
            Field::ContentType => self.headers.get_all(CONTENT_TYPE),
            Field::AccessControlRequestMethod => {
                self.headers.get_all(ACCESS_CONTROL_REQUEST_METHOD)
            }
            Field::AccessControlRequestHeaders => {
                self.headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS)
            }
        };
        lines.map(HeaderValue::as_bytes)
    }
}

pub(super) static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

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
            Field::AccessControlRequestMethod,
            Field::AccessControlRequestHeaders,
        ] {
            let mut head = RequestHead::default();
            assert_eq!(head.lines(field).count(), 0, "{field:?}");
            for value in ["a", "b"] {
                let name = HeaderName::from_static(field.name());
                head.headers.append(name, HeaderValue::from_static(value));
            }
            let lines: Vec<_> = head.lines(field).collect();
            assert_eq!(lines, [b"a", b"b"], "{field:?}");
        }
    }
}
