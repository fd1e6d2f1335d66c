//! A request whose response comes back without it.

use actix_web::Error;
use actix_web::dev::{ServiceRequest, ServiceResponse, Url};
use actix_web::http::header::{HOST, HeaderValue, ORIGIN};
use actix_web::http::uri::Authority;
use actix_web::http::{Method, Uri};

use super::super::apply::Pending;
use super::super::explain;
use super::super::log::{is_read_elsewhere, log_unreadable};
use super::super::request::ActixRequest;
use super::handlers::Handlers;
use super::log;
use super::slashes;
use crate::core::configured::Moment;
use crate::core::decision::{Endpoint, Field, Refusal, Request};
use crate::core::response::Headers;

/// The part of a request that decides which origin may read a response.
pub(super) struct Sent {
    method: Method,
    uri: Uri,
    origin: Vec<HeaderValue>,
    host: Vec<HeaderValue>,
    /// True if a page on another origin waits for the response. Known only if that may be logged.
    pub(super) is_read_elsewhere: bool,
}

impl Sent {
    /// While refusals are explained, and if a policy is not set, there may be something to log.
    pub(super) fn of(req: &ServiceRequest, moment: &Moment) -> Self {
        let headers = req.headers();
        let origin: Vec<_> = headers.get_all(ORIGIN).cloned().collect();
        let hosts = headers.get_all(HOST).filter(|_| !origin.is_empty());
        let is_logged = !origin.is_empty() && (explain::is_on() || moment.lacks_one());
        Self {
            is_read_elsewhere: is_logged && is_read_elsewhere(&ActixRequest::from(req)),
            method: req.method().clone(),
            uri: req.uri().clone(),
            host: hosts.cloned().collect(),
            origin,
        }
    }

    pub(super) fn origin(&self) -> Option<&HeaderValue> {
        self.origin.first()
    }

    /// The path as routing reads it: decoded.
    pub(super) fn decoded_path(&self) -> String {
        Url::new(self.uri.clone()).path().to_owned()
    }

    /// The headers of an endpoint for a response to this request.
    pub(super) fn pending(&self, endpoint: Endpoint, headers: Headers) -> Pending {
        Pending::for_origin(endpoint, headers, || self.origin())
    }

    /// Warns of a response of middleware that the page cannot read. This handler refuses.
    pub(super) fn warn_if_unreadable<B>(
        &self,
        response: &Result<ServiceResponse<B>, Error>,
        (endpoint, refusal): (Endpoint, Refusal),
    ) {
        if self.is_read_elsewhere && explain::is_on() {
            let status = match response {
                Ok(res) => res.status(),
                Err(error) => error.as_response_error().status_code(),
            };
            log_unreadable(status, endpoint, refusal, self);
        }
    }

    /// Warns if middleware has led the request to another handler than its path does. `reached` is
    /// the id of that handler, and `None` if something without a policy was reached.
    pub(super) fn warn_if_rewritten(
        &self,
        handlers: &Handlers,
        moment: &Moment,
        reached: Option<&'static str>,
        to: &str,
    ) {
        let from = self.uri.path();
        if slashes::differ_by_slashes_alone(from, to) {
            return;
        }
        let expected = handlers.expect(&self.decoded_path(), self.method.as_str(), moment);
        let mut ids = expected.handlers.iter().map(|it| it.endpoint.id());
        let is_expected = match reached {
            Some(reached) => ids.any(|id| id == reached),
            None => ids.next().is_none(),
        };
        if !is_expected {
            log::was_rewritten(reached, from, to);
        }
    }
}

impl Request for Sent {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn authority(&self) -> Option<&str> {
        self.uri.authority().map(Authority::as_str)
    }

    fn path(&self) -> &str {
        self.uri.path()
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = match field {
            Field::Origin => self.origin.as_slice(),
            Field::Host => &self.host,
            _ => &[],
        };
        lines.iter().map(HeaderValue::as_bytes)
    }
}
