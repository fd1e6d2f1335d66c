//! Patterns of routes, in scopes: an `AppCors` grants no more than the handler that actix-web's
//! router finds, whatever responds in that handler's place.
//!
//! `tests/it/app_cors/random_apps.rs` compares all of a response, for fewer patterns.

#![no_main]

use std::future::ready;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::{Next, from_fn};
use actix_web::rt::{System, SystemRunner};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpResponse, web};
use arbitrary::Unstructured;
use cors_runtime::{AppCors, Policy, cors, policy};
use libfuzzer_sys::fuzz_target;

const ORIGINS: &[&str] = &["https://app.example", "https://other.example"];
const METHODS: &[&str] = &["GET", "PUT", "POST"];
/// Segments of patterns; `@` is a name that no other segment has.
const PATTERNS: &[&str] = &[
    "a",
    "b",
    "1",
    "{@}",
    "{@}",
    r"{@:\d+}",
    "{@:[ab]+}",
    "a{@}",
    "{@}-b",
    "{@:a|b/a}",
    "{@:.*}",
    "{@:(?i)a}",
    "%61",
    "",
];
const SEGMENTS: &[&str] = &["a", "b", "1", "A", "ab", "a-b", "%61", "x", ""];

type Register = fn(&mut web::ServiceConfig, &str);

macro_rules! handlers {
    ($($name:ident [$($method:literal),*] [$($policy:tt)*])*) => {
        $(
            #[cors($($policy)*, methods = [$($method),*])]
            async fn $name() -> &'static str {
                stringify!($name)
            }
        )*

        const HANDLERS: &[(&str, Register)] = &[$(
            (stringify!($name), |app, path| _ = app.service($name::at(path))),
        )*];
    };
}

handlers! {
    one ["GET", "PUT"] [origins = ["https://app.example"], credentials]
    other ["GET", "PUT"] [origins = ["https://other.example"]]
    anyone ["POST", "PUT"] [origins = ["*"]]
    nobody ["PUT", "GET"] [none]
    closed ["POST"] [origins = ["https://other.example"], enforce]
}

static PUBLIC: Policy = policy!(origins = ["*"]);

#[derive(Debug)]
enum Part {
    Plain(String, &'static str),
    Scope(String, Vec<Part>),
    Annotated(&'static (&'static str, Register), String),
}

fn pattern(
    input: &mut Unstructured<'_>,
    names: &mut usize,
    is_scope: bool,
) -> arbitrary::Result<String> {
    let mut pattern = String::new();
    for i in 0..input.int_in_range(0..=3)? {
        // `b` alone is `/b`.
        if i > 0 || is_scope || input.ratio(7, 8)? {
            pattern.push('/');
        }
        *names += 1;
        let segment = input.choose(PATTERNS)?;
        pattern.push_str(&segment.replace('@', &format!("x{names}")));
    }
    if !is_scope {
        pattern.push_str(["", "", "", "/", "/{tail}*"][input.int_in_range(0..=4)?]);
    }
    Ok(pattern)
}

/// Those without a policy come first: behind one with a policy on the same path, they cannot be
/// seen.
fn parts(
    input: &mut Unstructured<'_>,
    names: &mut usize,
    depth: usize,
) -> arbitrary::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for _ in 0..input.int_in_range(1..=3)? {
        parts.push(match input.int_in_range(0..=7)? {
            0 if depth == 0 => Part::Plain(pattern(input, names, false)?, input.choose(METHODS)?),
            1 | 2 if depth < 2 => Part::Scope(
                pattern(input, names, true)?,
                self::parts(input, names, depth + 1)?,
            ),
            _ => Part::Annotated(input.choose(HANDLERS)?, pattern(input, names, false)?),
        });
    }
    parts.sort_by_key(|part| !matches!(part, Part::Plain(..)));
    Ok(parts)
}

fn add(app: &mut web::ServiceConfig, parts: &[Part]) {
    for part in parts {
        match part {
            Part::Plain(path, method) => {
                let method = Method::from_bytes(method.as_bytes()).expect("a method");
                let route = web::method(method).to(|| ready("plain"));
                app.service(web::resource(&**path).route(route));
            }
            Part::Scope(prefix, parts) => {
                app.service(web::scope(prefix).configure(|app| add(app, parts)));
            }
            Part::Annotated((_, register), path) => register(app, path),
        }
    }
}

fn sent_path(input: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let mut path = String::new();
    for _ in 0..input.int_in_range(1..=4)? {
        path.push('/');
        path.push_str(input.choose(SEGMENTS)?);
    }
    Ok(path)
}

