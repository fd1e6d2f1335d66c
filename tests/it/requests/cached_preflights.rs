//! Random apps before a model of a browser that caches preflights as Fetch says: no handler runs
//! for a request that its own preflight would have refused.

use std::collections::HashSet;

use cors_runtime::decision::{Decision, Field, Methods};
use cors_runtime::{__private as private, Policy};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::support::sent::Sent;

const ORIGINS: &[&str] = &[
    "https://p.example",
    "https://q.example",
    "https://evil.example",
];
const METHODS: &[&str] = &["GET", "POST", "PUT"];
const PATHS: &[&str] = &["/a", "/b"];

/// Who may read.
#[derive(Debug, Clone)]
enum Who {
    Nobody,
    Anyone,
    Listed(Vec<&'static str>),
}

/// A handler on one of few paths.
#[derive(Debug, Clone)]
struct Handler {
    path: &'static str,
    method: &'static str,
    /// The methods for which its policy is the default of the app, if it is.
    default: Option<Methods>,
    /// A guard on the value of `Accept`, which a preflight does not have.
    guarded: bool,
    who: Who,
    credentials: bool,
    json: bool,
}

impl Handler {
    fn policy(&self) -> Policy {
        let builder = match &self.who {
            Who::Nobody => return private::policy().nobody().policy,
            Who::Anyone => private::policy().any_origin(),
            Who::Listed(origins) => {
                let mut origins = origins.clone();
                origins.sort_by_key(|origin| (origin.len(), *origin));
                let credentials = self.credentials;
                (private::policy().origins(origins.leak(), &[])).credentials(credentials)
            }
        };
        let names: &[&str] = if self.json { &["content-type"] } else { &[] };
        builder.allow_headers(false, names).policy
    }

    /// The methods that its preflights may ask for.
    fn methods(&self) -> Methods {
        let at = METHODS.iter().position(|method| *method == self.method);
        let at = at.expect("one of them");
        self.default.unwrap_or(Methods::These(&METHODS[at..=at]))
    }
}

/// A request of script. In credentials mode `include`, the browser has a cookie to send.
#[derive(Debug, Clone, Copy)]
struct Fetch {
    origin: &'static str,
    path: &'static str,
    method: &'static str,
    credentials: bool,
    /// It has `Content-Type: application/json`.
    json: bool,
    /// Its `Accept` has the value that guards ask for, which is safelisted.
    accept: bool,
    /// The value of `Sec-Fetch-Site`.
    site: &'static str,
}

impl Fetch {
    fn is_unsafe(&self) -> bool {
        self.method == "PUT" || self.json
    }

    fn preflight(&self) -> Sent<'_> {
        let mut lines = vec![
            (Field::Origin, self.origin.as_bytes()),
            (Field::AccessControlRequestMethod, self.method.as_bytes()),
        ];
        if self.json {
            lines.push((
                Field::AccessControlRequestHeaders,
                b"content-type".as_slice(),
            ));
        }
        Sent {
            method: "OPTIONS",
            lines,
        }
    }

    fn actual(&self) -> Sent<'_> {
        let mut lines = vec![
            (Field::Origin, self.origin.as_bytes()),
            (Field::SecFetchSite, self.site.as_bytes()),
            (Field::SecFetchMode, b"cors"),
        ];
        if self.json {
            lines.push((Field::ContentType, b"application/json".as_slice()));
        }
        if self.credentials {
            lines.push((Field::Cookie, b"user=ada"));
        }
        Sent {
            method: self.method,
            lines,
        }
    }
}

