//! Every policy and every request over a small alphabet, decided twice: by the crate, and by a
//! model that is written from the Fetch standard and compares texts.
//!
//! Random tests look far; this one leaves no gap nearby. Five products keep the number small: what
//! a list allows (2,411,976 cases), what one of apps and extensions allows (173,040), what happens
//! to an actual request (3,951,360), what happens to a preflight (4,139,520), and what a configured
//! policy does (2,249,520): 12,925,416 cases in all.

mod model;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use cors_runtime::decision::{Decision, Endpoint, Methods};
use cors_runtime::{__private as private, ConfiguredPolicy, Policy};
use model::{Asked, Plain, Who};

/// Two schemes, two hosts, two ports.
const ORIGINS: [&str; 8] = [
    "https://example.org",
    "https://example.org:8443",
    "https://a.example.org",
    "https://a.example.org:8443",
    "http://example.org",
    "http://example.org:8443",
    "http://a.example.org",
    "http://a.example.org:8443",
];
/// Other entries of a list: patterns, and `null`.
const OTHERS: [&str; 3] = ["https://*.example.org", "http://*.example.org:*", "null"];
/// Entries for lists of apps and extensions.
const OWN_SCHEMES: [&str; 9] = [
    "app://.",
    "app://A.b",
    "app://*",
    "app://*.b",
    "app://*:*",
    "app://*.b:1",
    "moz-extension://*",
    "file://",
    "null",
];
/// The origins that such a list is asked about.
const OF_OWN_SCHEMES: [&str; 6] = [
    "app://.",
    "app://A.b",
    "app://a.b:1",
    "app://b",
    "moz-extension://A",
    "moz-extensions://A",
];
/// And texts that are no such origins.
const OF_NO_SCHEME: [&str; 6] = [
    "file://",
    "null",
    "app://",
    "app://*",
    "app://a^b",
    "file://host",
];
const HEADERS: [&str; 3] = ["authorization", "content-type", "x-a"];
const METHODS: [&str; 3] = ["GET", "POST", "PUT"];
/// The lines of a field.
type Lines = &'static [&'static [u8]];

const SITES: [Lines; 7] = [
    &[],
    &[b"none"],
    &[b"same-origin"],
    &[b"same-site"],
    &[b"cross-site"],
    &[b"else"],
    &[b"same-origin", b"same-origin"],
];
/// `Content-Type`, and `Sec-Fetch-Mode` where it matters.
const TYPES: [(Lines, Lines); 8] = [
    (&[], &[]),
    (&[b"Text/Plain; charset=UTF-8"], &[]),
    (&[b"application/json"], &[]),
    (&[b"text/plain", b"text/plain"], &[]),
    (&[b"text/plain, text/plain;a=b"], &[]),
    (&[b"text/plain, application/json"], &[]),
    (&[b"application/csp-report"], &[b"no-cors"]),
    (&[b"application/csp-report"], &[b"cors"]),
];
const HOSTS: [Lines; 4] = [
    &[],
    &[b"a.example.org"],
    &[b"EXAMPLE.org:443"],
    &[b"a.example.org", b"a.example.org"],
];
const COOKIES: [Lines; 2] = [&[], &[b"a=b"]];
/// The schemes that a server knows: one only where it terminates TLS.
const SCHEMES: [Option<&str>; 2] = [None, Some("https")];
/// `credentials` and `enforce`: all four, of which the first two have each flag off and on.
const FLAGS: [(bool, bool); 4] = [(false, false), (true, true), (false, true), (true, false)];

/// All sublists with at most `most` elements.
fn sublists<T: Copy>(all: &[T], most: usize) -> Vec<Vec<T>> {
    let mut lists = Vec::new();
    for bits in 0_u32..1 << all.len() {
        let chosen = all.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
        let list: Vec<_> = chosen.map(|(_, element)| *element).collect();
        if list.len() <= most {
            lists.push(list);
        }
    }
    lists
}

fn everyone(most: usize) -> Vec<Who> {
    let elements = [ORIGINS.as_slice(), &OTHERS].concat();
    let lists = sublists(&elements, most).into_iter().map(Who::Listed);
    lists
        .chain([Who::Anyone, Who::Reflected, Who::Nobody])
        .collect()
}

/// The lines of `Origin`: each origin, and values that are not origins.
fn origin_lines() -> Vec<Vec<&'static [u8]>> {
    let mut lines: Vec<Vec<&[u8]>> = ORIGINS.iter().map(|text| vec![text.as_bytes()]).collect();
    lines.extend([
        vec![],
        vec![b"null".as_slice()],
        vec![b"*"],
        vec![b""],
        vec![b"https://example.org/"],
        vec![b"https://example.org", b"https://example.org"],
    ]);
    lines
}

fn is_origin(text: &str) -> bool {
    ORIGINS.contains(&text) || OF_OWN_SCHEMES.contains(&text)
}

