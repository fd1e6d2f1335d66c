//! A cache between the handlers and the two origins, small enough to read. One half of it respects
//! `Vary`, the other ignores it.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, error, get, web};

use crate::record::{self, Record};

pub(crate) struct Cache {
    upstream: SocketAddr,
    responses: Mutex<HashMap<Key, Arc<Response>>>,
}

/// A number that the page chooses, so that each experiment starts with an empty cache; whether
/// `Vary` is respected; the path; and, if `Vary` is respected, the `Origin`.
type Key = (String, bool, String, Option<String>);

struct Response {
    headers: Vec<(String, String)>,
    body: String,
}

impl Cache {
    pub(crate) fn new(upstream: SocketAddr) -> Self {
        Self {
            upstream,
            responses: Mutex::default(),
        }
    }

    /// A response, and `HIT` if it was kept, `MISS` if the server was asked.
    fn get(&self, key: Key, origin: &str) -> std::io::Result<(Arc<Response>, &'static str)> {
        let mut responses = self
            .responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(response) = responses.get(&key) {
            return Ok((Arc::clone(response), "HIT"));
        }
        let response = Arc::new(self.fetch(&key.2, origin)?);
        // Bounded, because anybody can ask for anything.
        if responses.len() >= 100 {
            responses.clear();
        }
        responses.insert(key, Arc::clone(&response));
        Ok((response, "MISS"))
    }

    fn fetch(&self, path: &str, origin: &str) -> std::io::Result<Response> {
        let mut stream = TcpStream::connect(self.upstream)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let host = self.upstream;
        write!(
            stream,
            "GET /{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n"
        )?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let is_kept = |name: &str| name.starts_with("access-control-") || name == "vary";
        let headers = head.lines().filter_map(|line| line.split_once(": "));
        let headers = headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .filter(|(name, _)| is_kept(name));
        Ok(Response {
            headers: headers.collect(),
            body: body.to_owned(),
        })
    }
}

#[get("/{how}/{run}/{path}")]
async fn cached(
    req: HttpRequest,
    path: web::Path<(String, String, String)>,
    cache: web::Data<Cache>,
) -> actix_web::Result<HttpResponse> {
    let (how, run, path) = path.into_inner();
    let origin = req
        .headers()
        .get("origin")
        .and_then(|origin| origin.to_str().ok());
    let origin = origin.unwrap_or_default().to_owned();
    let respects_vary = how == "respecting";
    let key = (
        run,
        respects_vary,
        path,
        respects_vary.then(|| origin.clone()),
    );
    let asked = origin.clone();
    let found = web::block(move || cache.get(key, &asked)).await?;
    let (response, hit) = found.map_err(error::ErrorBadGateway)?;
    record::keep(Record {
        id: record::id(req.query_string()),
        cache: Some(hit),
        method: req.method().to_string(),
        path: req.path().to_owned(),
        request: vec![("origin".to_owned(), origin)],
        status: 200,
        response: response.headers.clone(),
        decided: if hit == "HIT" {
            "The cache has this response, and the server is not asked.".to_owned()
        } else {
            "The cache has no such response, asks the server, and keeps what it gets.".to_owned()
        },
        explained: None,
    });
    let mut res = HttpResponse::Ok();
    for (name, value) in &response.headers {
        res.append_header((name.as_str(), value.as_str()));
    }
    // Keep the browser's own cache out of it.
    Ok(res
        .insert_header(("cache-control", "no-store"))
        .body(response.body.clone()))
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(cached);
}
