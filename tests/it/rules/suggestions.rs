//! A help can be pasted in place of the mistake: no error is left there, and there is no new one
//! anywhere else.

use cors_rules::draft::Element;
use cors_rules::{Danger, Draft, Place, Rule, Severity, Violation, check, check_methods};
use proptest::prelude::*;
use proptest::sample::select;

/// The arguments of a policy, to be changed.
#[derive(Debug, Clone, Default)]
struct Stated {
    origins: Vec<String>,
    dev_origins: Vec<String>,
    allow_headers: Vec<String>,
    expose_headers: Vec<String>,
    methods: Vec<String>,
    max_age: Option<u64>,
    credentials: bool,
    release: bool,
    dangers: Vec<Danger>,
}

impl Stated {
    fn violations<'s>(&'s self) -> Vec<Violation> {
        let texts = |list: &'s [String]| -> Vec<Element<'s>> {
            list.iter().map(|text| Element::Text(text)).collect()
        };
        let draft = Draft {
            origins: Some(texts(&self.origins)),
            dev_origins: texts(&self.dev_origins),
            credentials: self.credentials,
            allow_headers: self.allow_headers.iter().map(String::as_str).collect(),
            expose_headers: self.expose_headers.iter().map(String::as_str).collect(),
            max_age: self.max_age,
            dangers: self
                .dangers
                .iter()
                .map(|danger| (*danger, "a test"))
                .collect(),
            release: self.release,
            ..Draft::default()
        };
        let (_, mut violations) = check(&draft);
        let methods: Vec<_> = self.methods.iter().map(String::as_str).collect();
        violations.extend(check_methods(&methods));
        violations
    }
}

impl Stated {
    /// The list that has an element at this place, and the number of the element.
    fn list(&mut self, place: Place) -> Option<(&mut Vec<String>, usize)> {
        Some(match place {
            Place::Origin(i) => (&mut self.origins, i),
            Place::DevOrigin(i) => (&mut self.dev_origins, i),
            Place::AllowHeader(i) => (&mut self.allow_headers, i),
            Place::ExposeHeader(i) => (&mut self.expose_headers, i),
            Place::Method(i) => (&mut self.methods, i),
            _ => return None,
        })
    }

    /// As it is after what a help says is pasted in place of an element.
    fn pasted(&self, place: Place, literals: &[String]) -> Option<Self> {
        let mut pasted = self.clone();
        if place == Place::MaxAge {
            pasted.max_age = Some(literals.first()?.parse().ok()?);
            return Some(pasted);
        }
        let (list, i) = pasted.list(place)?;
        list.splice(i..=i, literals.iter().cloned());
        Some(pasted)
    }
}

/// The literals of a help that has nothing else: `"a"`, `"a", "b"`, or a number of seconds.
fn literals(place: Place, help: &str) -> Option<Vec<String>> {
    if place == Place::MaxAge {
        let number = help.trim_start_matches('`').split('`').next()?;
        return Some(vec![number.to_owned()]);
    }
    let inner = help.strip_prefix('"')?.strip_suffix('"')?;
    let literals: Vec<_> = inner.split("\", \"").map(str::to_owned).collect();
    (!literals.iter().any(|literal| literal.contains('"'))).then_some(literals)
}

/// The place of an element after `count` elements replaced the one at `pasted`; `None` for that
/// one.
fn moved(place: Place, pasted: Place, count: usize) -> Option<Place> {
    let shift = |i: usize, at: usize| match i.cmp(&at) {
        std::cmp::Ordering::Less => Some(i),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(i + count - 1),
    };
    match (place, pasted) {
        (Place::Origin(i), Place::Origin(at)) => shift(i, at).map(Place::Origin),
        (Place::DevOrigin(i), Place::DevOrigin(at)) => shift(i, at).map(Place::DevOrigin),
        (Place::AllowHeader(i), Place::AllowHeader(at)) => shift(i, at).map(Place::AllowHeader),
        (Place::ExposeHeader(i), Place::ExposeHeader(at)) => shift(i, at).map(Place::ExposeHeader),
        (Place::Method(i), Place::Method(at)) => shift(i, at).map(Place::Method),
        (place, pasted) => (place != pasted).then_some(place),
    }
}

fn errors(violations: &[Violation]) -> Vec<(Rule, Place)> {
    (violations.iter())
        .filter(|violation| violation.rule.severity() == Severity::Error)
        .map(|violation| (violation.rule, violation.place))
        .collect()
}