/// How often each kind of decision was right.
#[derive(Debug, Default)]
struct Counts {
    runs: AtomicU64,
    forbidden: AtomicU64,
    granted: AtomicU64,
    refused: AtomicU64,
}

impl Counts {
    fn compare(&self, plain: &Plain, endpoint: Endpoint, asked: &Asked<'_>) {
        let step = endpoint.decide(asked);
        let found = step.answered_by(|_, _| unreachable!("no sources"));
        let expected = plain.decide(asked, &is_origin);
        assert!(
            expected == found,
            "{found:?} is not {expected:?}: {plain:?} {asked:?}"
        );
        let count = match found {
            Decision::Run(_) => &self.runs,
            Decision::Forbid(_) => &self.forbidden,
            Decision::Preflight(Ok(_)) => &self.granted,
            Decision::Preflight(Err(_)) => &self.refused,
        };
        count.fetch_add(1, Relaxed);
    }

    fn finish(self, what: &str) -> u64 {
        let each = [self.runs, self.forbidden, self.granted, self.refused];
        let [runs, forbidden, granted, refused] = each.map(AtomicU64::into_inner);
        let all = runs + forbidden + granted + refused;
        println!(
            "{what}: {all} cases, of which {runs} run, {forbidden} are forbidden, \
             {granted} are granted and {refused} refused"
        );
        all
    }
}

/// Calls `each` with every policy, on two threads.
fn with_policies(policies: &[Plain], each: impl Fn(&Plain, Endpoint) + Sync) {
    let (front, back) = policies.split_at(policies.len() / 2);
    let endpoint = |plain: &Plain| Endpoint::new("handler", plain.policy(), plain.methods);
    std::thread::scope(|scope| {
        for half in [front, back] {
            scope.spawn(|| half.iter().for_each(|plain| each(plain, endpoint(plain))));
        }
    });
}

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static STATED: Policy = private::configured("API", || private::configured_policy(&API));

/// Sets one policy to each of these in turn, and calls `each` if it can be stated in a
/// configuration. Returns how many can.
fn with_configured(policies: &[Plain], mut each: impl FnMut(&Plain, Endpoint)) -> u64 {
    let mut count = 0;
    for plain in policies {
        if plain.configure(&API) {
            each(plain, Endpoint::new("handler", &STATED, plain.methods));
            count += 1;
        }
    }
    count
}

fn policies(
    everyone: &[Who],
    flags: &[(bool, bool)],
    headers: &[Vec<&'static str>],
    routes: &[Methods],
) -> Vec<Plain> {
    let mut policies = Vec::new();
    for who in everyone {
        for (credentials, enforce) in flags {
            for allow_headers in headers {
                for methods in routes {
                    policies.push(Plain {
                        who: who.clone(),
                        credentials: *credentials,
                        enforce: *enforce,
                        allow_headers: allow_headers.clone(),
                        methods: *methods,
                    });
                }
            }
        }
    }
    policies
}

/// `*` and the three headers.
fn header_lists() -> Vec<Vec<&'static str>> {
    sublists(&[["*"].as_slice(), &HEADERS].concat(), 4)
}

#[test]
fn every_list_allows_what_it_names_and_nothing_else() {
    let counts = Counts::default();
    let policies = policies(
        &everyone(usize::MAX),
        &FLAGS,
        &[vec![]],
        &[Methods::These(&METHODS)],
    );
    let origins = origin_lines();
    with_policies(&policies, |plain, endpoint| {
        for origins in &origins {
            for sites in SITES {
                let (hosts, schemes) = if matches!(sites, [] | [b"none"]) {
                    (&HOSTS[..], &SCHEMES[..])
                } else {
                    (&HOSTS[..1], &SCHEMES[..1])
                };
                for hosts in hosts {
                    for scheme in schemes {
                        let asked = Asked {
                            method: "GET",
                            origins: origins.clone(),
                            hosts: hosts.to_vec(),
                            scheme: *scheme,
                            sites: sites.to_vec(),
                            ..Asked::default()
                        };
                        counts.compare(plain, endpoint, &asked);
                    }
                }
            }
        }
    });
    assert_eq!(counts.finish("lists"), 2_051 * 4 * 14 * 21);
}

#[test]
fn every_list_of_apps_and_extensions_allows_what_it_names_and_nothing_else() {
    let counts = Counts::default();
    let lists = sublists(&OWN_SCHEMES, usize::MAX)
        .into_iter()
        .map(Who::Listed);
    let everyone: Vec<_> = lists
        .chain([Who::Anyone, Who::Reflected, Who::Nobody])
        .collect();
    let policies = policies(&everyone, &FLAGS, &[vec![]], &[Methods::These(&METHODS)]);
    with_policies(&policies, |plain, endpoint| {
        for origin in OF_OWN_SCHEMES.iter().chain(&OF_NO_SCHEME) {
            for sites in SITES {
                let asked = Asked {
                    method: "GET",
                    origins: vec![origin.as_bytes()],
                    hosts: HOSTS[1].to_vec(),
                    sites: sites.to_vec(),
                    ..Asked::default()
                };
                counts.compare(plain, endpoint, &asked);
            }
        }
    });
    assert_eq!(counts.finish("apps and extensions"), 515 * 4 * 12 * 7);
}

