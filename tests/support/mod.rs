//! A server on a free port of this machine, and a client that sends bytes as they are.

#![allow(dead_code)] // each test uses a part of it

pub(crate) mod any_engine;
pub(crate) mod browser;
pub(crate) mod events;
pub(crate) mod reachable_rules;
pub(crate) mod sent;
pub(crate) mod written;

use std::fmt::Debug;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use actix_http::Request;
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{AppConfig, ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, error, web};

/// Serves an application on a free port.
macro_rules! serve {
    ($app:expr) => {
        $crate::support::Server::run(move || {
            let server = actix_web::HttpServer::new(move || $app)
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .expect("a free port");
            (server.addrs()[0], server.run())
        })
    };
}
#[allow(unused_imports)] // not every test uses it
pub(crate) use serve;

/// A running server; it ends with this value.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    handle: ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Serves what `configure` registers.
    pub(crate) fn start(configure: fn(&mut web::ServiceConfig)) -> Self {
        serve!(actix_web::App::new().configure(configure))
    }

    /// Runs a server that is bound; see [`serve`].
    pub(crate) fn run<F>(bind: F) -> Self
    where
        F: FnOnce() -> (SocketAddr, actix_web::dev::Server) + Send + 'static,
    {
        as_in_a_release();
        let (send, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let (addr, server) = bind();
                send.send((addr, server.handle())).expect("the test waits");
                server.await.expect("the server runs");
            });
        });
        let (addr, handle) = receive.recv().expect("the server starts");
        Self {
            addr,
            handle,
            thread: Some(thread),
        }
    }

    /// Sends one request; see [`send`].
    pub(crate) fn send<H: AsRef<[u8]>>(&self, start: &str, headers: &[H], body: &str) -> Response {
        send(self.addr, start, headers, body)
    }

    /// Sends a preflight. If `headers` is empty, it asks for none.
    pub(crate) fn preflight(
        &self,
        path: &str,
        origin: &str,
        method: &str,
        headers: &str,
    ) -> Response {
        let mut lines = vec![
            format!("Origin: {origin}"),
            format!("Access-Control-Request-Method: {method}"),
        ];
        if !headers.is_empty() {
            lines.push(format!("Access-Control-Request-Headers: {headers}"));
        }
        self.send(&format!("OPTIONS {path}"), &lines, "")
    }
}

/// Makes an app without a socket, as [`actix_web::test::init_service`] does.
pub(crate) async fn init_service<A, F, B>(
    app: A,
) -> impl Service<Request, Response = ServiceResponse<B>, Error = Error>
where
    A: IntoServiceFactory<F, Request>,
    F: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<B>, Error = Error>,
    F::InitError: Debug,
    B: MessageBody,
{
    as_in_a_release();
    actix_web::test::init_service(app).await
}

/// Responses are those of a release build, unless a test says otherwise.
fn as_in_a_release() {
    cors_runtime::explain(false);
}

/// Middleware that lets nobody in without `Authorization`.
pub(crate) async fn authenticate(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if req.headers().contains_key(header::AUTHORIZATION) {
        next.call(req).await
    } else {
        Err(error::ErrorUnauthorized("who are you?"))
    }
}

/// Sends one request: `start` is `GET /path`, a header is `Name: value` of any bytes.
pub(crate) fn send<H: AsRef<[u8]>>(
    addr: SocketAddr,
    start: &str,
    headers: &[H],
    body: &str,
) -> Response {
    let mut request =
        format!("{start} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n").into_bytes();
    for header in headers {
        request.extend_from_slice(header.as_ref());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    let mut stream = TcpStream::connect(addr).expect("the server listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a socket");
    stream.write_all(&request).expect("the server reads");
    let mut response = Vec::new();
    // A server that refuses a request early may close before it has read all of it.
    let _ = stream.read_to_end(&mut response);
    Response::parse(&response)
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        // The server stops by itself: the thread is not waited for, so a failed test ends at once.
        drop(self.thread.take());
    }
}

/// The response of a server.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("not a response: {text:?}"));
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|status| status.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": "));
        Self {
            status: status.expect("a status"),
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self.headers.iter().find(|(other, _)| other == name);
        line.map(|(_, value)| value.as_str())
    }

    /// All that the response says of CORS: each `access-control-*` line, and `vary` as a sorted
    /// set.
    ///
    /// # Panics
    /// If `Vary` names a field twice, or stands in several lines.
    pub(crate) fn cors(&self) -> Vec<String> {
        let mut said: Vec<String> = (self.headers.iter())
            .filter(|(name, _)| name.starts_with("access-control-"))
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let lines: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| name == "vary")
            .collect();
        assert!(lines.len() <= 1, "several lines of Vary: {lines:?}");
        if let Some((_, value)) = lines.first() {
            let mut set: Vec<_> = value
                .split(',')
                .map(|field| field.trim().to_ascii_lowercase())
                .collect();
            set.sort();
            assert!(
                set.windows(2).all(|pair| pair[0] != pair[1]),
                "twice in Vary: {value}"
            );
            said.push(format!("vary: {}", set.join(", ")));
        }
        said.sort();
        said
    }
}
