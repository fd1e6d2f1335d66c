//! Every text of a violation, in one file. `tests/ui` has most of them again, as the compiler
//! prints them at a culprit.
//!
//! `SNAPSHOTS=overwrite cargo test -p cors-rules` rewrites the file. Review the difference.

use std::collections::HashSet;
use std::path::Path;

use super::*;
use crate::danger::Danger;
use crate::draft::{Element, Written};

const APP: &str = "https://a.example";

fn draft<'a>(origins: &[&'a str]) -> Draft<'a> {
    Draft {
        origins: Some(origins.iter().copied().map(Element::Text).collect()),
        ..Draft::default()
    }
}

#[expect(clippy::too_many_lines, reason = "a list is read as a whole")]
/// Drafts that together violate each rule in each way that has words of its own.
fn drafts() -> Vec<Draft<'static>> {
    let with_credentials = |origins| Draft {
        credentials: true,
        ..draft(origins)
    };
    let reasoned = |dangers: &[(Danger, &'static str)]| Draft {
        dangers: dangers.to_vec(),
        ..draft(&[APP])
    };
    let dangers = Danger::ALL.map(|danger| (danger, "it is public"));
    let reflected = Draft {
        enforce: true,
        credentials: true,
        dev_origins: vec![Element::Text(APP)],
        dangers: vec![dangers[4]],
        ..Draft::default()
    };
    let headers = |credentials, allow_headers: &[_], expose_headers: &[_]| Draft {
        credentials,
        allow_headers: allow_headers.to_vec(),
        expose_headers: expose_headers.to_vec(),
        ..draft(&[APP])
    };
    let max_age = |seconds| Draft {
        max_age: Some(seconds),
        ..draft(&[APP])
    };
    vec![
        Draft::default(),
        draft(&[]),
        Draft {
            enforce: true,
            ..with_credentials(&["*", "null", APP, APP])
        },
        reflected.clone(),
        Draft {
            credentials: false,
            ..reflected
        },
        draft(&[
            "https://*.example.org",
            "https://a.example.org",
            "https://your-name.example",
            "https://a.example/, https://b.example",
            "https://*.c.example;https://d.c.example",
            "https://a.example.org, https://e.example.org",
        ]),
        with_credentials(&[
            "http://a.example",
            "http://b.example.org",
            "https://*.example.org",
            "http://*.example.org.",
            "http://your-name.example",
            "app://a.example",
            "htp://c.example",
            "moz-extension://*",
            "app://*",
            "https://*.github.io",
            "https://*.github.io.",
            "https://*.amazonaws.com",
            "https://*.amazonaws.com.",
        ]),
        draft(&[
            "",
            "example",
            "file:///etc",
            "file://",
            "data:text/html,x",
            "wss://a.example",
            "htps://o.example",
            "https://https://p.example",
            "http://192.168.0.0/16",
            "app://a^b",
            "^https://q\\.example$",
            "https://(r|s).example",
            "https://{tenant}.example",
            "https://user@a.example",
            "https://b.example/",
            "https://c.example/x",
            "https://d.example?q",
            "https://e.example#f",
            "https://F.example",
            "https://g.example\u{7}",
            "https://b\u{fc}cher.example",
            "https://",
            "https://a..example",
            "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
            "https://h.example^'",
            "https://xn--a.example",
            "https://1.2.3",
            "https://[::0]",
            "https://i.example:443",
            "https://j.example:0",
            "https://k.example:65536",
            "https://l.example:01",
            "https://m.example:x",
            "https://n.example/",
            "https://n.example",
        ]),
        draft(&[
            "ftp*://a.example",
            "https://*",
            "http://192.168.1.*:8080",
            "chrome-extension://abc*",
            "app://a.*",
            "https://app-*.a.example",
            "https://app-*.vercel.app",
            "https://*b.example",
            "https://a.*.example",
            "https://*.1.2.3.4",
            "http://localhost:80*",
            "https://c.example/*",
        ]),
        Draft {
            release: true,
            ..draft(&["http://localhost:3000"])
        },
        draft(&[
            "\"https://a.example\"",
            "\u{201c}https://b.example\u{201d}",
            "[https://c.example]",
            "[\"http://[::1]:8080\"",
            "https://d.example,",
            "'https://e.example",
            "https%3A%2F%2Ff.example",
            "\u{feff}https://g.example",
            "https://h\u{200b}.example",
            "\"*\"",
            "'https://your-name.example'",
            "[\"https://i.example\", \"https://j.example/\"]",
            "https://k.example\u{a0}https://l.example",
        ]),
        headers(
            true,
            &[
                "\"content-type\"",
                "'x-a'",
                "x-b,",
                "\"x d\"",
                "\"*\"",
                "'x-e",
            ],
            &["[\"x-c\""],
        ),
        headers(
            false,
            &["content_type", "authorisation", "authorization"],
            &["retry_after"],
        ),
        headers(true, &["*", "a b", "", "Cookie", "x y"], &["*", "a,b"]),
        headers(false, &["*", "x-a"], &["*", "x-a"]),
        headers(
            false,
            &["x-a", "X-A", "te", "access-control-allow-origin", "accept"],
            &["set-cookie", "origin", "expires", "x-\u{1b}[1m"],
        ),
        max_age(7_201),
        max_age(86_401),
        reasoned(&dangers),
        Draft {
            origins: Some(vec![Element::Source("crate::TENANTS")]),
            ..reasoned(&dangers)
        },
        reasoned(&dangers.map(|(danger, _)| (danger, ""))),
        reasoned(&[(Danger::NullOrigin, "why that is harmless")]),
    ]
}

