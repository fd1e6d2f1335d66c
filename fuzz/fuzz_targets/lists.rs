//! The search in lists, of an attribute and of an `Allowlist`, against a naive one.

#![no_main]

#[allow(dead_code)]
#[path = "../../cors-runtime/tests/exhaustive/model.rs"]
mod model;

use arbitrary::Unstructured;
use cors_rules::Pattern;
use cors_rules::checked::by_length;
use cors_runtime::__private::policy;
use cors_runtime::decision::{Decision, decide};
use cors_runtime::{Origin, OriginSource, PublicAllowlist, Target};
use libfuzzer_sys::fuzz_target;
use model::{Asked, matches};

const SCHEMES: &[&str] = &["https", "http", "app", "moz-extension"];
/// `?` is any character: hosts of apps and extensions may have almost each.
const LABELS: &[&str] = &[
    "a",
    "b",
    "ab",
    "example",
    "org",
    "1",
    "x-y",
    "A",
    "",
    "-",
    "%2a",
    "?",
    "[::1]",
    "127.0.0.1",
];
const PORTS: &[&str] = &["", ":*", ":1", ":8443", ":80", ":443"];

fn text(input: &mut Unstructured<'_>, starred: bool) -> arbitrary::Result<String> {
    let scheme = input.choose(SCHEMES)?;
    let port = input.choose(PORTS)?;
    if starred && input.ratio(1, 16)? {
        return Ok(format!("{scheme}://*{port}"));
    }
    let mut host = Vec::new();
    for _ in 0..input.int_in_range(1..=5)? {
        host.push(match *input.choose(LABELS)? {
            "?" => char::from(input.int_in_range(b'!'..=b'~')?).to_string(),
            label => label.to_owned(),
        });
    }
    let star = if starred && input.arbitrary()? {
        "*."
    } else {
        ""
    };
    let dot = if input.ratio(1, 16)? { "." } else { "" };
    Ok(format!("{scheme}://{star}{}{dot}{port}", host.join(".")))
}

fn run(input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let mut list: Vec<&'static str> = Vec::new();
    for _ in 0..input.int_in_range(0..=12)? {
        let text = text(input, true)?;
        if Pattern::parse(&text).is_ok() && !list.contains(&&*text) {
            list.push(intern(text));
        }
    }
    let parsed = |text: &'static str| Pattern::parse(text).expect("parsed before");
    let mut probes: Vec<String> = list
        .iter()
        .map(|text| text.replacen("://*", "://a", 1))
        .collect();
    for _ in 0..8 {
        probes.push(text(input, false)?);
    }
    let (mut exact, mut patterns) = (Vec::new(), Vec::new());
    for text in &list {
        let list = if parsed(text).is_exact() {
            &mut exact
        } else {
            &mut patterns
        };
        list.push(*text);
    }
    for list in [&mut exact, &mut patterns] {
        list.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
    }
    // The lists of a policy live for ever. Short ones leak little: a gigabyte in a million runs.
    let policy = policy().origins(exact.leak(), patterns.leak()).policy;
    let allowlist = PublicAllowlist::new();
    let is_sound = allowlist.set(list.iter().copied()).is_ok();
    for probe in &probes {
        let Ok(origin) = Origin::parse(probe) else {
            continue;
        };
        let naive = list
            .iter()
            .any(|text| *text == probe || matches(text, probe));
        let asked = Asked {
            method: "GET",
            origins: vec![probe.as_bytes()],
            ..Asked::default()
        };
        let decision =
            decide(&policy, &["GET"], &asked).answered_by(|_, _| unreachable!("no sources"));
        let found = matches!(decision, Decision::Run(Ok(_)));
        assert_eq!(found, naive, "{probe} in {list:?}");
        if is_sound {
            assert_eq!(
                allowlist.allows(&origin, &Target::new("", "/")).unwrap(),
                naive,
                "{probe} in {list:?}"
            );
        }
        for a in &list {
            let one = parsed(a).matches(&origin);
            assert_eq!(one, *a == probe || matches(a, probe), "{probe} by {a}");
            for b in &list {
                let covers = parsed(a).covers(&parsed(b));
                assert!(
                    !covers || !parsed(b).matches(&origin) || one,
                    "{a} covers {b}"
                );
            }
        }
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    let _ = run(&mut Unstructured::new(bytes));
});

/// The same text, for ever; most come again.
fn intern(text: String) -> &'static str {
    use std::collections::HashSet;
    use std::sync::Mutex;
    static TEXTS: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut texts = TEXTS.lock().unwrap();
    let texts = texts.get_or_insert_default();
    if let Some(found) = texts.get(&*text) {
        return found;
    }
    let leaked: &'static str = text.leak();
    texts.insert(leaked);
    leaked
}
