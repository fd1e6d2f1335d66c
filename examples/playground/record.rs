//! What the server saw and answered. Script cannot see it, so the page asks the server.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use actix_web::Error;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderValue};
use cors_runtime::{Decision, Facts, Grant, OriginField, Preflight, decide};
use serde::Serialize;

use crate::handlers;

/// A request and its answer.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Record {
    /// What the page has put into the query to tell its requests apart.
    id: String,
    method: String,
    path: String,
    request: Vec<(String, String)>,
    status: u16,
    response: Vec<(String, String)>,
    /// What was decided, in a sentence.
    decided: String,
}

static RECORDS: Mutex<VecDeque<Record>> = Mutex::new(VecDeque::new());

/// The records of one call.
pub(crate) fn of(id: &str) -> Vec<Record> {
    let records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
    records
        .iter()
        .filter(|record| record.id == id)
        .cloned()
        .collect()
}

/// Keeps what goes through the service.
pub(crate) fn record<S, B>(
    req: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse<B>, Error>> + use<S, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let mut record = Record {
        id: req.query_string().trim_start_matches("id=").to_owned(),
        method: req.method().to_string(),
        path: req.path().to_owned(),
        request: shown(req.headers(), |name| {
            name.starts_with("access-control-")
                || ["origin", "cookie", "content-type", "sec-fetch-site"].contains(&name)
        }),
        status: 0,
        response: Vec::new(),
        decided: decided(&req),
    };
    let answer = service.call(req);
    async move {
        let res = answer.await?;
        record.status = res.status().as_u16();
        record.response = shown(res.headers(), |name| {
            name.starts_with("access-control-") || ["vary", "set-cookie"].contains(&name)
        });
        let mut records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
        records.push_back(record);
        if records.len() > 1_000 {
            records.pop_front();
        }
        Ok(res)
    }
}

fn shown(headers: &HeaderMap, is_shown: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut shown: Vec<_> = headers
        .iter()
        .filter(|(name, _)| is_shown(name.as_str()))
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    shown.sort();
    shown
}

/// Decides once more, by the same function as the handler does.
fn decided(req: &ServiceRequest) -> String {
    let field = |name: &str| req.headers().get(name).map(HeaderValue::as_bytes);
    let asked = (req.method() == "OPTIONS")
        .then(|| field("access-control-request-method"))
        .flatten();
    let method = asked.map_or(req.method().as_str().into(), String::from_utf8_lossy);
    let Some((policy, methods)) = handlers::policy(&method, req.path()) else {
        return "No handler with a policy has this method and path.".to_owned();
    };
    let decision = decide(
        policy,
        Facts {
            origin: field("origin").map_or(OriginField::Absent, OriginField::Once),
            vouched: false,
            fetch_site: field("sec-fetch-site"),
            host: field("host"),
            preflight: asked.map(|method| Preflight {
                method,
                methods,
                headers: field("access-control-request-headers").into_iter(),
            }),
        },
    );
    match decision {
        Decision::Run(Ok(Grant::Any)) => "The policy allows anyone to read.".to_owned(),
        Decision::Run(Ok(_)) => "The policy allows this origin to read.".to_owned(),
        Decision::Run(Err(refusal)) => {
            format!("The handler ran, but nothing is granted: {refusal}.")
        }
        Decision::Answer(Ok(_)) => "The preflight is granted.".to_owned(),
        Decision::Answer(Err(refusal)) => format!("The preflight is refused: {refusal}."),
        Decision::Forbid(refusal) => format!("Refused before the handler ran: {refusal}."),
    }
}
