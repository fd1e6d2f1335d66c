//! Random policies and random requests, hostile ones included, judged by a model of a browser:
//! script can do exactly what the policy intends.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::PoisonError;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, HeaderMap,
};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse};
use cors_rules::checked::by_length;
use cors_rules::draft::Element;
use cors_rules::{Draft, Pattern};
use cors_runtime::decision::{Endpoint, Field, Methods};
use cors_runtime::response::{Action, action};
use cors_runtime::{__private as private, ConfiguredPolicy, Policy, PolicyConfig, policy};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestRunner};

use crate::SWITCH;
use crate::support::any_engine::lets_through;
use crate::support::browser::{Fetch, Outcome, Response, Sent};
use crate::support::sent;

static CONFIGURED: ConfiguredPolicy = ConfiguredPolicy::new();
static SET: Policy = policy!(configured = CONFIGURED);

/// A policy in plain words.
#[derive(Debug, Clone)]
struct Plain {
    origins: Vec<&'static str>,
    credentials: bool,
    allow_headers: Vec<&'static str>,
    expose_headers: Vec<&'static str>,
    methods: Vec<&'static str>,
}

const ORIGINS: &[&str] = &[
    "https://app.example.com",
    "https://example.com",
    "https://*.example.org",
    "https://*.a.example.net",
    "https://*.example.net:*",
    "https://shop.example.com:8443",
    "http://localhost:*",
    "http://127.0.0.1:3000",
    "https://[2001:db8::1]",
    "https://xn--bcher-kva.example",
];
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE"];
const ALLOWED: &[&str] = &["authorization", "content-type", "x-a", "x-b"];
const EXPOSED: &[&str] = &["x-total", "x-page"];
/// The headers that the handler responds with.
const RESPONSE_HEADERS: &[&str] = &["x-total", "x-page", "x-secret", "cache-control"];

impl Plain {
    fn errors(&self) -> bool {
        let origins: Vec<_> = self
            .origins
            .iter()
            .map(|origin| Element::Text(origin))
            .collect();
        let draft = Draft {
            origins: Some(origins),
            credentials: self.credentials,
            allow_headers: self.allow_headers.clone(),
            expose_headers: self.expose_headers.clone(),
            ..Draft::default()
        };
        cors_rules::check(&draft).0.is_none()
            || !cors_rules::check_methods(&self.methods).is_empty()
    }

