//! Random apps: what `AppCors` responds is what routing alone responds.

use std::cell::Cell;
use std::collections::HashSet;
use std::future::ready;

use actix_http::Request;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ResourceDef, Service, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::{Next, from_fn};
use actix_web::rt::System;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, Error, HttpResponse, web};
use cors_runtime::{AppCors, AsyncOriginSource, Origin, SourceError, cors};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const ORIGINS: &[&str] = &["https://app.example", "https://other.example", "null"];
const METHODS: &[&str] = &["GET", "PUT", "POST", "HEAD", "PURGE"];
const PREFIXES: &[&str] = &["", "/a", "/{p}", r"/{p:\d+}", "/a/b"];
const PATHS: &[&str] = &[
    "",
    "/",
    "/a",
    "/{x}",
    r"/{x:\d+}",
    "/{x:[a-z]{1}}/{y:[0-9]}",
    "/a/{x}",
    "/{x}/b",
    "/{x}*",
    "/a/{x}*",
    "/{x:.*}",
    "/a/",
    "b",
];
/// Those of unannotated resources. A tail would hide the annotated path before it, which is then left
/// to the middleware.
const PLAIN_PATHS: &[&str] = &["", "/", "/a", "/{x}", r"/{x:\d+}", "/a/{x}", "/{x}/b", "b"];
/// Those of requests.
const SENT: &[&str] = &[
    "/",
    "/a",
    "/a/",
    "/1",
    "/1/",
    "/b",
    "/a/b",
    "/a/1",
    "/1/a",
    "/a/b/a",
    "/a/b/1/b",
    "/1/1/1",
    "//",
    "//a",
    "/a//b",
    "/%61",
    "/a%2Fb",
    "/1/a/a/a/a",
];

struct Slow;

impl AsyncOriginSource for Slow {
    async fn allows(&self, origin: &Origin<'_>, _: Option<&str>) -> Result<bool, SourceError> {
        actix_web::rt::task::yield_now().await;
        Ok(origin.as_str() == ORIGINS[1])
    }
}

static SLOW: Slow = Slow;

macro_rules! handlers {
    ($($name:ident [$($method:literal),*] [$($policy:tt)*])*) => {
        $(
            #[cors($($policy)*, methods = [$($method),*])]
            async fn $name() -> &'static str {
                stringify!($name)
            }
        )*

        /// How each is registered, and its methods.
        const HANDLERS: &[(fn(&mut web::ServiceConfig, &str), &[&str])] = &[$(
            (
                |app, path| {
                    app.service($name::at(path));
                },
                &[$($method),*],
            ),
        )*];
    };
}

handlers! {
    credentialed ["GET"] [origins = ["https://app.example"], credentials, allow_headers = ["x-a"]]
    open ["GET", "POST"] [origins = ["*"], expose_headers = ["etag"], max_age = 60]
    closed ["PUT"] [none]
    asked ["PUT", "PURGE"] [origins = [SLOW], allow_headers = ["x-a"]]
    enforced ["POST"] [origins = ["https://other.example"], enforce]
    opaque ["GET", "HEAD"] [origins = ["null"], danger(null_origin = "a test")]
}

