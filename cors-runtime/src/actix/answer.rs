//! What goes onto answers.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use cors_rules::method::is_safelisted;

use super::log::log;
use super::vary;
use crate::decision::{Grant, Refusal, Verdict};
use crate::origins::Origins;
use crate::policy::Policy;

/// The value of `Access-Control-Allow-Origin`.
fn allow_origin(grant: Grant, head: &RequestHead) -> Option<HeaderValue> {
    match grant {
        Grant::Any => Some(HeaderValue::from_static("*")),
        Grant::Listed(origin) => Some(HeaderValue::from_static(origin)),
        Grant::Echoed => head.headers.get(ORIGIN).cloned(),
    }
}

/// What goes onto an answer once the handler has made it.
#[derive(Debug, Clone)]
pub struct Stamp {
    policy: &'static Policy,
    allow_origin: Option<HeaderValue>,
}

impl Stamp {
    pub(crate) fn new(
        policy: &'static Policy,
        verdict: Verdict<Grant>,
        head: &RequestHead,
    ) -> Self {
        let allow_origin = match verdict {
            Ok(grant) => allow_origin(grant, head),
            Err(refusal) => {
                log(refusal, head);
                None
            }
        };
        Self {
            policy,
            allow_origin,
        }
    }

    /// The policy is the only authority: what others said of CORS is removed first.
    pub(crate) fn put_on(&self, headers: &mut HeaderMap) {
        while let Some(foreign) = headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control-"))
            .cloned()
        {
            headers.remove(foreign);
        }
        if self.policy.origins != Origins::Any {
            vary::add_origin(headers);
        }
        let Some(allow_origin) = &self.allow_origin else {
            return;
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin.clone());
        if self.policy.credentials {
            headers.insert(
                ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            );
        }
        if !self.policy.expose_headers.value.is_empty() {
            headers.insert(
                ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static(self.policy.expose_headers.value),
            );
        }
    }
}

/// 403 with nothing, in place of the handler.
///
/// `Sec-Fetch-Site` need not be in `Vary`: for one URL, the origin determines it.
pub(crate) fn forbid(refusal: Refusal, head: &RequestHead) -> HttpResponse<BoxBody> {
    log(refusal, head);
    let mut res = HttpResponse::new(StatusCode::FORBIDDEN);
    res.headers_mut()
        .insert(VARY, HeaderValue::from_static("Origin"));
    res
}

/// 204 with what is granted, or 403 with nothing.
pub(crate) fn answer_preflight(
    policy: &Policy,
    verdict: Verdict<(Grant, &'static str)>,
    head: &RequestHead,
) -> HttpResponse<BoxBody> {
    let mut res = HttpResponse::new(StatusCode::FORBIDDEN);
    res.headers_mut().insert(
        VARY,
        HeaderValue::from_static(
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        ),
    );
    match verdict {
        Err(refusal) => log(refusal, head),
        Ok((grant, method)) => {
            *res.status_mut() = StatusCode::NO_CONTENT;
            let headers = res.headers_mut();
            if let Some(allow_origin) = allow_origin(grant, head) {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allow_origin);
            }
            if policy.credentials {
                headers.insert(
                    ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderValue::from_static("true"),
                );
            }
            if !is_safelisted(method) {
                headers.insert(
                    ACCESS_CONTROL_ALLOW_METHODS,
                    HeaderValue::from_static(method),
                );
            }
            // Each name in it was allowed, so what was asked is what is granted.
            for asked in head
                .headers
                .get_all(ACCESS_CONTROL_REQUEST_HEADERS)
                .filter(|line| !line.is_empty())
            {
                headers.append(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
            }
            if let Some(max_age) = policy.max_age {
                headers.insert(
                    ACCESS_CONTROL_MAX_AGE,
                    HeaderValue::from_static(max_age.value),
                );
            }
        }
    }
    res
}