    /// The policy as the attribute emits it.
    fn policy(&self) -> &'static Policy {
        let mut builder = private::policy();
        if self.origins == ["*"] {
            builder = builder.any_origin();
        } else {
            let (mut exact, mut patterns) = (Vec::new(), Vec::new());
            for origin in &self.origins {
                match Pattern::parse(origin) {
                    Ok(pattern) if !pattern.is_exact() => patterns.push(*origin),
                    _ => exact.push(*origin),
                }
            }
            for list in [&mut exact, &mut patterns] {
                list.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
            }
            builder = builder.origins(exact.leak(), patterns.leak());
        }
        if self.credentials {
            builder = builder.credentials(true);
        }
        let mut names: Vec<_> = self
            .allow_headers
            .iter()
            .copied()
            .filter(|name| *name != "*")
            .collect();
        names.sort_unstable();
        builder = builder.allow_headers(self.allow_headers.contains(&"*"), names.leak());
        let expose = self.expose_headers.clone().leak();
        builder = builder.expose_headers(expose, expose.join(", ").leak());
        Box::leak(Box::new(builder.policy))
    }

    /// The policy as an operator states it.
    fn config(&self) -> PolicyConfig {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        PolicyConfig {
            origins: owned(&self.origins),
            credentials: self.credentials,
            allow_headers: owned(&self.allow_headers),
            expose_headers: owned(&self.expose_headers),
            ..PolicyConfig::default()
        }
    }

    /// True if the policy allows this origin, by the URL parser and string comparison rather than
    /// our grammar.
    fn means(&self, origin: &str) -> bool {
        self.origins.iter().any(|listed| {
            if *listed == "*" || *listed == origin {
                return true;
            }
            let Ok(url) = url::Url::parse(origin) else {
                return false;
            };
            // Nothing listens on port 0.
            if url.origin().ascii_serialization() != origin || url.port() == Some(0) {
                return false;
            }
            let (scheme, rest) = listed.split_once("://").expect("a pattern");
            let (host, port) = match rest.strip_suffix(":*") {
                Some(host) => (host, None),
                None => (
                    rest,
                    Some(rest.rsplit_once(':').map(|(_, port)| port.to_owned())),
                ),
            };
            let host = if port.is_none() {
                host
            } else {
                host.split(':').next().unwrap_or(host)
            };
            let asked = url.host_str().unwrap_or_default();
            let host_means = match host.strip_prefix('*') {
                Some(suffix) => {
                    asked.len() > suffix.len() && asked.ends_with(suffix) && is_host_name(asked)
                }
                None => asked == host,
            };
            let port_means =
                port.is_none_or(|port| port == url.port().map(|port| port.to_string()));
            listed.contains('*') && url.scheme() == scheme && host_means && port_means
        })
    }

    /// The outcome that the policy intends for script.
    fn intends(&self, fetch: &Fetch) -> Outcome {
        let wildcard = self.origins == ["*"];
        let method = self.methods.contains(&fetch.method.as_str());
        let credentials = !fetch.credentials || (self.credentials && !wildcard);
        // In a response, the name `*` is the wildcard, so a page never gets to send it.
        let headers = fetch.unsafe_headers.iter().all(|name| {
            let is_listed = self.allow_headers.contains(&name.as_str());
            let is_covered = self.allow_headers.contains(&"*") && name != "authorization";
            name != "*" && (is_listed || is_covered)
        });
        if !(self.means(&fetch.origin) && method && credentials && headers) {
            return Outcome::Blocked;
        }
        let mut seen: Vec<_> = (RESPONSE_HEADERS.iter())
            .filter(|name| {
                **name == "cache-control"
                    || self.expose_headers.contains(name)
                    || (self.expose_headers.contains(&"*") && !fetch.credentials)
            })
            .map(ToString::to_string)
            .collect();
        if self.expose_headers.contains(&"*") && !fetch.credentials {
            // `*` exposes what CORS itself added as well.
            seen.extend(
                [
                    "access-control-allow-origin",
                    "access-control-expose-headers",
                ]
                .map(str::to_owned),
            );
            if !wildcard {
                seen.push("vary".to_owned());
            }
        }
        seen.sort();
        Outcome::Read(seen)
    }
}

/// The URL parser takes `https://*b.example.org` and `https://a..example.org`; no host has such a name.
fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    host.split('.').all(is_label)
}

fn policies() -> impl Strategy<Value = Plain> {
    let origins = prop_oneof![
        1 => Just(vec!["*"]),
        5 => subsequence(ORIGINS, 1..=ORIGINS.len()),
    ];
    let names = |pool: &'static [&'static str]| prop_oneof![1 => Just(vec!["*"]), 4 => subsequence(pool, 0..=pool.len())];
    (
        origins,
        any::<bool>(),
        names(ALLOWED),
        names(EXPOSED),
        subsequence(METHODS, 1..=METHODS.len()),
    )
        .prop_map(
            |(origins, credentials, allow_headers, expose_headers, methods)| Plain {
                origins,
                credentials,
                allow_headers,
                expose_headers,
                methods,
            },
        )
        .prop_filter("refused while compiling", |plain| !plain.errors())
}

/// Origins that are allowed by some policy, and their neighbours.
fn origins() -> impl Strategy<Value = String> {
    let seed = select(ORIGINS).prop_flat_map(|text| {
        let labels = select(vec!["a", "b.a", "evil", "www", "-", "a.example.net", ""]);
        let port = select(vec!["", "1", "80", "443", "3000", "8443", "65536", "x"]);
        (labels, port).prop_map(move |(label, port)| {
            let text = text
                .replace("*.", &format!("{label}."))
                .replace("//.", "//");
            if let Some(any) = text.strip_suffix(":*") {
                if port.is_empty() {
                    any.to_owned()
                } else {
                    format!("{any}:{port}")
                }
            } else {
                text
            }
        })
    });
    let insert = select(vec![
        ".", "-", "evil", "/", "@", ":", "*", "A", " ", "\t", "%2e", "#", "?", "\\", ",", "[", "]",
        "ä", "443",
    ]);
    prop_oneof![
        12 => seed.clone(),
        4 => (seed.clone(), any::<prop::sample::Index>(), insert).prop_map(|(mut text, at, insert)| {
            text.insert_str(at.index(text.len() + 1), insert);
            text
        }),
        2 => (seed.clone(), any::<prop::sample::Index>()).prop_map(|(mut text, at)| {
            text.remove(at.index(text.len()));
            text
        }),
        1 => seed.clone().prop_map(|text| text.to_uppercase()),
        1 => (seed.clone(), seed.clone()).prop_map(|(a, b)| format!("{a}.{}", b.replace("://", "."))),
        1 => seed.prop_map(|text| text.replacen("https", "http", 1)),
        1 => select(vec!["null", "", "*", "https://", "file://", "https://evil.example", "chrome-extension://abc", "app://.", "safari-web-extension://140BB581"])
            .prop_map(str::to_owned),
    ]
}