/// An origin, or what somebody could write for one.
fn origin() -> impl Strategy<Value = String> {
    let scheme = select(vec![
        "https://",
        "https://",
        "https://",
        "http://",
        "http://",
        "HTTPS://",
        "ws://",
        "wss://",
        "//",
        "",
        "https:",
        "http*://",
        "*://",
        "ftp://",
        "app://",
        "htps://",
        "moz-extension://",
        "moz-extensions://",
        "https://https://",
        "file://",
        "file:///",
    ]);
    let host = select(vec![
        "a.example",
        "b.example",
        "a.b.example",
        "c.a.b.example",
        "*.example",
        "*.b.example",
        "*.a.b.example",
        "*b.example",
        "x-*.b.example",
        "a.*.example",
        "*",
        "localhost",
        "127.0.0.1",
        "*.127.0.0.1",
        "[::1]",
        "127.1",
        "192.168.1.*",
        "192.168.0.0/16",
        "A.example",
        "a.example.",
        "bücher.example",
        "xn--bcher-kva.example",
        "xn--a.example",
        "github.io",
        "*.github.io",
        "x-*.github.io",
        "your-name.github.io",
        "*github.io",
        "*.com",
        "*com",
        "user@a.example",
        "a^b",
        "",
    ]);
    let port = select(vec![
        "", "", "", "", ":80", ":443", ":8080", ":*", ":80*", ":0", ":08080", ":99999", ":",
    ]);
    let tail = select(vec![
        "", "", "", "", "/", "/path", "?q", "#f", "/*", " ", "*",
    ]);
    let one = (scheme, host, port, tail)
        .prop_map(|(scheme, host, port, tail)| format!("{scheme}{host}{port}{tail}"));
    let several = (
        prop::collection::vec(one.clone(), 2..4),
        select(vec![", ", ",", " ", ";", "|", "\n"]),
    )
        .prop_map(|(several, between)| several.join(between));
    prop_oneof![
        8 => one,
        2 => several,
        1 => select(vec!["*", "null", "file://", "", "https://a.example", "https://b.example", "https%3A%2F%2Fa.example"]).prop_map(str::to_owned),
    ]
}

/// Words of a list of names, alone or several in one string.
fn names(words: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let word = select(words);
    let several = (
        prop::collection::vec(word.clone(), 2..4),
        select(vec![", ", ",", " ", "; ", ": ", "|"]),
    )
        .prop_map(|(several, between)| several.join(between));
    prop::collection::vec(
        prop_oneof![4 => word.prop_map(str::to_owned), 1 => several],
        0..4,
    )
}

fn stated() -> impl Strategy<Value = Stated> {
    const HEADERS: &[&str] = &[
        "content-type",
        "Content-Type",
        "authorization",
        "x-total",
        "X-Total",
        "accept",
        "range",
        "cookie",
        "set-cookie",
        "origin",
        "access-control-allow-origin",
        "access-control-request-method",
        "sec-x",
        "*",
        "",
        "x y",
        "x\u{e9}",
        "cache-control",
        "etag",
    ];
    const METHODS: &[&str] = &[
        "GET", "PUT", "get", "put", "PATCH", "patch", "Delete", "TRACE", "trace", "CONNECT", "*",
        "any", "PURGE", "purge", "", "QUERY",
    ];
    let lists = (
        prop::collection::vec(origin(), 1..5),
        prop::collection::vec(origin(), 0..3),
        names(HEADERS),
        names(HEADERS),
        names(METHODS),
    );
    let max_age = prop_oneof![
        Just(None),
        select(vec![0, 600, 7_200, 7_201, 86_400, 86_401, u64::MAX]).prop_map(Some)
    ];
    let dangers = prop::sample::subsequence(&Danger::ALL[..4], 0..=4);
    (lists, max_age, any::<bool>(), any::<bool>(), dangers).prop_map(
        |(
            (origins, dev_origins, allow_headers, expose_headers, methods),
            max_age,
            credentials,
            release,
            dangers,
        )| {
            Stated {
                origins,
                dev_origins,
                allow_headers,
                expose_headers,
                methods,
                max_age,
                credentials,
                release,
                dangers,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_help_says_to_write_is_right(stated in stated()) {
        let violations = stated.violations();
        for violation in &violations {
            let place = violation.place;
            let Some(literals) = violation.help.as_deref().and_then(|help| literals(place, help)) else { continue };
            let Some(pasted) = stated.pasted(place, &literals) else { continue };
            let left = errors(&pasted.violations());
            // Where the other errors are now. One that was the second of two may be another error
            // by itself.
            let known: Vec<_> = (errors(&violations).into_iter())
                .filter_map(|(_, at)| moved(at, place, literals.len()))
                .collect();
            // The scheme that was meant may be secure, so that nothing is left for the danger to
            // permit.
            let follows = |rule: Rule| {
                violation.rule == Rule::Misspelling && rule == Rule::NeedlessDanger
            };
            let new: Vec<_> = (left.iter())
                .filter(|(rule, at)| !known.contains(at) && !follows(*rule))
                .collect();
            prop_assert!(new.is_empty(), "{new:?} after {literals:?} for {violation:?}\nin {stated:?}");
        }
    }
}
