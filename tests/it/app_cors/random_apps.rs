//! Random apps: what `AppCors` responds is what routing alone responds.

use std::cell::Cell;
use std::collections::HashSet;
use std::future::ready;

use actix_http::Request;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ResourceDef, Service, ServiceRequest, ServiceResponse};
use actix_web::guard::Header;
use actix_web::http::{Method, header};
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::rt::System;
use actix_web::test::{TestRequest, call_service};
use actix_web::{App, Error, HttpResponse, web};
use cors_runtime::{AppCors, AsyncOriginSource, Origin, SourceError, Target, cors};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::init_service;

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
/// The patterns of unannotated resources. A tail would hide the annotated path before it, which is
/// then left to the middleware.
const PLAIN_PATHS: &[&str] = &["", "/", "/a", "/{x}", r"/{x:\d+}", "/a/{x}", "/{x}/b", "b"];
/// The paths of requests.
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
    async fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        actix_web::rt::task::yield_now().await;
        Ok(origin.as_str() == ORIGINS[1])
    }
}

static SLOW: Slow = Slow;

/// The header that guards look at.
const GUARD: &str = "x-guard";

type Register = fn(&mut web::ServiceConfig, &str, Option<&'static str>);

macro_rules! handlers {
    ($($name:ident [$($method:literal),*] [$($policy:tt)*])*) => {
        $(
            #[cors($($policy)*, methods = [$($method),*])]
            async fn $name() -> &'static str {
                stringify!($name)
            }
        )*

        /// How each is registered, and its methods.
        const HANDLERS: &[(Register, &[&str])] = &[$(
            (
                |app, path, guard| {
                    let service = $name::at(path);
                    app.service(match guard {
                        Some(guard) => service.guard(Header(GUARD, guard)),
                        None => service,
                    });
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
    /// With the value that its guard wants.
    Guarded(usize, &'static str, &'static str),
}

impl Part {
    fn rank(&self) -> u8 {
        match self {
            Self::Plain(..) => 0,
            Self::Scope(..) => 1,
            Self::Annotated(..) | Self::Guarded(..) => 2,
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
            Part::Annotated(handler, path) => HANDLERS[*handler].0(app, path, None),
            Part::Guarded(handler, path, guard) => HANDLERS[*handler].0(app, path, Some(guard)),
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

/// Handlers on few paths, most of them with a guard, perhaps in a scope.
fn guarded() -> impl Strategy<Value = Vec<Part>> {
    let handler = (
        0..HANDLERS.len(),
        prop::sample::select(&["/a", "/{x}", "/a/{x}*", ""][..]),
        prop::sample::select(&["a", "b", ""][..]),
    )
        .prop_map(|(handler, path, guard)| match guard {
            "" => Part::Annotated(handler, path),
            guard => Part::Guarded(handler, path, guard),
        });
    (
        prop::collection::vec(handler.clone(), 1..5),
        prop::sample::select(PREFIXES),
        prop::collection::vec(handler, 0..4),
    )
        .prop_map(|(mut parts, prefix, inside)| {
            parts.insert(parts.len() / 2, Part::Scope(prefix, inside));
            parts
        })
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
        Part::Plain(..) | Part::Guarded(..) => true,
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

/// True if an annotated handler may have this path and method, wherever it is.
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
        Part::Plain(..) | Part::Guarded(..) => false,
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
            Part::Plain(..) | Part::Guarded(..) => {}
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

fn preflight(path: &str, method: &str, origin: &str, header: &str) -> Request {
    let mut req = TestRequest::with_uri(path)
        .method(Method::OPTIONS)
        .insert_header((header::ORIGIN, origin))
        .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, method));
    if !header.is_empty() {
        req = req.insert_header((header::ACCESS_CONTROL_REQUEST_HEADERS, header));
    }
    req.to_request()
}

fn request(path: &str, method: &str, origin: &str) -> Request {
    TestRequest::with_uri(path)
        .method(method.parse().unwrap_or_default())
        .insert_header((header::ORIGIN, origin))
        .insert_header(("sec-fetch-site", "cross-site"))
        .to_request()
}

fn is_granted(preflight: &str) -> bool {
    preflight.starts_with("204")
}

fn is_readable(response: &str) -> bool {
    response.contains("access-control-allow-origin")
}

/// A middleware that lets nobody in.
async fn refuse(req: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    Ok(req.into_response(HttpResponse::Unauthorized()))
}

macro_rules! app {
    ($parts:expr $(, $middleware:expr)*) => {
        init_service(App::new().configure(|app| add(app, $parts))$(.wrap($middleware))*).await
    };
}

/// Compares what is responded with and without `AppCors`: the same if all handlers can be reached,
/// and otherwise no more.
async fn compare(parts: &[Part], are_all_reached: bool) -> (usize, usize) {
    let bare = app!(parts);
    let app = app!(parts, AppCors::new());
    let behind = app!(parts, from_fn(refuse), AppCors::new());
    let default = || AppCors::new().otherwise(&PUBLIC).only(&["GET", "PUT"]);
    let with_default = app!(parts, default());
    let (mut granted, mut read) = (0, 0);
    for (path, method, origin) in requests() {
        let decoded = &*path.replace("%61", "a");
        let target = route(parts, decoded, method);
        // Where there is nothing, a normalizer may lead to these.
        let is_annotated =
            |path: &String| matches!(route(parts, path, method), Some(Part::Annotated(..)));
        let mut others = respelled(path);
        others.retain(|other| target.is_none() && is_annotated(&other.replace("%61", "a")));
        for header in ["", "x-a"] {
            let preflight = |path: &str| preflight(path, method, origin, header);
            let alone = response(&bare, preflight(path)).await;
            let what = format!("preflight of {method} {path} from {origin} with {header:?}");
            let found = response(&app, preflight(path)).await;
            let behind = response(&behind, preflight(path)).await;
            if !others.is_empty() {
                let mut all_grant = true;
                for other in &others {
                    let expected = response(&bare, preflight(other)).await;
                    all_grant &= is_granted(&expected);
                    if are_all_reached && others.len() == 1 {
                        assert_eq!(found, expected, "{what}, respelled");
                    }
                }
                assert!(all_grant || !is_granted(&found), "{what}, respelled");
                if are_all_reached {
                    let by_default = response(&with_default, preflight(path)).await;
                    assert_eq!(behind, found, "{what}, respelled");
                    assert_eq!(by_default, found, "{what}, respelled");
                }
                continue;
            }
            if !are_all_reached {
                for found in [found, behind] {
                    assert!(!is_granted(&found) || is_granted(&alone), "{what}: {found}");
                }
                continue;
            }
            assert_eq!(found, alone, "{what}");
            let by_default = response(&with_default, preflight(path)).await;
            let is_public =
                is_granted(&by_default) && by_default.contains("access-control-allow-origin: *");
            if matches!(target, Some(Part::Annotated(..))) {
                assert_eq!(by_default, alone, "{what}, with a default");
            } else if ["GET", "PUT", "HEAD"].contains(&method) {
                // In front of one of these, it is not clear whether the default is meant.
                let mut all = respelled(decoded);
                all.push(decoded.to_owned());
                let is_in_doubt = (all.iter()).any(|path| may_be_annotated(parts, path, method));
                assert!(
                    is_public == header.is_empty() || is_in_doubt,
                    "{what}, with a default: {by_default}"
                );
                DEFAULTS.fetch_add(usize::from(is_public), std::sync::atomic::Ordering::Relaxed);
            } else {
                assert!(!is_granted(&by_default), "{what}, with a default");
            }
            // It is answered before any middleware, or not at all.
            let is_answered = alone.contains("Access-Control-Request-Method");
            let expected = if is_answered { &*alone } else { "401 [] " };
            assert_eq!(behind, expected, "{what}, behind a middleware");
            granted += usize::from(is_granted(&alone));
        }
        let request = |path: &str| request(path, method, origin);
        let alone = response(&bare, request(path)).await;
        let found = response(&app, request(path)).await;
        let what = format!("{method} {path} from {origin}");
        // A 401 is read by those who would read the handler's response.
        let behind = response(&behind, request(path)).await;
        let mut may_read = is_readable(&alone);
        if others.is_empty() {
            assert_eq!(found, alone, "{what}");
        } else {
            assert_eq!(found[..3], alone[..3], "{what}");
            may_read = true;
            for other in &others {
                may_read &= is_readable(&response(&bare, request(other)).await);
            }
            assert!(!is_readable(&found) || may_read, "{what}, respelled");
        }
        assert!(
            is_readable(&behind) == may_read || !are_all_reached && !is_readable(&behind),
            "{what}, behind a middleware: {behind}"
        );
        read += usize::from(is_readable(&behind));
    }
    (granted, read)
}

/// Compares an app behind a normalizer with the same app that has an `AppCors`, on either side of
/// it.
async fn compare_normalized(parts: &[Part]) {
    let bare = app!(parts, NormalizePath::trim());
    let inside = app!(parts, NormalizePath::trim(), AppCors::new());
    let around = app!(parts, AppCors::new(), NormalizePath::trim());
    for (path, method, origin) in requests() {
        let decoded = &*path.replace("%61", "a");
        let trimmed = &*respelled(&format!("/{decoded}/")).swap_remove(0);
        let is_annotated =
            |path: &str| matches!(route(parts, path, method), Some(Part::Annotated(..)));
        // At a path of its own, `AppCors` expects what is there, although the normalizer leads
        // away.
        let is_own = decoded != trimmed && route(parts, decoded, method).is_some();
        let what = format!("{method} {path} from {origin}");
        let preflight = || preflight(path, method, origin, "");
        let alone = response(&bare, preflight()).await;
        // A normalizer that adds the last slash would lead there.
        let may_be_with_slash = is_annotated(&format!("{trimmed}/"));
        if is_annotated(trimmed) || !may_be_with_slash {
            let found = response(&around, preflight()).await;
            assert_eq!(found, alone, "preflight of {what}");
        }
        let found = response(&inside, preflight()).await;
        if is_annotated(trimmed) && !is_own {
            assert!(
                !is_granted(&found) || is_granted(&alone),
                "preflight of {what}"
            );
            if !may_be_with_slash {
                assert_eq!(found, alone, "preflight of {what}");
            }
        }
        let request = || request(path, method, origin);
        let alone = response(&bare, request()).await;
        for (found, where_) in [
            (response(&around, request()).await, "around"),
            (response(&inside, request()).await, "inside"),
        ] {
            if is_annotated(trimmed) {
                assert_eq!(found, alone, "{what}: {where_}");
            } else {
                assert_eq!(found[..3], alone[..3], "{what}: {where_}");
            }
        }
    }
}

/// With guards, `AppCors` grants only what every handler grants that a preflight can reach.
async fn compare_guarded(parts: &[Part]) {
    let bare = app!(parts);
    let behind = app!(parts, from_fn(refuse), AppCors::new());
    for (path, method, origin) in requests() {
        let what = format!("{method} {path} from {origin}");
        let found = response(&behind, preflight(path, method, origin, "")).await;
        let allowed = response(&behind, request(path, method, origin)).await;
        let mut was_reached = false;
        for guard in ["", "a", "b"] {
            let with_guard = |req: Request| {
                let mut req = TestRequest::with_uri(path)
                    .method(req.method().clone())
                    .insert_header((header::ORIGIN, origin))
                    .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, method));
                if !guard.is_empty() {
                    req = req.insert_header((GUARD, guard));
                }
                req.to_request()
            };
            let alone = response(&bare, with_guard(preflight(path, method, origin, ""))).await;
            let is_reached = alone.contains("Access-Control-Request-Method");
            was_reached |= is_reached;
            if is_reached {
                assert!(
                    !is_granted(&found) || is_granted(&alone),
                    "{what}, {guard}: {found}"
                );
            }
            let alone = response(&bare, with_guard(request(path, method, origin))).await;
            if is_reached {
                assert!(
                    !is_readable(&allowed) || is_readable(&alone),
                    "{what}, {guard}: {allowed}"
                );
            }
        }
        assert!(
            was_reached || !is_granted(&found) || !respelled(path).is_empty(),
            "{what}"
        );
    }
}

fn requests() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SENT.iter().flat_map(|path| {
        (METHODS.iter())
            .flat_map(move |method| ORIGINS.iter().map(move |origin| (*path, *method, *origin)))
    })
}

#[test]
fn app_cors_responds_as_routing_alone_does() {
    let config = Config {
        cases: std::env::var("CASES").map_or(72, |it| it.parse().unwrap()),
        failure_persistence: None,
        ..Config::default()
    };
    // The same apps each time: a failure can be repeated.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config.clone(), rng);
    let (granted, read) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&parts(), |mut parts| {
        leave_one(&mut parts, "", &mut HashSet::new());
        System::new().block_on(compare(&parts, false));
        leave_reached(&mut parts);
        let found = System::new().block_on(compare(&parts, true));
        System::new().block_on(compare_normalized(&parts));
        granted.set(granted.get() + found.0);
        read.set(read.get() + found.1);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&guarded(), |parts| {
        System::new().block_on(compare_guarded(&parts));
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
