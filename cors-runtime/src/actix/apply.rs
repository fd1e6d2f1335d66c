//! Applies the headers of a response, as `core` says.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY};
use actix_web::{Error, HttpResponse};

use super::cookies;
use super::log::warn_of_removed;
use super::request::{ActixRequest, name_of};
use crate::core::decision::{AllowOrigin, Endpoint, Field};
use crate::core::response::{Headers, Response, Value, merge_vary};

/// The headers for a response that is still to come. They keep what they need of its request.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) endpoint: Endpoint,
    headers: Headers,
    origin: Option<HeaderValue>,
    /// Warn of a cookie that the page will never send back.
    watches_cookies: bool,
}

impl Pending {
    pub(super) fn new(endpoint: Endpoint, headers: Headers, request: ActixRequest<'_>) -> Self {
        Self {
            watches_cookies: headers.allow_credentials() && cookies::are_watched(request),
            ..Self::for_origin(endpoint, headers, request.head.headers.get(ORIGIN))
        }
    }

    /// For the response to a request with this `Origin`.
    pub(super) fn for_origin(
        endpoint: Endpoint,
        headers: Headers,
        origin: Option<&HeaderValue>,
    ) -> Self {
        let echoes = headers.allow_origin() == Some(AllowOrigin::Echo);
        Self {
            endpoint,
            headers,
            origin: origin.filter(|_| echoes).cloned(),
            watches_cookies: false,
        }
    }

    /// The same, but no origin may read the response unless the request had this `Origin`: middleware
    /// may have made up the other.
    pub(super) fn only_for(self, origin: Option<&HeaderValue>) -> Self {
        if self.origin.is_none() || self.origin.as_ref() == origin {
            return self;
        }
        Self {
            headers: self.headers.for_no_origin(),
            ..self
        }
    }

    /// Grants to one request only what both grant.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            headers: self.headers.and(&other.headers),
            origin: self.origin.or(other.origin),
            ..self
        }
    }

    /// Applies them to a response, or to that which an error becomes.
    #[inline]
    pub(super) fn write_onto<B>(self, response: &mut Result<ServiceResponse<B>, Error>) {
        match response {
            Ok(res) => self.write_to(res.headers_mut()),
            Err(error) => error.add_response_mapper(move |mut res| {
                self.write_to(res.headers_mut());
                res
            }),
        }
    }

    fn write_to(&self, fields: &mut HeaderMap) {
        if self.watches_cookies {
            cookies::warn_of_lost(self.endpoint, fields);
        }
        remove_foreign(fields, |name| warn_of_removed(self.endpoint, name));
        apply(&self.headers, fields, |field| match field {
            Field::Origin => self.origin.as_slice(),
            _ => &[],
        });
    }
}

/// The response of an endpoint that does not run.
pub(super) fn respond(response: Response, request: ActixRequest<'_>) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::FORBIDDEN);
    let mut res = HttpResponse::new(status);
    if let Some(body) = response.body {
        res = res.set_body(BoxBody::new(body));
        let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
        res.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    apply(&response.headers, res.headers_mut(), |field| {
        request.head.headers.get_all(name_of(field))
    });
    res
}

/// Removes what the policy alone sets.
fn remove_foreign(fields: &mut HeaderMap, removed: impl Fn(&str)) {
    while let Some(foreign) = fields
        .keys()
        .find(|name| name.as_str().starts_with("access-control-"))
        .cloned()
    {
        removed(foreign.as_str());
        fields.remove(foreign);
    }
}

/// Applies the headers to these fields, of which none is foreign, as [`Headers`] says.
fn apply<'a, L: IntoIterator<Item = &'a HeaderValue>>(
    headers: &Headers,
    fields: &mut HeaderMap,
    lines: impl Fn(Field) -> L,
) {
    if let Some(names) = headers.vary() {
        // Most responses have no other names.
        let replaced = fields.insert(VARY, HeaderValue::from_static(names));
        let before: Vec<_> = replaced.collect();
        if !before.is_empty() {
            merge(&before, names, fields);
        }
    }
    for (name, value) in headers.fields() {
        let name = HeaderName::from_static(name);
        match value {
            Value::Text(text) => {
                if let Ok(value) = HeaderValue::try_from(text.as_ref()) {
                    fields.insert(name, value);
                }
            }
            Value::Echo(field) => {
                for line in lines(field).into_iter().filter(|line| !line.is_empty()) {
                    fields.append(name.clone(), line.clone());
                }
            }
        }
    }
}

/// Merges names into the lines of `Vary` that were there before.
fn merge(before: &[HeaderValue], names: &str, fields: &mut HeaderMap) {
    match merge_vary(before.iter().map(HeaderValue::as_bytes), names) {
        // A part of a header value is a header value, so `*` never replaces one.
        Some(line) => {
            let line = HeaderValue::from_bytes(&line).unwrap_or(HeaderValue::from_static("*"));
            fields.insert(VARY, line);
        }
        None => {
            fields.remove(VARY);
            for line in before {
                fields.append(VARY, line.clone());
            }
        }
    }
}
