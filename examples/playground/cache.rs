//! A cache between the handlers and two origins, small enough to read: one half of it heeds `Vary`, the other does not.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, error, get, web};

pub(crate) struct Cache {
    upstream: SocketAddr,
    answers: Mutex<HashMap<Key, Arc<Answer>>>,
}

/// Whether `Vary` is heeded, the path and, if it is, the `Origin`.
type Key = (bool, String, Option<String>);

struct Answer {
    headers: Vec<(String, String)>,
    body: String,
}

impl Cache {
    pub(crate) fn new(upstream: SocketAddr) -> Self {
        Self {
            upstream,
            answers: Mutex::default(),
        }
    }

    fn get(&self, heeds_vary: bool, path: &str, origin: &str) -> std::io::Result<Arc<Answer>> {
        let key = (
            heeds_vary,
            path.to_owned(),
            heeds_vary.then(|| origin.to_owned()),
        );
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers.get(&key) {
            return Ok(Arc::clone(answer));
        }
        let answer = Arc::new(self.fetch(path, origin)?);
        // A cache, but not of everything that anybody asks for.
        if answers.len() < 100 {
            answers.insert(key, Arc::clone(&answer));
        }
        Ok(answer)
    }

    fn fetch(&self, path: &str, origin: &str) -> std::io::Result<Answer> {
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
        Ok(Answer {
            headers: headers.collect(),
            body: body.to_owned(),
        })
    }
}

#[get("/{how}/{path}")]
async fn cached(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    cache: web::Data<Cache>,
) -> actix_web::Result<HttpResponse> {
    let (how, path) = path.into_inner();
    let origin = req
        .headers()
        .get("origin")
        .and_then(|origin| origin.to_str().ok());
    let origin = origin.unwrap_or_default().to_owned();
    let answer = web::block(move || cache.get(how == "heeding", &path, &origin)).await?;
    let answer = answer.map_err(error::ErrorBadGateway)?;
    let mut res = HttpResponse::Ok();
    for (name, value) in &answer.headers {
        res.append_header((name.as_str(), value.as_str()));
    }
    // The browser's own cache is not in question.
    Ok(res
        .insert_header(("cache-control", "no-store"))
        .body(answer.body.clone()))
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(cached);
}
