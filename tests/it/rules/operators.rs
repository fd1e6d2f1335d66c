//! If an operator follows a help in the configuration, the violation is gone.

use std::collections::{BTreeMap, BTreeSet};

use cors_rules::draft::{Element, Written};
use cors_rules::{Checked, Danger, Draft, Place, Rule, Severity, Violation, check};
use cors_runtime::{Allowlist, ConfiguredPolicy, PolicyConfig, Violations};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;

use crate::support::reachable_rules::reachable;

fn draft(config: &PolicyConfig) -> Draft<'_> {
    let reflects = config.danger.contains_key(&Danger::ReflectAnyOrigin);
    let origins = config.origins.iter().map(|origin| Element::Text(origin));
    let dangers = config.danger.iter();
    Draft {
        origins: (!config.origins.is_empty() || !reflects).then(|| origins.collect()),
        credentials: config.credentials,
        enforce: config.enforce,
        allow_headers: config.allow_headers.iter().map(String::as_str).collect(),
        expose_headers: config.expose_headers.iter().map(String::as_str).collect(),
        max_age: config.max_age.map(u64::from),
        dangers: dangers
            .map(|(danger, reason)| (*danger, reason.as_str()))
            .collect(),
        release: true,
        written: Written::Configuration,
        ..Draft::default()
    }
}

fn judge<'a>(draft: &Draft<'a>) -> (Option<Checked<'a>>, Vec<Violation>) {
    check(draft)
}

fn list(config: &mut PolicyConfig, place: Place) -> Option<(&mut Vec<String>, usize)> {
    Some(match place {
        Place::Origin(i) => (&mut config.origins, i),
        Place::AllowHeader(i) => (&mut config.allow_headers, i),
        Place::ExposeHeader(i) => (&mut config.expose_headers, i),
        _ => return None,
    })
}