/// The same, as an operator writes them.
fn drafts_of_operators(written: Written) -> Vec<Draft<'static>> {
    let is_text = |element: &Element<'_>| matches!(element, Element::Text(_));
    let mut all = drafts();
    for draft in &mut all {
        draft.written = written;
        draft.dev_origins.clear();
        let listed = draft
            .dangers
            .iter()
            .all(|(danger, _)| *danger != Danger::ReflectAnyOrigin);
        if let Some(origins) = &mut draft.origins {
            origins.retain(is_text);
        } else if listed || written == Written::List {
            draft.origins = Some(Vec::new());
        }
    }
    if written == Written::List {
        for draft in &mut all {
            *draft = Draft {
                origins: draft.origins.take(),
                credentials: draft.credentials,
                written,
                ..Draft::default()
            };
        }
    }
    all
}

fn violations(drafts: &[Draft<'_>]) -> Vec<Violation> {
    let check = |draft| check(draft).1;
    drafts.iter().flat_map(check).collect()
}

#[test]
fn violations_say_what_is_wrong_why_and_what_to_write() {
    let mut violations_of_code = violations(&drafts());
    for methods in [
        &["CONNECT", "any", "put", "Patch", "PUT", "PUT"][..],
        &["GET, POST"],
        &["DELTE", "PSOT", "POST"],
        &["", "GET|x", "GET,GET", "GET,PURGE", "GET"],
        &["GET POST", "GET", "POST", "PUT,GET;PUT"],
        &["patch", "get"],
    ] {
        violations_of_code.extend(check_methods(methods));
    }
    let of_configurations = violations(&drafts_of_operators(Written::Configuration));
    let of_lists = violations(&drafts_of_operators(Written::List));
    let violations = violations_of_code
        .into_iter()
        .chain(of_configurations)
        .chain(of_lists);
    let mut seen = HashSet::new();
    let mut text = String::new();
    for violation in violations {
        let shown = violation.to_string();
        let shown = shown.split("\n  = docs: ").next().unwrap_or_default();
        if seen.insert(shown.to_owned()) {
            text.push_str(shown);
            text.push('\n');
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/texts.txt");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &text).expect("a writable checkout");
    }
    let expected = std::fs::read_to_string(&path).expect("a snapshot");
    assert_eq!(text, expected, "{}", path.display());
}

#[test]
fn a_long_value_is_cut_and_has_no_control_characters() {
    let shown = |len: usize| {
        let name = format!("\u{1b}{}", "\u{e4}".repeat(len - 1));
        check_methods(&[&name]).remove(0).what
    };
    let letters = "\u{e4}".repeat(79);
    assert_eq!(shown(80), format!("`\\u{{1b}}{letters}` is not a method"));
    assert_eq!(shown(81), format!("`\\u{{1b}}{letters}…` is not a method"));
}

#[test]
fn marks_around_an_entry_are_cut_and_have_no_control_characters() {
    let long = format!("{}x-a", "{".repeat(81));
    let cut = format!("it has `{}…` before it", "{".repeat(80));
    for (name, mistake) in [
        ("{\n{x-a", r"it has `{\n{` before it"),
        ("x-a}\r\n}", r"it has `}\r\n}` after it"),
        (
            "[\t{x-a,\n;",
            r"it has `[\t{` before it and `,\n;` after it",
        ),
        (&*long, &*cut),
    ] {
        let draft = Draft {
            allow_headers: vec![name],
            ..draft(&[APP])
        };
        let what = violations(&[draft]).remove(0).what;
        assert!(what.ends_with(&format!(": {mistake}")), "{what}");
    }
}

/// An operator may not see the code.
#[test]
fn violations_of_an_operator_have_no_code_in_them() {
    let code = [
        "= [",
        "danger(",
        "Allowlist",
        "OriginSource",
        "dev_origins",
        "#[",
        "attribute",
        "handler",
        "`#",
        "static",
        "literal",
        "debug_assertions",
        "\", \"",
    ];
    for written in [Written::Configuration, Written::List] {
        let violations = violations(&drafts_of_operators(written));
        assert!(violations.len() > 50);
        for violation in violations {
            let Violation {
                what, why, help, ..
            } = &violation;
            let help = help.as_deref().unwrap_or_default();
            assert!(!help.is_empty(), "{violation}");
            // The entry itself may be anything.
            let quoted = format!("`{}`", violation.value);
            let text = format!("{} {why} {help}", what.replace(&quoted, "``"));
            for word in code {
                assert!(!text.contains(word), "{word} in {violation}");
            }
            assert!(
                !help.starts_with('"') && !help.contains("`\""),
                "{violation}"
            );
        }
    }
}