/// A part of an app.
#[derive(Debug, Clone)]
enum Part {
    Plain(&'static str, &'static str),
    Scope(&'static str, Vec<Part>),
    Annotated(usize, &'static str),
}

impl Part {
    fn rank(&self) -> u8 {
        match self {
            Self::Plain(..) => 0,
            Self::Scope(..) => 1,
            Self::Annotated(..) => 2,
        }
    }
}

fn add(app: &mut web::ServiceConfig, parts: &[Part]) {
    for part in parts {
        match part {
            Part::Plain(path, method) => {
                let method = method.parse().unwrap_or(Method::GET);
                let route = web::method(method).to(|| ready("plain"));
                app.service(web::resource(*path).route(route));
            }
            Part::Scope(prefix, parts) => {
                app.service(web::scope(prefix).configure(|app| add(app, parts)));
            }
            Part::Annotated(handler, path) => HANDLERS[*handler].0(app, path),
        }
    }
}

/// Unannotated resources come first. Behind an annotated one on the same path they cannot be seen.
fn sort(parts: &mut [Part]) {
    parts.sort_by_key(Part::rank);
    for part in parts {
        if let Part::Scope(_, parts) = part {
            sort(parts);
        }
    }
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let annotated = || {
        (0..HANDLERS.len(), prop::sample::select(PATHS))
            .prop_map(|(handler, path)| Part::Annotated(handler, path))
            .boxed()
    };
    let plain = (
        prop::sample::select(PLAIN_PATHS),
        prop::sample::select(METHODS),
    )
        .prop_map(|(path, method)| Part::Plain(path, method));
    let grow = |leaf: BoxedStrategy<Part>| {
        let part = leaf.prop_recursive(2, 12, 4, |part| {
            (
                prop::sample::select(PREFIXES),
                prop::collection::vec(part, 1..4),
            )
                .prop_map(|(prefix, parts)| Part::Scope(prefix, parts))
        });
        prop::collection::vec(part, 1..5)
    };
    let sorted =
        grow(prop_oneof![3 => annotated(), 1 => plain.clone()].boxed()).prop_map(|mut parts| {
            sort(&mut parts);
            parts
        });
    // Routing does not leave a scope, so those without policies may come anywhere.
    let between = (
        (0..HANDLERS.len(), 0..HANDLERS.len()),
        prop::sample::select(PATHS),
        prop::sample::select(PREFIXES),
        prop::collection::vec(plain, 0..3),
    )
        .prop_map(|((before, after), path, prefix, plain)| {
            vec![
                Part::Annotated(before, path),
                Part::Scope(prefix, plain),
                Part::Annotated(after, path),
            ]
        });
    prop_oneof![grow(annotated()), sorted, between]
}

/// Leaves one handler for each pattern and method: several would have to agree.
fn leave_one(parts: &mut Vec<Part>, prefix: &str, seen: &mut HashSet<(String, &'static str)>) {
    parts.retain_mut(|part| match part {
        Part::Plain(..) => true,
        Part::Scope(path, parts) => {
            leave_one(parts, &format!("{prefix}{path}"), seen);
            true
        }
        Part::Annotated(handler, path) => {
            let slash = if path.is_empty() || path.starts_with('/') {
                ""
            } else {
                "/"
            };
            let whole = format!("{prefix}{slash}{path}");
            let mut keys = HANDLERS[*handler]
                .1
                .iter()
                .map(|method| (whole.clone(), *method));
            keys.clone().all(|key| !seen.contains(&key)) && keys.all(|key| seen.insert(key))
        }
    });
}

/// Leaves the handlers that a request of each of their methods reaches. `AppCors` sees no guards of
/// scopes, so one that is always behind another would have to agree with it.
fn leave_reached(parts: &mut [Part]) {
    let mut reached = HashSet::new();
    for path in SENT {
        for method in METHODS {
            let part = route(parts, path, method).map(std::ptr::from_ref);
            reached.extend(part.map(|part| (part, *method)));
        }
    }
    drop_others(parts, &reached);
}

/// The part that routing would reach.
fn route<'a>(parts: &'a [Part], path: &str, method: &str) -> Option<&'a Part> {
    let is_match = |pattern: &str| {
        let slash = if pattern.is_empty() || pattern.starts_with('/') {
            ""
        } else {
            "/"
        };
        ResourceDef::new(format!("{slash}{pattern}")).is_match(path)
    };
    for part in parts {
        match part {
            Part::Scope(prefix, parts) => {
                if let Some(len) = ResourceDef::root_prefix(prefix).find_match(path) {
                    return route(parts, &path[len..], method);
                }
            }
            Part::Plain(pattern, _) if is_match(pattern) => return Some(part),
            Part::Annotated(handler, pattern)
                if HANDLERS[*handler].1.contains(&method) && is_match(pattern) =>
            {
                return Some(part);
            }
            _ => {}
        }
    }
    None
}

static PUBLIC: cors_runtime::Policy = cors_runtime::policy!(origins = ["*"]);
static DEFAULTS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

/// Whether an annotated handler has this path and method, wherever it is.
fn may_be_annotated(parts: &[Part], path: &str, method: &str) -> bool {
    parts.iter().any(|part| match part {
        Part::Scope(prefix, parts) => ResourceDef::root_prefix(prefix)
            .find_match(path)
            .is_some_and(|len| may_be_annotated(parts, &path[len..], method)),
        Part::Annotated(..) => {
            matches!(
                route(std::slice::from_ref(part), path, method),
                Some(Part::Annotated(..))
            )
        }
        Part::Plain(..) => false,
    })
}

fn drop_others(parts: &mut [Part], reached: &HashSet<(*const Part, &str)>) {
    for part in parts {
        let address = std::ptr::from_ref(part);
        match part {
            Part::Scope(_, parts) => drop_others(parts, reached),
            Part::Annotated(handler, _) => {
                let mut methods = HANDLERS[*handler].1.iter();
                if !methods.all(|method| reached.contains(&(address, method))) {
                    *part = Part::Scope("/nothing", Vec::new());
                }
            }
            Part::Plain(..) => {}
        }
    }
}

/// The whole of a response.
async fn response<S, B>(app: &S, req: Request) -> String
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let res = call_service(app, req).await;
    let mut lines: Vec<_> = (res.headers().iter())
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    lines.sort();
    let status = res.status().as_u16();
    let body = to_bytes(res.into_body()).await.unwrap_or_default();
    format!("{status} {lines:?} {}", String::from_utf8_lossy(&body))
}

