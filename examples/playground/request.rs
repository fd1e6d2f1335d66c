//! Requests as the decision of `cors_runtime` reads them, and its decisions in prose.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderValue;
use actix_web::http::uri::Authority;
use cors_runtime::decision::{AllowOrigin, Decision, Field, Request};

/// A request that arrived.
pub(crate) struct Seen<'a>(pub(crate) &'a ServiceRequest);

impl Request for Seen<'_> {
    fn method(&self) -> &str {
        self.0.method().as_str()
    }

    fn path(&self) -> &str {
        self.0.uri().path()
    }

    fn authority(&self) -> Option<&str> {
        self.0.uri().authority().map(Authority::as_str)
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = self.0.headers().get_all(field.name());
        lines.map(HeaderValue::as_bytes)
    }
}

/// A request that a browser would send for a page on another site.
pub(crate) struct Imagined<'a> {
    pub(crate) method: &'a str,
    pub(crate) origin: &'a str,
    /// The names of the headers that script sets, separated by commas.
    pub(crate) headers: &'a str,
    /// True for the preflight of that request.
    pub(crate) is_preflight: bool,
}

impl Request for Imagined<'_> {
    fn method(&self) -> &str {
        if self.is_preflight {
            "OPTIONS"
        } else {
            self.method
        }
    }

    fn path(&self) -> &'static str {
        "/"
    }
    fn authority(&self) -> Option<&str> {
        None
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let preflight = self.is_preflight;
        let line = match field {
            Field::Origin => Some(self.origin),
            Field::SecFetchSite => Some("cross-site"),
            Field::AccessControlRequestMethod => preflight.then_some(self.method),
            Field::AccessControlRequestHeaders => preflight.then_some(self.headers),
            _ => None,
        };
        line.map(str::as_bytes).into_iter()
    }
}

/// A decision in a sentence.
pub(crate) fn sentence(decision: Decision) -> String {
    match decision {
        Decision::Run(Ok(AllowOrigin::Any)) => "The policy allows any origin to read.".to_owned(),
        Decision::Run(Ok(_)) => "The policy allows this origin to read.".to_owned(),
        Decision::Run(Err(refusal)) => {
            format!("The handler runs, but script may not read the response: {refusal}.")
        }
        Decision::Preflight(Ok(_)) => "The preflight is granted.".to_owned(),
        Decision::Preflight(Err(refusal)) => format!("The preflight is refused: {refusal}."),
        Decision::Forbid(refusal) => format!("Refused before the handler runs: {refusal}."),
    }
}
