//! Servers that grant everything and write down each request, to see what browsers send.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, HeaderMap, HeaderName, HeaderValue};
use actix_web::{App, HttpRequest, HttpResponse, web};
use futures_util::StreamExt;

use crate::support::{Server, serve};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: BTreeMap<String, String>,
}

impl Record {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

static RECORDS: Mutex<Vec<Record>> = Mutex::new(Vec::new());

/// An element of paths that no request had before.
pub(crate) fn fresh_id() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("id-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// All requests whose path has this element, in the order of their arrival.
pub(crate) fn records(id: &str) -> Vec<Record> {
    let records = RECORDS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let ours = |record: &&Record| record.path.split('/').any(|element| element == id);
    records.iter().filter(ours).cloned().collect()
}

/// Serves `/page`, `/cookies`, `/redirect/STATUS/…`, `/wildcard/…` and everything else.
pub(crate) fn recorder() -> Server {
    serve!(App::new().default_service(web::to(respond)))
}

async fn respond(
    req: HttpRequest,
    query: web::Query<BTreeMap<String, String>>,
    mut body: web::Payload,
) -> HttpResponse {
    // The body after a handshake has no end.
    while !req.headers().contains_key("upgrade") && matches!(body.next().await, Some(Ok(_))) {}
    let headers = (req.headers().iter())
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    RECORDS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .push(Record {
            method: req.method().to_string(),
            path: req.path().to_owned(),
            headers,
        });
    let mut res = match req.path().split('/').nth(1) {
        _ if req.method() == "OPTIONS" => HttpResponse::NoContent().finish(),
        Some("page") => page(&query),
        Some("cookies") => cookies(),
        Some("redirect") => redirect(&req, &query),
        _ => HttpResponse::Ok().content_type("text/plain").body("ok"),
    };
    grant(req.headers(), res.headers_mut());
    if req.path().starts_with("/wildcard/") {
        let any = HeaderValue::from_static("*");
        res.headers_mut().insert(ACCESS_CONTROL_ALLOW_HEADERS, any);
    }
    res
}

/// An empty page with the headers that the query asks for.
fn page(query: &BTreeMap<String, String>) -> HttpResponse {
    let mut res = HttpResponse::Ok();
    res.content_type("text/html; charset=utf-8");
    for (name, value) in query {
        res.insert_header((name.as_str(), value.as_str()));
    }
    res.body("<!doctype html><title>page</title><body>")
}

/// A cookie of each kind.
fn cookies() -> HttpResponse {
    let mut res = HttpResponse::Ok();
    for cookie in [
        "plain=1; Path=/",
        "lax=1; Path=/; SameSite=Lax",
        "strict=1; Path=/; SameSite=Strict",
        "none=1; Path=/; SameSite=None; Secure",
    ] {
        res.append_header(("set-cookie", cookie));
    }
    res.finish()
}

fn redirect(req: &HttpRequest, query: &BTreeMap<String, String>) -> HttpResponse {
    let status = req.path().split('/').nth(2).and_then(|s| s.parse().ok());
    let status = status.unwrap_or_default();
    let status = actix_web::http::StatusCode::from_u16(status);
    let to = query.get("to").cloned().unwrap_or_default();
    HttpResponse::build(status.unwrap_or_default())
        .insert_header(("location", to))
        .finish()
}

/// Grants whatever is asked, for this one request only.
fn grant(request: &HeaderMap, response: &mut HeaderMap) {
    for (asked, granted) in [
        ("origin", "access-control-allow-origin"),
        (
            "access-control-request-method",
            "access-control-allow-methods",
        ),
        (
            "access-control-request-headers",
            "access-control-allow-headers",
        ),
    ] {
        if let Some(value) = request.get(asked) {
            response.insert(HeaderName::from_static(granted), value.clone());
        }
    }
    for (name, value) in [
        ("access-control-allow-credentials", "true"),
        ("access-control-max-age", "0"),
        ("cache-control", "no-store"),
    ] {
        response.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
}
