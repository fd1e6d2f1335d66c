//! Applies the headers of a response, as `core` says.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use actix_web::{Error, HttpResponse};

use super::cookies;
use super::log::warn_of_removed;
use super::request::{ActixRequest, name_of};
use crate::core::decision::{AllowOrigin, Endpoint, Field};
use crate::core::response::{Headers, Response, ResponseField, Value, Vary, merge_vary};

/// The headers for a response that is still to come. They keep what they need of its request.
///
/// Every request of a handler moves them a few times, and up to 128 bytes that takes no call.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    /// The id of the handler: see [`Endpoint::new`].
    pub(crate) handler: &'static str,
    headers: Headers,
    origin: Option<HeaderValue>,
    /// The fields of the response, if the endpoint has made it.
    made: Option<Box<HeaderMap>>,
    /// Warn of a cookie that the page will never send back.
    watches_cookies: bool,
}

impl Pending {
    pub(super) fn new(endpoint: Endpoint, headers: Headers, request: ActixRequest<'_>) -> Self {
        let origin = || request.head.headers.get(ORIGIN);
        Self {
            watches_cookies: headers.allow_credentials() && cookies::are_watched(request),
            ..Self::for_origin(endpoint, headers, origin)
        }
    }

    pub(super) fn for_origin<'a>(
        endpoint: Endpoint,
        headers: Headers,
        origin: impl FnOnce() -> Option<&'a HeaderValue>,
    ) -> Self {
        let echoes = headers.allow_origin() == Some(AllowOrigin::Echo);
        Self {
            handler: endpoint.id(),
            headers,
            origin: if echoes { origin().cloned() } else { None },
            made: None,
            watches_cookies: false,
        }
    }

    /// For a response that the endpoint has made, and which middleware may change.
    pub(super) fn of_response(
        endpoint: Endpoint,
        headers: Headers,
        made: &HttpResponse<BoxBody>,
    ) -> Self {
        let mut fields = made.headers().clone();
        fields.remove(VARY);
        fields.remove(CONTENT_TYPE);
        Self {
            made: Some(Box::new(fields)),
            ..Self::for_origin(endpoint, headers, || None)
        }
    }

    /// The same if they echo this `Origin`, which the browser sent, or none. Otherwise, no origin
    /// may read the response: middleware may have made up the other one.
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
            headers: self.headers.and(other.headers),
            origin: self.origin.or(other.origin),
            ..self
        }
    }

    /// Applies them to a response, or to that which an error becomes.
    #[inline]
    pub(super) fn write_onto<B>(&self, response: &mut Result<ServiceResponse<B>, Error>) {
        match response {
            Ok(res) => self.write_to(res.headers_mut()),
            Err(error) => {
                let headers = self.clone();
                error.add_response_mapper(move |mut res| {
                    headers.write_to(res.headers_mut());
                    res
                });
            }
        }
    }

    fn write_to(&self, fields: &mut HeaderMap) {
        if self.watches_cookies {
            cookies::warn_of_lost(self.handler, fields);
        }
        if let Some(made) = &self.made {
            remove_foreign(fields, |_| {});
            add_vary(self.headers.vary(), fields);
            for name in made.keys() {
                fields.remove(name);
                for line in made.get_all(name) {
                    fields.append(name.clone(), line.clone());
                }
            }
            return;
        }
        remove_foreign(fields, |name| warn_of_removed(self.handler, name));
        // Only `Origin` is echoed: the other fields are those of a preflight, and no handler sees
        // one.
        set(self.headers, fields, |_| self.origin.iter());
    }
}

pub(super) fn respond(response: &Response, request: ActixRequest<'_>) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::FORBIDDEN);
    let mut res = HttpResponse::new(status);
    if let Some(body) = &response.body {
        res = res.set_body(BoxBody::new(body.clone()));
        let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
        res.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    let fields = res.headers_mut();
    set(response.headers, fields, |field| {
        let lines = request.head.headers.get_all(name_of(field));
        lines.filter(|line| !line.is_empty())
    });
    for (name, text) in &response.diagnosis {
        // Methods and header names are tokens, so this does not fail.
        if let Ok(value) = HeaderValue::from_str(text) {
            fields.insert(name_in(*name), value);
        }
    }
    res
}

/// Sets the headers of a response that has none of them. `echo` has the lines of a request field.
fn set<'a, I: Iterator<Item = &'a HeaderValue>>(
    headers: Headers,
    fields: &mut HeaderMap,
    echo: impl Fn(Field) -> I,
) {
    add_vary(headers.vary(), fields);
    headers.for_each_field(|name, value| match value {
        Value::Text(text) => fields.append(name_in(name), HeaderValue::from_static(text)),
        Value::Echo(field) => {
            for line in echo(field) {
                fields.append(name_in(name), line.clone());
            }
        }
    });
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

fn add_vary(vary: Vary, fields: &mut HeaderMap) {
    const ORIGIN: HeaderValue = HeaderValue::from_static(Vary::Origin.names());
    const PREFLIGHT: HeaderValue = HeaderValue::from_static(Vary::Preflight.names());
    let value = match vary {
        Vary::Nothing => return,
        Vary::Origin => ORIGIN,
        Vary::Preflight => PREFLIGHT,
    };
    // Most responses have no other names.
    if !fields.contains_key(VARY) {
        fields.append(VARY, value);
        return;
    }
    let before = fields.get_all(VARY).map(HeaderValue::as_bytes);
    if let Some(line) = merge_vary(before, vary.names()) {
        // A part of a header value is a header value, so `*` never replaces one.
        let line = HeaderValue::from_bytes(&line).unwrap_or(HeaderValue::from_static("*"));
        fields.insert(VARY, line);
    }
}

fn name_in(field: ResponseField) -> HeaderName {
    match field {
        ResponseField::AccessControlAllowOrigin => ACCESS_CONTROL_ALLOW_ORIGIN,
        ResponseField::AccessControlAllowCredentials => ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ResponseField::AccessControlExposeHeaders => ACCESS_CONTROL_EXPOSE_HEADERS,
        ResponseField::AccessControlAllowMethods => ACCESS_CONTROL_ALLOW_METHODS,
        ResponseField::AccessControlAllowHeaders => ACCESS_CONTROL_ALLOW_HEADERS,
        ResponseField::AccessControlMaxAge => ACCESS_CONTROL_MAX_AGE,
        ResponseField::CacheControl => CACHE_CONTROL,
        ResponseField::Refused => HeaderName::from_static(ResponseField::Refused.name()),
    }
}
