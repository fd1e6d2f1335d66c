//! The requests and responses of the handlers' server and of the cache. Script cannot see them all,
//! so the page asks the server.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use actix_web::Error;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, ORIGIN,
};
use cors_runtime::decision::decide;
use serde::Serialize;

use crate::handlers;
use crate::request::{Seen, sentence};

/// A request and its response.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Record {
    /// An id from the query: the page puts it there to tell its requests apart.
    pub(crate) id: String,
    /// `HIT` or `MISS`, if the request was made to the cache.
    pub(crate) cache: Option<&'static str>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) request: Vec<(String, String)>,
    pub(crate) status: u16,
    pub(crate) response: Vec<(String, String)>,
    /// The decision, in a sentence.
    pub(crate) decided: String,
    /// The text of `Policy::explain` about a preflight.
    pub(crate) explained: Option<String>,
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

/// Keeps a record, and only so many.
pub(crate) fn keep(record: Record) {
    let mut records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
    records.push_back(record);
    if records.len() > 1_000 {
        records.pop_front();
    }
}

/// The id in a query.
pub(crate) fn id(query: &str) -> String {
    query.trim_start_matches("id=").to_owned()
}

/// Records a request and its response.
pub(crate) fn record<S, B>(
    req: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse<B>, Error>> + use<S, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let (decided, explained) = decided(&req);
    let mut record = Record {
        id: id(req.query_string()),
        cache: None,
        method: req.method().to_string(),
        path: req.path().to_owned(),
        request: shown(req.headers(), |name| {
            name.starts_with("access-control-")
                || ["origin", "cookie", "content-type", "sec-fetch-site"].contains(&name)
        }),
        status: 0,
        response: Vec::new(),
        decided,
        explained,
    };
    let response = service.call(req);
    async move {
        let res = response.await?;
        record.status = res.status().as_u16();
        record.response = shown(res.headers(), |name| {
            name.starts_with("access-control-") || ["vary", "set-cookie"].contains(&name)
        });
        keep(record);
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

/// Decides once more, with the function that the handler used, and explains a preflight.
fn decided(req: &ServiceRequest) -> (String, Option<String>) {
    let value = |name| {
        let value = req.headers().get(name)?.as_bytes();
        Some(String::from_utf8_lossy(value).into_owned())
    };
    let asked = (req.method() == "OPTIONS")
        .then(|| value(ACCESS_CONTROL_REQUEST_METHOD))
        .flatten();
    let method = asked.clone().unwrap_or_else(|| req.method().to_string());
    let Some((policy, methods)) = handlers::policy(&method, req.path()) else {
        let nobody = "No handler with a policy serves this method on this path.";
        return (nobody.to_owned(), None);
    };
    let decision = decide(policy, methods, &Seen(req)).answered_by(|_, _| false);
    let explained = asked.map(|_| {
        let origin = value(ORIGIN).unwrap_or_default();
        let headers = value(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
        let headers: Vec<_> = headers
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect();
        policy.explain(&method, &origin, &headers)
    });
    (sentence(decision), explained)
}