#[test]
fn every_actual_request_runs_only_where_it_may() {
    let counts = Counts::default();
    // No other header counts.
    let headers = [vec!["x-a"], vec!["*"], vec!["content-type"]];
    let routes = [Methods::These(&METHODS), Methods::Any];
    let policies = policies(&everyone(1), &FLAGS, &headers, &routes);
    let origins = origin_lines();
    let mut requests = Vec::new();
    for origins in &origins {
        // `OPTIONS` with no requested method is no preflight.
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "*"] {
            for sites in SITES {
                for (types, modes) in TYPES {
                    for cookies in COOKIES {
                        requests.push(Asked {
                            method,
                            origins: origins.clone(),
                            hosts: HOSTS[1].to_vec(),
                            sites: sites.to_vec(),
                            modes: modes.to_vec(),
                            content_types: types.to_vec(),
                            cookies: cookies.to_vec(),
                            ..Asked::default()
                        });
                    }
                }
            }
        }
    }
    with_policies(&policies, |plain, endpoint| {
        for asked in &requests {
            counts.compare(plain, endpoint, asked);
        }
    });
    assert_eq!(
        counts.finish("actual requests"),
        15 * 4 * 3 * 2 * 14 * 7 * 7 * 8 * 2
    );
}

#[test]
fn every_preflight_is_granted_only_what_the_policy_has() {
    let counts = Counts::default();
    let mut routes: Vec<_> = sublists(&METHODS, 3)
        .into_iter()
        .filter(|methods| !methods.is_empty())
        .map(|methods| Methods::These(methods.leak()))
        .collect();
    routes.push(Methods::Any);
    let wanted: [Lines; 7] = [
        &[b"DELETE"],
        &[b"*"],
        &[b"GET"],
        &[b"POST"],
        &[b"PUT"],
        &[b"put"],
        &[b"PUT", b"PUT"],
    ];
    let mut names: Vec<_> = sublists(&HEADERS, 3)
        .into_iter()
        .map(|names| names.join(","))
        .collect();
    names.extend(["*", "x-a,*", "x a"].map(str::to_owned));
    let policies = policies(&everyone(1), &FLAGS[..2], &header_lists(), &routes);
    let origins = origin_lines();
    with_policies(&policies, |plain, endpoint| {
        for origins in &origins {
            for methods in wanted {
                for names in &names {
                    let asked = Asked {
                        method: "OPTIONS",
                        origins: origins.clone(),
                        sites: SITES[4].to_vec(),
                        methods: methods.to_vec(),
                        names: vec![names.as_bytes()],
                        ..Asked::default()
                    };
                    counts.compare(plain, endpoint, &asked);
                }
            }
        }
    });
    assert_eq!(counts.finish("preflights"), 15 * 2 * 16 * 8 * 14 * 7 * 11);
}

/// A policy that is set anew decides as one of an attribute with the same arguments.
#[test]
fn every_configured_policy_decides_as_stated() {
    let counts = Counts::default();
    let own_schemes = sublists(&OWN_SCHEMES, usize::MAX)
        .into_iter()
        .map(Who::Listed);
    let everyone: Vec<_> = everyone(usize::MAX)
        .into_iter()
        .chain(own_schemes)
        .collect();
    // Those of a handler, and of a default policy.
    let routes = [Methods::These(&METHODS), Methods::Any];
    let policies = policies(&everyone, &FLAGS, &[vec!["*"]], &routes);
    let mut origins = origin_lines();
    origins.extend((OF_OWN_SCHEMES.iter().chain(&OF_NO_SCHEME)).map(|text| vec![text.as_bytes()]));
    let mut requests = Vec::new();
    for origins in &origins {
        for sites in SITES {
            requests.push(Asked {
                method: "PUT",
                origins: origins.clone(),
                hosts: HOSTS[1].to_vec(),
                sites: sites.to_vec(),
                ..Asked::default()
            });
        }
        for (wanted, names) in [("PUT", "x-a"), ("DELETE", ""), ("GET", "Authorization")] {
            requests.push(Asked {
                method: "OPTIONS",
                origins: origins.clone(),
                methods: vec![wanted.as_bytes()],
                names: vec![names.as_bytes()],
                ..Asked::default()
            });
        }
    }
    let set = with_configured(&policies, |plain, endpoint| {
        for asked in &requests {
            counts.compare(plain, endpoint, asked);
        }
    });
    // Each list in which no entry covers another, by scheme: of websites 24 and 20, of `app` 15,
    // and one with or without each of the others. Besides them `none`, and with one pair of flags
    // each, anyone and everyone by name.
    let lists = 24 * 20 * 2 + 15 * 8;
    assert_eq!(set, (lists * 4 + 4 + 1 + 1) * 2);
    assert_eq!(counts.finish("configured"), set * 26 * 10);
}