/// The paths that a normalizer makes of this one, with the last slash and without it.
fn respelled(path: &str) -> Vec<String> {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let trimmed = format!("/{}", parts.join("/"));
    let with_slash = format!("{}/", trimmed.trim_end_matches('/'));
    let mut all = vec![trimmed, with_slash];
    all.dedup();
    all.retain(|other| other != path);
    all
}

#[derive(Debug)]
struct Received {
    status: StatusCode,
    is_readable: bool,
    body: String,
}

impl Received {
    fn is_granted(&self) -> bool {
        self.status == StatusCode::NO_CONTENT && self.is_readable
    }

    fn is_of_a_handler(&self) -> bool {
        HANDLERS.iter().any(|(name, _)| *name == self.body)
    }
}

async fn send<S>(app: &S, req: TestRequest) -> Received
where
    S: Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    let res = match app.call(req.to_request()).await {
        Ok(res) => res,
        Err(error) => panic!("{error}"),
    };
    let names = |name| res.headers().contains_key(name);
    let is_readable = names(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let status = res.status();
    let body = to_bytes(res.into_body()).await.expect("a body");
    Received {
        status,
        is_readable,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// A middleware that lets nobody in.
async fn refuse(req: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    Ok(req.into_response(HttpResponse::Unauthorized()))
}

fn request(path: &str, method: &str, origin: &str) -> TestRequest {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = TestRequest::with_uri(path).method(method);
    request.insert_header((header::ORIGIN, origin))
}

fn preflight(path: &str, method: &str, origin: &str) -> TestRequest {
    request(path, "OPTIONS", origin).insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, method))
}

async fn run(input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let parts = &*parts(input, &mut 0, 0)?;
    let add = |app: &mut web::ServiceConfig| add(app, parts);
    let bare = init_service(App::new().configure(add)).await;
    let around = init_service(App::new().configure(add).wrap(AppCors::new())).await;
    let login = App::new().configure(add).wrap(from_fn(refuse));
    let behind = init_service(login.wrap(AppCors::new())).await;
    let default = AppCors::new().otherwise(&PUBLIC);
    let login = App::new().configure(add).wrap(from_fn(refuse));
    let with_default = init_service(login.wrap(default)).await;
    for _ in 0..input.int_in_range(1..=3)? {
        let path = &*sent_path(input)?;
        let (method, origin) = (*input.choose(METHODS)?, *input.choose(ORIGINS)?);
        let what = format!("{method} {path} from {origin} in {parts:?}");
        // By actix-web alone: without an origin, each handler runs.
        let reached = async |path: &str| {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            send(&bare, TestRequest::with_uri(path).method(method)).await
        };
        let target = reached(path).await;
        // Where nothing is, a normalizer may lead to these.
        let mut meant = vec![path.to_owned()];
        if target.status == StatusCode::NOT_FOUND {
            for other in respelled(path) {
                if reached(&other).await.is_of_a_handler() {
                    meant.push(other);
                }
            }
            if meant.len() > 1 {
                meant.remove(0);
            }
        }
        let (mut may_ask, mut may_read) = (true, true);
        for path in &meant {
            may_ask &= send(&bare, preflight(path, method, origin))
                .await
                .is_granted();
            may_read &= send(&bare, request(path, method, origin)).await.is_readable;
        }
        for (app, found) in [
            (
                "around",
                send(&around, preflight(path, method, origin)).await,
            ),
            (
                "behind",
                send(&behind, preflight(path, method, origin)).await,
            ),
        ] {
            assert!(!found.is_granted() || may_ask, "{app}, preflight of {what}");
        }
        let found = send(&around, request(path, method, origin)).await;
        assert!(!found.is_readable || may_read, "around, {what}");
        let found = send(&behind, request(path, method, origin)).await;
        assert!(!found.is_readable || may_read, "behind, {what}");
        // A default policy speaks for no handler that has its own.
        if target.is_of_a_handler() {
            let found = send(&with_default, preflight(path, method, origin)).await;
            assert!(
                !found.is_granted() || may_ask,
                "default, preflight of {what}"
            );
            let found = send(&with_default, request(path, method, origin)).await;
            assert!(!found.is_readable || may_read, "default, {what}");
        }
    }
    Ok(())
}

thread_local! {
    static SYSTEM: SystemRunner = {
        cors_runtime::explain(false);
        System::new()
    };
}

fuzz_target!(|bytes: &[u8]| {
    let _ = SYSTEM.with(|system| system.block_on(run(&mut Unstructured::new(bytes))));
});