fn fetches() -> impl Strategy<Value = Fetch> {
    let names = prop_oneof![
        Just(Vec::new()),
        subsequence(
            &[
                "*",
                "authorization",
                "content-type",
                "x-a",
                "x-b",
                "x-other"
            ],
            1..=3
        ),
    ];
    let methods = prop_oneof![12 => select(METHODS), 1 => Just("*")];
    (origins(), methods, names, any::<bool>()).prop_map(|(origin, method, names, credentials)| {
        Fetch {
            origin,
            method: method.to_owned(),
            unsafe_headers: names.into_iter().map(str::to_owned).collect(),
            credentials,
        }
    })
}

/// True if a client can send this as the value of a header.
fn is_sendable(origin: &str) -> bool {
    actix_web::http::header::HeaderValue::from_bytes(origin.as_bytes()).is_ok()
        && origin == origin.trim()
}

/// True if a browser would remember the response to a preflight for more than was asked.
fn grants_wildcard(headers: &HeaderMap) -> bool {
    [ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_HEADERS]
        .iter()
        .flat_map(|name| headers.get_all(name))
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .any(|name| name.trim_ascii() == b"*")
}

#[test]
fn script_can_do_what_the_policy_intends_and_nothing_else() {
    let _alone = SWITCH.lock().unwrap_or_else(PoisonError::into_inner);
    let system = actix_web::rt::System::new();
    let mut runner = TestRunner::new(Config {
        cases: 1_500,
        failure_persistence: None,
        ..Config::default()
    });
    let (granted, blocked) = (Cell::new(0), Cell::new(0));
    let cases = (
        policies(),
        vec(
            fetches().prop_filter("sendable", |fetch| is_sendable(&fetch.origin)),
            4,
        ),
    );
    let result = runner.run(&cases, |(plain, fetches)| {
        system.block_on(async {
            let policy = plain.policy();
            let methods: &'static [&'static str] = plain.methods.clone().leak();
            let ran = Rc::new(Cell::new(0));
            let count = Rc::clone(&ran);
            let handler = move || {
                count.set(count.get() + 1);
                async {
                    let mut res = HttpResponse::Ok();
                    for name in RESPONSE_HEADERS {
                        res.insert_header((*name, "1"));
                    }
                    res.insert_header(("access-control-allow-origin", "https://evil.example"));
                    res.finish()
                }
            };
            // As the attribute registers it.
            let handler = private::resource("/", "x", "handler", policy, methods, handler);
            let app = init_service(App::new().service(handler)).await;
            // An explanation grants nothing.
            for (fetch, explains) in
                (fetches.iter()).flat_map(|fetch| [(fetch, false), (fetch, true)])
            {
                cors_runtime::explain(explains);
                ran.set(0);
                // The model asks synchronously; what it sends is collected, and responded to in
                // rounds.
                let mut responses: Vec<Response> = Vec::new();
                let outcome = loop {
                    let mut asked: Option<Sent> = None;
                    let mut given = responses.iter().cloned();
                    let outcome = fetch.run(|sent| {
                        given.next().unwrap_or_else(|| {
                            asked.get_or_insert(sent);
                            Response {
                                status: 0,
                                headers: Vec::new(),
                            }
                        })
                    });
                    let Some((method, headers)) = asked else {
                        break outcome;
                    };
                    let mut request =
                        TestRequest::default().method(method.parse::<Method>().expect("a method"));
                    for (name, value) in &headers {
                        request = request.append_header((name.as_str(), value.as_str()));
                    }
                    let res = call_service(&app, request.to_request()).await;
                    let what = format!("{fetch:?}, explained: {explains}");
                    prop_assert!(!grants_wildcard(res.headers()), "{what}");
                    responses.push(Response {
                        status: res.status().as_u16(),
                        headers: (res.headers().iter())
                            .map(|(name, value)| {
                                (name.to_string(), value.to_str().expect("ASCII").to_owned())
                            })
                            .collect(),
                    });
                };
                let intended = plain.intends(fetch);
                let what = format!("{fetch:?} {responses:?}, explained: {explains}");
                prop_assert_eq!(&outcome, &intended, "{}", what);
                let preflighted = responses.len() > 1
                    || fetch.method != "GET" && !fetch.unsafe_headers.is_empty();
                if preflighted && outcome == Outcome::Blocked {
                    prop_assert_eq!(ran.get(), 0, "the handler of a refused preflight ran");
                }
                let counter = if intended == Outcome::Blocked {
                    &blocked
                } else {
                    &granted
                };
                counter.set(counter.get() + 1);
            }
            Ok(())
        })
    });
    result.unwrap_or_else(|why| panic!("{why}"));
    // The generators are worth something only if both happen often.
    assert!(
        granted.get() > 200 && blocked.get() > 200,
        "{} granted, {} blocked",
        granted.get(),
        blocked.get()
    );
}