/// Compares what is responded with and without `AppCors`: the same if all handlers can be reached, and
/// otherwise no more.
async fn compare(parts: &[Part], are_all_reached: bool) -> (usize, usize) {
    let bare = init_service(App::new().configure(|app| add(app, parts))).await;
    let app = App::new()
        .configure(|app| add(app, parts))
        .wrap(AppCors::new());
    let app = init_service(app).await;
    let behind = App::new()
        .configure(|app| add(app, parts))
        .wrap(from_fn(|req: ServiceRequest, _: Next<BoxBody>| {
            ready(Ok(req.into_response(HttpResponse::Unauthorized())))
        }))
        .wrap(AppCors::new());
    let behind = init_service(behind).await;
    let with_default = App::new()
        .configure(|app| add(app, parts))
        .wrap(AppCors::new().otherwise(&PUBLIC).only(&["GET", "PUT"]));
    let with_default = init_service(with_default).await;
    let (mut granted, mut read) = (0, 0);
    for (path, method, origin) in requests() {
        for header in ["", "x-a"] {
            let preflight = || {
                let mut req = TestRequest::with_uri(path)
                    .method(Method::OPTIONS)
                    .insert_header((header::ORIGIN, origin))
                    .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, method));
                if !header.is_empty() {
                    req = req.insert_header((header::ACCESS_CONTROL_REQUEST_HEADERS, header));
                }
                req.to_request()
            };
            let alone = response(&bare, preflight()).await;
            let what = format!("preflight of {method} {path} from {origin} with {header:?}");
            let found = response(&app, preflight()).await;
            let behind = response(&behind, preflight()).await;
            if !are_all_reached {
                for found in [found, behind] {
                    let is_granted = found.starts_with("204");
                    assert!(!is_granted || alone.starts_with("204"), "{what}: {found}");
                }
                continue;
            }
            assert_eq!(found, alone, "{what}");
            let by_default = response(&with_default, preflight()).await;
            let is_public = by_default.starts_with("204")
                && by_default.contains("access-control-allow-origin: *");
            let decoded = &*path.replace("%61", "a");
            if matches!(route(parts, decoded, method), Some(Part::Annotated(..))) {
                assert_eq!(by_default, alone, "{what}, with a default");
            } else if ["GET", "PUT"].contains(&method) {
                assert!(
                    is_public == header.is_empty() || may_be_annotated(parts, decoded, method),
                    "{what}, with a default: {by_default}"
                );
                DEFAULTS.fetch_add(usize::from(is_public), std::sync::atomic::Ordering::Relaxed);
            } else {
                assert_eq!(
                    by_default, alone,
                    "{what}, with a default for other methods"
                );
            }
            // It is answered before any middleware, or not at all.
            let is_answered = alone.contains("Access-Control-Request-Method");
            let expected = if is_answered { &*alone } else { "401 [] " };
            assert_eq!(behind, expected, "{what}, behind a middleware");
            granted += usize::from(alone.starts_with("204"));
        }
        let request = || {
            TestRequest::with_uri(path)
                .method(method.parse().unwrap_or_default())
                .insert_header((header::ORIGIN, origin))
                .insert_header(("sec-fetch-site", "cross-site"))
                .to_request()
        };
        let alone = response(&bare, request()).await;
        let what = format!("{method} {path} from {origin}");
        assert_eq!(response(&app, request()).await, alone, "{what}");
        // A 401 is read by those who would read the handler's response.
        let behind = response(&behind, request()).await;
        let grants = |response: &str| response.contains("access-control-allow-origin");
        assert!(
            grants(&behind) == grants(&alone) || !are_all_reached && !grants(&behind),
            "{what}, behind a middleware: {behind}"
        );
        read += usize::from(grants(&behind));
    }
    (granted, read)
}

fn requests() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SENT.iter().flat_map(|path| {
        (METHODS.iter())
            .flat_map(move |method| ORIGINS.iter().map(move |origin| (*path, *method, *origin)))
    })
}

#[test]
fn app_cors_responds_as_routing_alone_does() {
    // Otherwise AppCors explains preflights that no handler takes.
    cors_runtime::explain(false);
    let config = Config {
        cases: std::env::var("CASES").map_or(72, |it| it.parse().unwrap()),
        failure_persistence: None,
        ..Config::default()
    };
    // The same apps each time: a failure can be repeated.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let (granted, read) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&parts(), |mut parts| {
        leave_one(&mut parts, "", &mut HashSet::new());
        System::new().block_on(compare(&parts, false));
        leave_reached(&mut parts);
        let found = System::new().block_on(compare(&parts, true));
        granted.set(granted.get() + found.0);
        read.set(read.get() + found.1);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    println!("granted {granted:?}, read {read:?}, by default {DEFAULTS:?}");
    assert!(
        granted.get() > 100 && read.get() > 50,
        "{granted:?} {read:?}: the apps are too empty"
    );
}