/// The texts in backticks.
fn quoted(text: &str) -> Vec<String> {
    (text.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// Does what one alternative of a help says, as an operator would who reads it literally. Says how
/// many elements are in the place of the one at fault.
fn follow(config: &mut PolicyConfig, violation: &Violation, help: &str) -> usize {
    const REAL: &str = "https://real.example";
    let place = violation.place;
    let key = |config: &PolicyConfig, i: usize| *config.danger.keys().nth(i).expect("a danger");
    if let Some((_, key)) = help.split_once("set `danger.") {
        let key = key
            .split('`')
            .next()
            .and_then(Danger::from_key)
            .expect("a danger");
        if help.starts_with("list `file://`") {
            let (list, i) = list(config, place).expect("a list");
            "file://".clone_into(&mut list[i]);
        }
        config.danger.insert(key, "our own network".to_owned());
        return 1;
    }
    if help.contains("set `credentials` to `false`") {
        config.credentials = false;
        return 1;
    }
    if help.starts_with("set `enforce` to `false`") {
        config.enforce = false;
        return 1;
    }
    match place {
        Place::Danger(i) => {
            assert!(help.starts_with("remove it"), "{help}");
            let key = key(config, i);
            config.danger.remove(&key);
            if help.contains("list `*` alone in `origins`") {
                config.origins = vec!["*".to_owned()];
            }
            return 0;
        }
        Place::Reason(i) => {
            assert!(
                help.starts_with("say it in a sentence, for example `"),
                "{help}"
            );
            let key = key(config, i);
            config.danger.insert(key, quoted(help).remove(0));
            return 1;
        }
        Place::MaxAge => {
            config.max_age = Some(quoted(help).remove(0).parse().expect("a number"));
            return 1;
        }
        _ => {}
    }
    let (list, i) = list(config, place).unwrap_or_else(|| panic!("{place:?}: {help}"));
    let is_origin = matches!(place, Place::Origin(_));
    if help.starts_with("write `*` alone ") {
        *list = vec!["*".to_owned()];
        return list.len();
    }
    let instead = if help.starts_with("remove ") {
        vec![]
    } else if help.starts_with("`*` as the whole host") {
        let scheme = list[i].split("://").next().expect("a first part");
        vec![format!("{scheme}://*")]
    } else if help.starts_with("write `*` as the whole") {
        quoted(help).split_off(1)
    } else if help.starts_with("write `") || help.contains(", such as `") {
        quoted(help)
    } else if help == "write your own name" {
        vec![list[i].replace("your-name", "ours")]
    } else if help == "write each origin as an entry of its own" {
        let parts = list[i].split(|c: char| ",;|".contains(c) || c.is_whitespace());
        let parts = parts.map(|part| part.trim_matches(|c| "\"'[]".contains(c)));
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    } else if is_origin && (help.starts_with("list ") || help.starts_with("serve that page")) {
        vec![REAL.to_owned()]
    } else if !is_origin && help.starts_with("name each header") {
        vec!["x-real".to_owned()]
    } else {
        panic!("an operator does not know what to do: {help}");
    };
    let count = instead.len();
    list.splice(i..=i, instead);
    count
}

/// Follows each alternative of each help. Returns the rules that were violated.
fn follow_all(config: &PolicyConfig) -> BTreeSet<Rule> {
    let draft = draft(config);
    let (_, violations) = judge(&draft);
    for violation in &violations {
        let help = violation.help.as_deref().unwrap_or_default();
        assert!(!help.is_empty(), "{violation}");
        for help in help.split("; or ") {
            let mut followed = config.clone();
            let count = follow(&mut followed, violation, help);
            let is_at = |place: Place| match (place, violation.place) {
                (Place::Origin(now), Place::Origin(then))
                | (Place::AllowHeader(now), Place::AllowHeader(then))
                | (Place::ExposeHeader(now), Place::ExposeHeader(then)) => {
                    (then..then + count).contains(&now)
                }
                // The others have moved up, and the values tell them apart.
                (Place::Danger(_), Place::Danger(_)) => true,
                (now, then) => now == then,
            };
            let draft = self::draft(&followed);
            let (_, mut left) = judge(&draft);
            // A text to write is right in every respect, and each part of one that is split is
            // judged by itself.
            let is_exact = help.starts_with("write `") && !help.contains(" alone");
            let is_told_by_value = help.starts_with("write each origin")
                || matches!(violation.place, Place::Danger(_));
            left.retain(|left| {
                let is_error = left.rule.severity() == Severity::Error;
                let is_same = left.rule == violation.rule;
                let is_left = is_same && (!is_told_by_value || left.value == violation.value);
                is_at(left.place) && (is_left || is_exact && is_error)
            });
            assert!(
                left.is_empty(),
                "{help}\nfor {violation}\nin {config:?}\nleaves {left:?}"
            );
        }
    }
    violations.iter().map(|violation| violation.rule).collect()
}

/// An entry of a list, as people write it, with marks around it or not.
fn marked(entries: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let around = select(vec![
        ("", ""),
        ("", ""),
        ("", ""),
        ("", ""),
        ("", ""),
        ("", ""),
        ("\"", "\""),
        ("'", "'"),
        ("[\"", "\"]"),
        ("[", ""),
        ("", ","),
        ("\u{feff}", ""),
        ("", "\u{a0}"),
        (" ", " "),
    ]);
    (around, entries).prop_map(|((before, after), entry)| format!("{before}{entry}{after}"))
}

fn origins() -> impl Strategy<Value = Vec<String>> {
    let scheme = select(vec![
        "https://",
        "https://",
        "https://",
        "http://",
        "http://",
        "HTTPS://",
        "wss://",
        "",
        "*://",
        "ftp://",
        "app://",
        "app://",
        "htps://",
        "moz-extension://",
        "https://https://",
        "file://",
        "file:///",
    ]);
    let host = select(vec![
        "a.example",
        "b.example",
        "a.b.example",
        "*.example",
        "*.b.example",
        "*b.example",
        "x-*.b.example",
        "a.*.example",
        "*",
        "localhost",
        "localhost:3000",
        "127.0.0.1",
        "*.127.0.0.1",
        "[::1]:80",
        "192.168.1.*",
        "192.168.0.0/16",
        "A.example",
        "b\u{fc}cher.example",
        "xn--a.example",
        "github.io",
        "*.github.io",
        "x-*.github.io",
        "your-name.github.io",
        "user@a.example",
        "a.example/",
        "a.example:443",
        "a.example:0",
        "a.example:8*",
        "a^b",
        "",
    ]);
    let one = (scheme, host).prop_map(|(scheme, host)| format!("{scheme}{host}"));
    let special = select(vec![
        "*",
        "null",
        "file://",
        "",
        "https://a.example",
        "https%3A%2F%2Fa.example",
    ]);
    let entry = prop_oneof![6 => one, 1 => special.prop_map(str::to_owned)];
    let between = select(vec![" ", ", ", ";", "\u{a0}", "\", \""]);
    let several = (prop::collection::vec(entry.clone(), 2..4), between)
        .prop_map(|(several, between)| several.join(between));
    prop::collection::vec(marked(prop_oneof![9 => entry, 1 => several]), 0..4)
}

fn headers() -> impl Strategy<Value = Vec<String>> {
    let name = select(vec![
        "content-type",
        "Content-Type",
        "content_type",
        "authorization",
        "x-total",
        "accept",
        "cookie",
        "set-cookie",
        "origin",
        "access-control-allow-origin",
        "x y",
        "x-a, x-b",
        "",
        "*",
        "any",
        "x-*",
        "\u{e9}",
        "cache-control",
    ]);
    prop::collection::vec(marked(name.prop_map(str::to_owned)), 0..4)
}

fn configs() -> impl Strategy<Value = PolicyConfig> {
    let reason = select(vec![
        "it is public",
        "it is public",
        "it is public",
        "",
        "\u{2026}",
    ]);
    let dangers = (
        subsequence(Danger::ALL.to_vec(), 0..=3),
        prop::collection::vec(reason, 3),
    )
        .prop_map(|(dangers, reasons)| -> BTreeMap<_, _> {
            dangers
                .into_iter()
                .zip(reasons.into_iter().map(str::to_owned))
                .collect()
        });
    let max_age = select(vec![None, Some(0), Some(7_201), Some(86_401)]);
    let flags = any::<(bool, bool)>();
    (origins(), headers(), headers(), flags, max_age, dangers).prop_map(
        |(origins, allow_headers, expose_headers, (credentials, enforce), max_age, danger)| {
            PolicyConfig {
                origins,
                credentials,
                allow_headers,
                expose_headers,
                max_age,
                enforce,
                danger,
            }
        },
    )
}

#[test]
fn what_a_help_says_to_an_operator_makes_the_violation_go_away() {
    let config = ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    // These seldom meet by chance.
    let pairs = [
        ["https://a.b.example", "https://*.b.example"],
        ["https://a.example", "https://a.example"],
        ["https://*.github.io", "https://a.example"],
    ];
    let violated = std::cell::RefCell::new(BTreeSet::new());
    for pair in pairs {
        violated.borrow_mut().extend(follow_all(&PolicyConfig {
            origins: pair.map(str::to_owned).into(),
            credentials: true,
            ..PolicyConfig::default()
        }));
    }
    let run = runner.run(&configs(), |config| {
        violated.borrow_mut().extend(follow_all(&config));
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(violated.into_inner(), reachable());
}

/// Rule, place and fault alone: the reason and the help differ between code and a configuration.
fn verdict(violations: &[Violation]) -> Vec<(Rule, Place, &str, &str)> {
    (violations.iter())
        .map(|found| (found.rule, found.place, &*found.value, &*found.what))
        .collect()
}

/// The errors of an attribute that says the same. One without origins has those of a base.
fn errors_of_attribute(config: &PolicyConfig) -> Vec<Violation> {
    let draft = draft(config);
    let origins = draft.origins.filter(|origins| !origins.is_empty());
    let (_, mut violations) = judge(&Draft {
        has_base: origins.is_none() && !config.danger.contains_key(&Danger::ReflectAnyOrigin),
        origins,
        written: Written::Attribute,
        ..draft
    });
    violations.retain(|violation| violation.rule.severity() == Severity::Error);
    violations
}

fn errors(result: Result<(), Violations>) -> Vec<Violation> {
    result.err().into_iter().flatten().collect()
}

/// Lists without a mistake, often enough, and others.
fn lists() -> impl Strategy<Value = Vec<String>> {
    let entry = select(vec![
        "https://a.example",
        "https://b.example:8443",
        "https://*.c.example",
        "https://d.c.example",
        "http://localhost:*",
        "http://a.example",
        "https://*.github.io",
        "https://a.example/",
    ]);
    let entries = prop::collection::vec(entry.prop_map(str::to_owned), 1..4);
    prop_oneof![entries, origins()]
}

#[test]
fn an_attribute_a_list_and_a_configuration_are_accepted_alike() {
    const REASON: &str = "our own network";
    let (mut accepted, mut refused) = (0, 0);
    let mut runner = proptest::test_runner::TestRunner::default();
    for _ in 0..2_000 {
        let drafts = (lists(), any::<bool>(), any::<bool>());
        let tree = drafts.new_tree(&mut runner).expect("a draft");
        let (origins, insecure, suffixes) = tree.current();
        let mut list = Allowlist::new();
        let mut config = PolicyConfig {
            origins,
            credentials: true,
            ..PolicyConfig::default()
        };
        for (is_accepted, danger) in [
            (insecure, Danger::InsecureOrigins),
            (suffixes, Danger::PublicSuffixes),
        ] {
            if is_accepted {
                list = list.danger(danger, REASON);
                config.danger.insert(danger, REASON.to_owned());
            }
        }
        // The entries of a list come and go, so a danger that it accepts may be needed later.
        let needed = |mut violations: Vec<Violation>| {
            violations.retain(|violation| violation.rule != Rule::NeedlessDanger);
            violations
        };
        let by_list = errors(list.set(&config.origins));
        let by_attribute = needed(errors_of_attribute(&config));
        let by_config = needed(errors(ConfiguredPolicy::new().set(config.clone())));
        assert_eq!(verdict(&by_list), verdict(&by_attribute), "{config:?}");
        assert_eq!(verdict(&by_config), verdict(&by_attribute), "{config:?}");
        match (config.origins.is_empty(), by_list.is_empty()) {
            (false, true) => accepted += 1,
            (_, false) => refused += 1,
            (true, true) => {}
        }
    }
    assert!(accepted > 200 && refused > 200, "{accepted} {refused}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_attribute_and_a_configuration_are_accepted_alike(mut config in configs(), lists in lists()) {
        config.origins = lists;
        let by_config = errors(ConfiguredPolicy::new().set(config.clone()));
        let by_attribute = errors_of_attribute(&config);
        prop_assert_eq!(verdict(&by_config), verdict(&by_attribute));
    }

    #[test]
    fn an_attribute_and_a_configuration_are_read_as_the_same_policy(config in configs()) {
        let by_config = draft(&config);
        let by_attribute = Draft { written: Written::Attribute, ..by_config.clone() };
        let (policy, by_config) = judge(&by_config);
        let (same, by_attribute) = judge(&by_attribute);
        let differs = |found: &&Violation| ![Rule::LoopbackOriginInRelease, Rule::EmptyOrigins].contains(&found.rule);
        let by_attribute: Vec<_> = by_attribute.iter().filter(differs).cloned().collect();
        let of_config: Vec<_> = by_config.iter().filter(differs).cloned().collect();
        prop_assert_eq!(verdict(&of_config), verdict(&by_attribute));
        if !config.origins.is_empty() {
            // The reasons and the helps of hazards are in their own terms.
            let origins = |policy: Option<Checked<'_>>| policy.map(|policy| format!("{:?} {:?} {:?}", policy.origins, policy.allow_headers, policy.max_age));
            prop_assert_eq!(origins(policy), origins(same));
        }
    }
}