proptest! {
    #[test]
    fn no_bytes_make_the_decision_panic_or_grant_to_strangers(
        plain in policies(),
        origin in prop_oneof![vec(any::<u8>(), 0..80), origins().prop_map(String::into_bytes)],
        method in prop_oneof![vec(any::<u8>(), 0..10), select(METHODS).prop_map(|method| method.as_bytes().to_vec())],
        lines in vec(vec(any::<u8>(), 0..60), 0..4),
    ) {
        let methods: &'static [&'static str] = plain.methods.clone().leak();
        let get = sent::Sent::get(&origin);
        let names = lines.iter().map(|line| (Field::AccessControlRequestHeaders, line.as_slice()));
        let asked = [(Field::Origin, origin.as_slice()), (Field::AccessControlRequestMethod, &method)];
        let preflight = sent::Sent {
            method: "OPTIONS",
            lines: asked.into_iter().chain(names).collect(),
        };
        for request in [get, preflight] {
            let granted = request.decide(plain.policy(), methods).refusal().is_none();
            let meant = std::str::from_utf8(&origin).is_ok_and(|origin| plain.means(origin)) || plain.origins == ["*"];
            prop_assert!(meant || !granted, "{}", origin.escape_ascii());
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 4_000, failure_persistence: None, ..Config::default() })]

    /// While refusals are explained, a response names what the policy allows. Whatever was asked
    /// for, no engine takes it for more.
    #[test]
    fn no_browser_sends_what_an_explained_preflight_refuses(
        plain in policies(),
        has_any_method in any::<bool>(),
        fetch in fetches(),
        method in prop_oneof![4 => Just(None), 1 => select(vec!["*", "patch", "PaTcH", "put", "get", "purge", "", "P T"]).prop_map(Some)],
        junk in prop_oneof![4 => Just(""), 1 => select(vec!["*", "Authorization", "X-A,*", "x-a,, *", "\u{e4}", "x y"])],
        is_listed in any::<bool>(),
    ) {
        let origin = if is_listed { plain.origins[0] } else { &fetch.origin };
        let names = [fetch.unsafe_headers.join(","), junk.to_owned()].join(",");
        let method = method.unwrap_or(&fetch.method);
        let preflight = sent::Sent {
            method: "OPTIONS",
            lines: vec![
                (Field::Origin, origin.as_bytes()),
                (Field::AccessControlRequestMethod, method.as_bytes()),
                (Field::AccessControlRequestHeaders, names.as_bytes()),
            ],
        };
        let methods = if has_any_method {
            Methods::Any
        } else {
            Methods::These(plain.methods.clone().leak())
        };
        let policy = plain.policy();
        let endpoint = Endpoint::new("handler", policy, methods);
        let decision = preflight.decide(policy, methods);
        let Action::Respond(response) = action(endpoint, decision, &preflight, true) else {
            panic!("a preflight is never run");
        };
        // The same from a configuration.
        CONFIGURED.set(plain.config()).expect("a policy");
        let configured = Endpoint::new("handler", &SET, methods);
        prop_assert_eq!(decision, preflight.decide(&SET, methods), "{:?}", plain);
        let Action::Respond(other) = action(configured, decision, &preflight, true) else {
            panic!("a preflight is never run");
        };
        prop_assert_eq!(response.status, other.status);
        prop_assert_eq!(response.headers, other.headers);
        prop_assert_eq!(&response.diagnosis, &other.diagnosis);

        let is_sent = lets_through(&response, &preflight);
        prop_assert_eq!(is_sent, decision.refusal().is_none(), "{:?} {} {}: {:?}", plain, method, names, response);
    }
}