/// <https://fetch.spec.whatwg.org/#cors-preflight-cache>: an entry has an origin, a URL, whether it
/// is for credentials, and either a method or a header name. None is too old here.
#[derive(Default)]
struct Cache(HashSet<(&'static str, &'static str, bool, &'static str)>);

impl Cache {
    fn has(&self, fetch: &Fetch, method_or_name: &'static str) -> bool {
        // https://fetch.spec.whatwg.org/#concept-cache-match
        let with = self
            .0
            .contains(&(fetch.origin, fetch.path, true, method_or_name));
        let without = self
            .0
            .contains(&(fetch.origin, fetch.path, false, method_or_name));
        with || (!fetch.credentials && without)
    }

    fn needs_preflight(&self, fetch: &Fetch) -> bool {
        let method = fetch.method == "PUT" && !self.has(fetch, "PUT");
        let header = fetch.json && !self.has(fetch, "content-type");
        method || header
    }

    fn store(&mut self, fetch: &Fetch) {
        let method = (fetch.method == "PUT").then_some("PUT");
        let header = fetch.json.then_some("content-type");
        for entry in method.into_iter().chain(header) {
            self.0
                .insert((fetch.origin, fetch.path, fetch.credentials, entry));
        }
    }
}

/// The handler that a request reaches: the first that takes it.
fn route<'a>(app: &'a [Handler], fetch: &Fetch, is_preflight: bool) -> Option<&'a Handler> {
    app.iter().find(|handler| {
        handler.path == fetch.path
            && handler.method == fetch.method
            && (!handler.guarded || (fetch.accept && !is_preflight))
    })
}

fn allows(handler: &Handler, fetch: &Fetch) -> bool {
    let policy = handler.policy();
    let decision = fetch.preflight().decide(&policy, handler.methods());
    matches!(decision, Decision::Preflight(Ok(_))) && (!fetch.credentials || policy.credentials())
}

/// Runs the fetches one after the other. Gives those for which a handler ran that would have
/// refused their preflight.
fn attacks(app: &[Handler], fetches: &[Fetch], with_guarantee: bool) -> Vec<Fetch> {
    let mut cache = Cache::default();
    let mut attacks = Vec::new();
    for fetch in fetches {
        if cache.needs_preflight(fetch) {
            match route(app, fetch, true) {
                Some(handler) if allows(handler, fetch) => cache.store(fetch),
                _ => continue,
            }
        }
        let Some(handler) = route(app, fetch, false) else {
            continue;
        };
        let policy = handler.policy();
        let ran = match fetch.actual().decide(&policy, handler.methods()) {
            Decision::Run(_) => true,
            // No policy enforces anything.
            Decision::Forbid(_) => !with_guarantee,
            Decision::Preflight(_) => false,
        };
        if ran && fetch.is_unsafe() && !allows(handler, fetch) {
            attacks.push(*fetch);
        }
    }
    attacks
}

fn handlers() -> impl Strategy<Value = Handler> {
    let who = prop_oneof![
        1 => Just(Who::Nobody),
        1 => Just(Who::Anyone),
        6 => subsequence(&ORIGINS[..2], 1..=2).prop_map(Who::Listed),
    ];
    let default = prop_oneof![
        4 => Just(None),
        1 => Just(Some(Methods::Any)),
        1 => Just(Some(Methods::These(&METHODS[..1]))),
    ];
    let place = (select(PATHS), select(METHODS), prop::bool::weighted(0.25));
    (place, default, who, any::<bool>(), any::<bool>()).prop_map(
        |((path, method, guarded), default, who, credentials, json)| Handler {
            path,
            method,
            default,
            guarded,
            who,
            credentials,
            json,
        },
    )
}

fn fetches() -> impl Strategy<Value = Fetch> {
    let target = (select(PATHS), select(METHODS));
    let site = select(vec!["cross-site", "same-site"]);
    (select(ORIGINS), target, any::<[bool; 3]>(), site).prop_map(
        |(origin, (path, method), [credentials, json, accept], site)| Fetch {
            origin,
            path,
            method,
            credentials,
            json,
            accept,
            site,
        },
    )
}

#[test]
fn no_handler_runs_for_what_its_own_preflight_would_have_refused() {
    let config = ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let found = std::cell::Cell::new(0);
    let apps = (
        prop::collection::vec(handlers(), 2..6),
        prop::collection::vec(fetches(), 2..12),
    );
    let result = runner.run(&apps, |(app, fetches)| {
        prop_assert!(attacks(&app, &fetches, true).is_empty());
        found.set(found.get() + attacks(&app, &fetches, false).len());
        Ok(())
    });
    result.unwrap_or_else(|why| panic!("{why}"));
    // The model can find the attack: without the guarantee, it does.
    assert!(
        found.get() > 10,
        "{} attacks without the guarantee",
        found.get()
    );
}
