//! The rules as tables: what is written, and what is said of it. The wording has its tests in
//! `tests/ui`, so a row has the place and the rule, and the help only if it is a value to paste.

#![expect(
    clippy::unnecessary_wraps,
    reason = "a row gives `origins` as a draft has them"
)]

use super::*;
use crate::checked::Origins;
use crate::danger::Danger;
use crate::draft::{Element, Written};

macro_rules! draft {
    ($($field:ident: $value:expr),* $(,)?) => {
        Draft { $($field: $value,)* ..Draft::default() }
    };
}

/// `"description": { what differs from an empty draft } => [what is said of it];`
macro_rules! rows {
    ($($what:literal: { $($draft:tt)* } => [$($said:literal),*];)*) => {
        [$(($what, draft! { $($draft)* }, &[$($said),*] as &[&str]),)*]
    };
}

fn texts(texts: &[&'static str]) -> Vec<Element<'static>> {
    texts.iter().copied().map(Element::Text).collect()
}

fn origins(written: &[&'static str]) -> Option<Vec<Element<'static>>> {
    Some(texts(written))
}

/// A line for each violation.
fn said(violations: &[Violation]) -> Vec<String> {
    let line = |violation: &Violation| {
        let help = violation.help.as_deref().unwrap_or_default();
        let is_value = help.starts_with('"') && !help.contains('`');
        let help = if is_value {
            format!(" -> {help}")
        } else {
            String::new()
        };
        format!("{:?} {}{help}", violation.place, violation.rule)
    };
    violations.iter().map(line).collect()
}

#[test]
fn origins_are_judged() {
    const APP: &str = "https://a.example";
    let (insecure, suffixes) = (Danger::InsecureOrigins, Danger::PublicSuffixes);
    let (null, reflect) = (Danger::NullOrigin, Danger::ReflectAnyOrigin);
    for (what, draft, expected) in rows! {
        "one": { origins: origins(&[APP]) } => [];
        "nothing": {  } => ["Policy missing_origins"];
        "an empty list": { origins: origins(&[]) } => ["Origins empty_origins"];
        "an empty list beside origins of development": { origins: origins(&[]), dev_origins: texts(&["https://dev.example"]) } => ["Origins empty_origins"];
        "nothing but a base": { has_base: true } => [];
        "an empty list and a base": { origins: origins(&[]), has_base: true } => ["Origins empty_origins"];
        "development alone": { dev_origins: texts(&[APP]) } => ["Policy missing_origins"];
        "`*`": { origins: origins(&["*"]) } => [];
        "`*` with credentials": { origins: origins(&["*"]), credentials: true } => ["Origin(0) wildcard_with_credentials"];
        "`*` with others": { origins: origins(&["*", APP]) } => ["Origin(0) wildcard_with_other_origins"];
        "`*` with development": { origins: origins(&["*"]), dev_origins: texts(&["https://dev.example"]) } => ["Origin(0) wildcard_with_other_origins"];
        "`*` in development alone": { origins: origins(&[APP]), dev_origins: texts(&["*"]) } => ["DevOrigin(0) wildcard_with_other_origins"];
        "`*` with enforce": { origins: origins(&["*"]), enforce: true } => ["Enforce needless_enforce"];
        "enforce": { origins: origins(&[APP]), enforce: true } => [];
        "`null`": { origins: origins(&["null"]) } => ["Origin(0) null_origin"];
        "`null` accepted": { origins: origins(&["null"]), dangers: vec![(null, "a sandboxed frame of ours")] } => [];
        "`null`, and a base that may accept it": { origins: origins(&["null"]), has_base: true } => [];
        "`null`, a base, and another danger": { origins: origins(&["null"]), has_base: true, dangers: vec![(insecure, "an old device")] } => ["Origin(0) null_origin"];
        "twice": { origins: origins(&[APP, APP]) } => ["Origin(1) duplicate_origin"];
        "twice, once in development": { origins: origins(&[APP]), dev_origins: texts(&[APP]) } => ["DevOrigin(0) duplicate_origin"];
        "covered": { origins: origins(&["https://*.example.org", "https://a.example.org"]) } => ["Origin(1) covered_origin"];
        "covered by a later one": { origins: origins(&["https://a.example.org", "https://*.example.org"]) } => ["Origin(0) covered_origin"];
        "a development origin is covered": { origins: origins(&["https://*.example.org"]), dev_origins: texts(&["https://a.example.org"]) } => ["DevOrigin(0) covered_origin"];
        "only development covers": { origins: origins(&["https://a.example.org"]), dev_origins: texts(&["https://*.example.org"]) } => [];
        "development covers development": { origins: origins(&[APP]), dev_origins: texts(&["http://localhost:*", "http://localhost:3000"]) } => ["DevOrigin(1) covered_origin"];
        "insecure without credentials": { origins: origins(&["http://a.example"]) } => [];
        "insecure": { origins: origins(&["http://a.example:8080"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials -> \"https://a.example:8080\""];
        "insecure, port 443": { origins: origins(&["http://a.example:443"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials -> \"https://a.example\""];
        "insecure and there already": { origins: origins(&["http://a.example", APP]), credentials: true } => ["Origin(0) insecure_origin_with_credentials"];
        "insecure and covered already": { origins: origins(&["http://a.example.org", "https://*.example.org"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials"];
        "insecure, of an app": { origins: origins(&["app://a.example"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials"];
        "insecure, accepted": { origins: origins(&["http://a.example"]), credentials: true, dangers: vec![(insecure, "an old device")] } => [];
        "insecure, without need": { origins: origins(&["http://a.example"]), dangers: vec![(insecure, "an old device")] } => ["Danger(0) needless_danger"];
        "this machine": { origins: origins(&["http://localhost:3000", "http://127.0.0.1:1", "http://[::1]:2", "http://a.localhost"]), credentials: true } => [];
        "this machine in a release": { origins: origins(&["http://localhost:3000", "capacitor://localhost"]), dev_origins: texts(&["http://127.0.0.1:*"]), release: true } => ["Origin(0) loopback_origin_in_release"];
        "an extension": { origins: origins(&["chrome-extension://abcd"]), credentials: true } => [];
        "a public suffix": { origins: origins(&["https://*.github.io"]) } => [];
        "a public suffix with credentials": { origins: origins(&["https://*.github.io"]), credentials: true } => ["Origin(0) public_suffix_with_credentials"];
        "a public suffix with a dot": { origins: origins(&["https://*.github.io."]), credentials: true } => ["Origin(0) public_suffix_with_credentials"];
        "a name at a public suffix": { origins: origins(&["https://a.github.io", "https://github.io"]), credentials: true } => [];
        "a public suffix, accepted": { origins: origins(&["https://*.github.io"]), credentials: true, dangers: vec![(suffixes, "all of them are public")] } => [];
        "a public suffix and an insecure one": { origins: origins(&["http://*.github.io"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials", "Origin(0) public_suffix_with_credentials"];
        "a placeholder": { origins: origins(&["https://*.your-name.vercel.app", "https://your-name.example"]) } => ["Origin(0) malformed_origin", "Origin(1) malformed_origin"];
        "a slash": { origins: origins(&["https://a.example/"]) } => ["Origin(0) malformed_origin -> \"https://a.example\""];
        "a slash, and the origin itself": { origins: origins(&["https://a.example/", APP]) } => ["Origin(0) malformed_origin"];
        "a slash, covered": { origins: origins(&["https://a.example.org/", "https://*.example.org"]) } => ["Origin(0) malformed_origin"];
        "a slash, covers another": { origins: origins(&["https://*.example.org/", "https://a.example.org"]) } => ["Origin(0) malformed_origin"];
        "a slash, covers an origin of development": { origins: origins(&["https://*.example.org/"]), dev_origins: texts(&["https://a.example.org"]) } => ["Origin(0) malformed_origin"];
        "a slash in development, covers an origin": { origins: origins(&["https://a.example.org"]), dev_origins: texts(&["https://*.example.org/"]) } => ["DevOrigin(0) malformed_origin -> \"https://*.example.org\""];
        "a slash in development, covers both": { origins: origins(&["https://a.example.org", "https://c.example.org"]), dev_origins: texts(&["https://*.example.org/", "https://b.example.org"]) } => ["DevOrigin(0) malformed_origin"];
        "a slash, covers nothing": { origins: origins(&["https://*.example.org/", "https://example.org"]) } => ["Origin(0) malformed_origin -> \"https://*.example.org\""];
        "a slash, covered in development alone": { origins: origins(&["https://a.example.org/"]), dev_origins: texts(&["https://*.example.org"]) } => ["Origin(0) malformed_origin -> \"https://a.example.org\""];
        "a path in development, covered": { origins: origins(&["https://*.example.org"]), dev_origins: texts(&["https://a.example.org/x"]) } => ["DevOrigin(0) malformed_origin"];
        "a slash, insecure": { origins: origins(&["http://a.example/"]), credentials: true } => ["Origin(0) malformed_origin -> \"https://a.example\""];
        "a slash, insecure, accepted": { origins: origins(&["http://a.example/", "http://b.example"]), credentials: true, dangers: vec![(insecure, "an old device")] } => ["Origin(0) malformed_origin -> \"http://a.example\""];
        "a path, insecure without credentials": { origins: origins(&["http://a.example/x"]) } => ["Origin(0) malformed_origin -> \"http://a.example\""];
        "a path, of an app": { origins: origins(&["app://a.example/x"]), credentials: true } => ["Origin(0) malformed_origin"];
        "a slash after a public suffix": { origins: origins(&["https://*.github.io/"]), credentials: true } => ["Origin(0) malformed_origin"];
        "a slash after a public suffix without credentials": { origins: origins(&["https://*.github.io/"]) } => ["Origin(0) malformed_origin -> \"https://*.github.io\""];
        "a slash after a public suffix, accepted": { origins: origins(&["https://*.github.io/", "https://*.vercel.app"]), credentials: true, dangers: vec![(suffixes, "all of them are public")] } => ["Origin(0) malformed_origin -> \"https://*.github.io\""];
        "a slash after a placeholder": { origins: origins(&["https://your-name.example/"]) } => ["Origin(0) malformed_origin"];
        "international": { origins: origins(&["https://bücher.example"]) } => ["Origin(0) malformed_origin -> \"https://xn--bcher-kva.example\""];
        "no Punycode": { origins: origins(&["https://xn--a.example"]) } => ["Origin(0) malformed_origin"];
        "no Punycode, with a slash": { origins: origins(&["https://xn--a.example/"]) } => ["Origin(0) malformed_origin"];
        "Punycode": { origins: origins(&["https://xn--bcher-kva.example"]) } => [];
        "no origin at all": { origins: origins(&["nonsense"]) } => ["Origin(0) malformed_origin"];
        "a part of a label": { origins: origins(&["https://app-*.example.com"]) } => ["Origin(0) misplaced_wildcard -> \"https://*.example.com\""];
        "a part of a label at a public suffix": { origins: origins(&["https://app-*.vercel.app"]) } => ["Origin(0) misplaced_wildcard"];
        "a part of a label, the pattern there": { origins: origins(&["https://*example.com", "https://*.example.com"]) } => ["Origin(0) misplaced_wildcard"];
        "an inner label": { origins: origins(&["https://a.*.example.com"]) } => ["Origin(0) misplaced_wildcard"];
        "several": { origins: origins(&["https://a.example, https://b.example"]) } => ["Origin(0) malformed_origin -> \"https://a.example\", \"https://b.example\""];
        "several, one there already": { origins: origins(&["https://a.example https://b.example", APP]) } => ["Origin(0) malformed_origin -> \"https://b.example\""];
        "several, one insecure": { origins: origins(&["http://a.example,https://b.example"]), credentials: true } => ["Origin(0) malformed_origin -> \"https://a.example\", \"https://b.example\""];
        "any by name": { credentials: true, dangers: vec![(reflect, "it is public")] } => [];
        "any by name without credentials": { dangers: vec![(reflect, "it is public")] } => ["Danger(0) needless_danger"];
        "any by name, and a list": { origins: origins(&[APP]), credentials: true, dangers: vec![(reflect, "it is public")] } => ["Danger(0) needless_danger"];
        "any by name, and development": { dev_origins: texts(&[APP, "https://b.example"]), credentials: true, dangers: vec![(reflect, "it is public")] } => ["DevOrigin(0) covered_origin", "DevOrigin(1) covered_origin"];
        "any by name, enforced": { credentials: true, enforce: true, dangers: vec![(reflect, "it is public")] } => ["Enforce needless_enforce"];
        "any by name, a base": { has_base: true, credentials: true, dev_origins: texts(&[APP]), dangers: vec![(reflect, "it is public")] } => [];
        "a danger without a reason": { origins: origins(&["null"]), dangers: vec![(null, "")] } => ["Reason(0) empty_reason"];
        "a reason of no word": { origins: origins(&["null"]), dangers: vec![(null, " .!")] } => ["Reason(0) empty_reason"];
        "the placeholder of a help as a reason": { origins: origins(&["null"]), dangers: vec![(null, " why that is harmless ")] } => ["Reason(0) empty_reason"];
        "a danger that nothing needs": { origins: origins(&[APP]), dangers: vec![(suffixes, "x"), (null, "y")] } => ["Danger(0) needless_danger", "Danger(1) needless_danger"];
        "a danger that nothing needs, beside a base": { origins: origins(&[APP]), has_base: true, dangers: vec![(suffixes, "x")] } => [];
    } {
        compare(what, &draft, expected);
    }
}

#[test]
fn origins_that_are_not_of_websites_are_judged() {
    let (insecure, null, file) = (
        Danger::InsecureOrigins,
        Danger::NullOrigin,
        Danger::FileOrigin,
    );
    for (what, draft, expected) in rows! {
        "`file://`": { origins: origins(&["file://"]) } => ["Origin(0) file_origin"];
        "`file://` accepted": { origins: origins(&["file://"]), credentials: true, dangers: vec![(file, "the app opens no other files")] } => [];
        "`file://`, and `null` is accepted": { origins: origins(&["file://"]), dangers: vec![(null, "a sandboxed frame of ours")] } => ["Origin(0) file_origin", "Danger(0) needless_danger"];
        "`file://` accepted, and not listed": { origins: origins(&["null"]), dangers: vec![(null, "a sandboxed frame of ours"), (file, "x")] } => ["Danger(1) needless_danger"];
        "`file://` twice": { origins: origins(&["file://", "file://"]), dangers: vec![(file, "the app opens no other files")] } => ["Origin(1) duplicate_origin"];
        "a file": { origins: origins(&["file:///index.html", "file:"]) } => ["Origin(0) malformed_origin", "Origin(1) malformed_origin"];
        "loopback names of apps in a release": { origins: origins(&["http://localhost", "https://localhost", "http://tauri.localhost", "https://tauri.localhost"]), release: true } => [];
        "loopback names that no app has, in a release": { origins: origins(&["http://127.0.0.1", "http://tauri.localhost:1420", "https://*.localhost", "https://localhost:*"]), release: true } => ["Origin(0) loopback_origin_in_release", "Origin(1) loopback_origin_in_release", "Origin(2) loopback_origin_in_release", "Origin(3) loopback_origin_in_release"];
        "apps with credentials": { origins: origins(&["capacitor://localhost", "ionic://localhost", "tauri://localhost", "http://tauri.localhost", "https://localhost"]), credentials: true } => [];
        "apps whose host can be that of others": { origins: origins(&["connector://app.example.com", "app://.", "tauri://*.localhost", "capacitor://Localhost"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials", "Origin(1) insecure_origin_with_credentials", "Origin(2) insecure_origin_with_credentials", "Origin(3) insecure_origin_with_credentials"];
        "hosts as they are": { origins: origins(&["app://.", "app://-", "safari-web-extension://140BB581-2D3C-4B46-8B5E-7E6A3F1C9D20", "app://xn--a", "app://A%20b"]) } => [];
        "any host of a scheme of its own": { origins: origins(&["moz-extension://*", "chrome-extension://*", "safari-web-extension://*", "vscode-webview://*", "app://*:*"]) } => [];
        "any host, with credentials": { origins: origins(&["moz-extension://*", "app://*"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials", "Origin(1) insecure_origin_with_credentials"];
        "any host, accepted": { origins: origins(&["moz-extension://*"]), credentials: true, dangers: vec![(insecure, "every extension may")] } => [];
        "any host, and one of them": { origins: origins(&["moz-extension://*", "moz-extension://a", "moz-extension://*.b", "chrome-extension://a"]) } => ["Origin(1) covered_origin", "Origin(2) covered_origin"];
        "any host of websites": { origins: origins(&["https://*", "http://*:8080", "ws://*", "ftp://*"]) } => ["Origin(0) misplaced_wildcard", "Origin(1) misplaced_wildcard", "Origin(2) malformed_origin", "Origin(3) malformed_origin"];
        "a public suffix in a scheme of its own": { origins: origins(&["app://*.github.io"]), credentials: true, dangers: vec![(insecure, "a test device")] } => [];
        "a range of addresses": { origins: origins(&["http://192.168.1.*:8080", "http://10.*.*.*", "http://192.168.0.0/16"]) } => ["Origin(0) misplaced_wildcard", "Origin(1) misplaced_wildcard", "Origin(2) malformed_origin"];
        "a scheme with a slip": { origins: origins(&["htps://a.example", "httpss://b.example", "moz-extensions://*"]) } => ["Origin(0) misspelling -> \"https://a.example\"", "Origin(1) misspelling -> \"https://b.example\"", "Origin(2) misspelling -> \"moz-extension://*\""];
        "a scheme with a slip, with credentials": { origins: origins(&["htp://a.example", "moz-extensions://*"]), credentials: true } => ["Origin(0) insecure_origin_with_credentials -> \"https://a.example\"", "Origin(1) insecure_origin_with_credentials"];
        "a scheme with a slip, in a list with credentials": { origins: origins(&["htps://a.example", "htps://b.example", "https://b.example"]), credentials: true, dangers: vec![(insecure, "old devices")] } => ["Origin(0) misspelling -> \"https://a.example\"", "Origin(1) misspelling"];
        "the page of an editor": { origins: origins(&["vscode-webview://0a1b2c3d"]), credentials: true } => [];
        "a scheme like others": { origins: origins(&["bionic://localhost", "tonic://localhost", "obsidian://a"]) } => [];
        "a scheme twice": { origins: origins(&["https://https://a.example"]) } => ["Origin(0) malformed_origin -> \"https://a.example\""];
        "a slash, of an extension": { origins: origins(&["chrome-extension://abcd/"]) } => ["Origin(0) malformed_origin -> \"chrome-extension://abcd\""];
        "a danger for what a list may hold later": { origins: origins(&["https://a.example"]), credentials: true, dangers: vec![(insecure, "old devices")], written: Written::List } => [];
    } {
        compare(what, &draft, expected);
    }
}

/// A policy is checked if nothing that is said of it is an error.
fn compare(what: &str, draft: &Draft<'_>, expected: &[&str]) {
    let (policy, violations) = check(draft);
    assert_eq!(said(&violations), expected, "{what}");
    let is_error = |violation: &Violation| violation.rule.severity() == Severity::Error;
    assert_eq!(policy.is_none(), violations.iter().any(is_error), "{what}");
}

#[test]
fn headers_are_judged() {
    for (what, draft, expected) in rows! {
        "any": { allow_headers: vec!["*"], expose_headers: vec!["*"] } => [];
        "any with credentials": { allow_headers: vec!["*", "authorization"], expose_headers: vec!["*"], credentials: true } => ["ExposeHeader(0) wildcard_expose_with_credentials"];
        "names": { allow_headers: vec!["Content-Type", "x-a"], expose_headers: vec!["x-total"], credentials: true } => [];
        "authorization beside `*`": { allow_headers: vec!["*", "authorization"], expose_headers: vec![] } => [];
        "a name beside `*`": { allow_headers: vec!["*", "x-a"], expose_headers: vec!["*", "x-total"] } => ["AllowHeader(1) duplicate_header", "ExposeHeader(1) duplicate_header"];
        "a name beside `*`, after it": { allow_headers: vec!["x-a", "*"], expose_headers: vec!["x-total", "*"] } => ["AllowHeader(0) duplicate_header", "ExposeHeader(0) duplicate_header"];
        "twice": { allow_headers: vec!["x-a", "X-A"], expose_headers: vec!["x-b", "x-B"] } => ["AllowHeader(1) duplicate_header", "ExposeHeader(1) duplicate_header"];
        "forbidden": { allow_headers: vec!["cookie", "Sec-Fetch-Site", "proxy-x", "access-control-request-method", "te"], expose_headers: vec!["Set-Cookie", "set-cookie2"] } => ["AllowHeader(0) forbidden_request_header", "AllowHeader(1) forbidden_request_header", "AllowHeader(2) forbidden_request_header", "AllowHeader(3) forbidden_request_header", "AllowHeader(4) forbidden_request_header", "ExposeHeader(0) forbidden_response_header", "ExposeHeader(1) forbidden_response_header"];
        "of the other side": { allow_headers: vec!["access-control-allow-origin", "Access-Control-Max-Age", "access-control-expose-headers"], expose_headers: vec!["origin", "access-control-request-headers"] } => ["AllowHeader(0) response_header_in_request", "AllowHeader(1) response_header_in_request", "AllowHeader(2) response_header_in_request", "ExposeHeader(0) request_header_in_response", "ExposeHeader(1) request_header_in_response"];
        "safelisted": { allow_headers: vec!["accept", "Accept-Language", "content-language", "range"], expose_headers: vec!["cache-control", "Content-Type", "expires", "pragma"] } => ["AllowHeader(0) safelisted_header", "AllowHeader(1) safelisted_header", "AllowHeader(2) safelisted_header", "AllowHeader(3) safelisted_header", "ExposeHeader(0) safelisted_header", "ExposeHeader(1) safelisted_header", "ExposeHeader(2) safelisted_header", "ExposeHeader(3) safelisted_header"];
        "not a name": { allow_headers: vec!["x a", "", "x-a,x-b", "content-type: application/json", "a;b"], expose_headers: vec!["x a", "x-t: 1"] } => ["AllowHeader(0) invalid_header -> \"x\", \"a\"", "AllowHeader(1) invalid_header", "AllowHeader(2) invalid_header -> \"x-a\", \"x-b\"", "AllowHeader(3) invalid_header -> \"content-type\"", "AllowHeader(4) invalid_header -> \"a\", \"b\"", "ExposeHeader(0) invalid_header -> \"x\", \"a\"", "ExposeHeader(1) invalid_header -> \"x-t\""];
        "slips and patterns": { allow_headers: vec!["content_type", "x-*", "any", "x-a"], expose_headers: vec!["retry_after", "Retry-After", "x y-*"] } => ["AllowHeader(0) misspelling -> \"content-type\"", "AllowHeader(1) invalid_header", "AllowHeader(2) invalid_header", "ExposeHeader(0) misspelling", "ExposeHeader(2) invalid_header -> \"x\""];
        "not names, listed already": { allow_headers: vec!["x-a", "x-a,x-b", "Content-Type", "content-type,x-c"], expose_headers: vec!["x-t", "x-t x-u x-u"] } => ["AllowHeader(1) invalid_header -> \"x-b\"", "AllowHeader(3) invalid_header -> \"x-c\"", "ExposeHeader(1) invalid_header -> \"x-u\""];
        "not names, of which some are refused": { allow_headers: vec!["cookie,x-a", "access-control-allow-origin;x-b", "accept x-c"], expose_headers: vec!["set-cookie x-t", "origin,x-u", "expires,x-v"] } => ["AllowHeader(0) invalid_header -> \"x-a\"", "AllowHeader(1) invalid_header -> \"x-b\"", "AllowHeader(2) invalid_header -> \"x-c\"", "ExposeHeader(0) invalid_header -> \"x-t\"", "ExposeHeader(1) invalid_header -> \"x-u\"", "ExposeHeader(2) invalid_header -> \"x-v\""];
        "not names beside `*`": { allow_headers: vec!["*", "x-a,authorization"], expose_headers: vec!["*", "x-a,x-b"] } => ["AllowHeader(1) invalid_header -> \"authorization\"", "ExposeHeader(1) invalid_header"];
        "names that begin like others": { allow_headers: vec!["section", "proxyx", "cookies", "access-control-x", "origins"], expose_headers: vec!["originx", "access-control-request", "access-control-expose-headers"] } => [];
    } {
        let draft = Draft {
            origins: origins(&["https://a.example"]),
            ..draft
        };
        let (_, violations) = check(&draft);
        assert_eq!(said(&violations), expected, "{what}");
    }
}

#[test]
fn methods_are_judged() {
    for (methods, expected) in [
        (&["GET", "PUT", "PURGE", "QUERY", "M-SEARCH"][..], &[][..]),
        (&["PUT", "PUT"], &["Method(1) duplicate_method"][..]),
        (
            &["connect", "TRACE", "Track"],
            &[
                "Method(0) forbidden_method",
                "Method(1) forbidden_method",
                "Method(2) forbidden_method",
            ][..],
        ),
        (
            &["*", "any", "ALL"],
            &[
                "Method(0) invalid_method",
                "Method(1) invalid_method",
                "Method(2) invalid_method",
            ][..],
        ),
        (
            &["put", "Patch", "query"],
            &[
                "Method(0) miscased_method -> \"PUT\"",
                "Method(1) miscased_method -> \"PATCH\"",
                "Method(2) miscased_method -> \"QUERY\"",
            ][..],
        ),
        (
            &["PU T", ""],
            &["Method(0) invalid_method", "Method(1) invalid_method"][..],
        ),
        (&["GE", "Pull"], &[][..]),
        (
            &["Puts", "DELTE", "GET|PUT"],
            &[
                "Method(0) misspelling -> \"PUT\"",
                "Method(1) misspelling -> \"DELETE\"",
                "Method(2) invalid_method -> \"GET\", \"PUT\"",
            ],
        ),
    ] {
        assert_eq!(said(&check_methods(methods)), expected, "{methods:?}");
    }
}

#[test]
fn max_age_is_judged() {
    for (seconds, expected) in [
        (0, &[] as &[&str]),
        (7_200, &[]),
        (7_201, &["MaxAge max_age_beyond_browsers"]),
        (86_400, &["MaxAge max_age_beyond_browsers"]),
        (86_401, &["MaxAge max_age_too_large"]),
        (u64::MAX, &["MaxAge max_age_too_large"]),
    ] {
        let draft = draft! { origins: origins(&["*"]), max_age: Some(seconds) };
        let (policy, violations) = check(&draft);
        assert_eq!(said(&violations), expected, "{seconds}");
        let kept = policy.and_then(|policy| policy.max_age).map(u64::from);
        assert_eq!(kept, (seconds <= 86_400).then_some(seconds), "{seconds}");
    }
}

#[test]
fn a_checked_policy_is_split_and_sorted() {
    let mut elements = texts(&[
        "https://bb.example",
        "https://*.longer.example",
        "https://c.example",
        "http://*.org.example:*",
        "https://a.example",
        "https://*.org.example",
    ]);
    elements.push(Element::Source("crate::TENANTS"));
    let draft = draft! {
        origins: Some(elements),
        dev_origins: texts(&["http://localhost:*", "null"]),
        allow_headers: vec!["X-B", "*", "Authorization"],
        expose_headers: vec!["X-Total", "x-page"],
        dangers: vec![(Danger::NullOrigin, "a sandboxed frame of ours")],
    };
    let draft = Draft {
        allow_headers: vec!["X-B", "Authorization"],
        ..draft
    };
    let policy = check(&draft).0.expect("sound");
    let Origins::Listed(list) = policy.origins else {
        panic!("a list");
    };
    let exact = list.exact.iter().map(|entry| (entry.value, entry.place));
    assert_eq!(
        exact.collect::<Vec<_>>(),
        [
            ("null", Place::DevOrigin(1)),
            ("https://a.example", Place::Origin(4)),
            ("https://c.example", Place::Origin(2)),
            ("https://bb.example", Place::Origin(0)),
        ]
    );
    let patterns = list.patterns.iter().map(|entry| entry.value);
    assert_eq!(
        patterns.collect::<Vec<_>>(),
        [
            "http://localhost:*",
            "https://*.org.example",
            "http://*.org.example:*",
            "https://*.longer.example",
        ]
    );
    assert_eq!(list.sources[0].value, "crate::TENANTS");
    assert_eq!(list.sources[0].place, Place::Origin(6));
    assert!(!policy.allow_any_header);
    assert_eq!(policy.allow_headers, ["authorization", "x-b"]);
    assert_eq!(policy.expose_headers, ["x-total", "x-page"]);
}

#[test]
fn a_policy_is_for_anyone_or_of_its_base() {
    let reason = |danger| vec![(danger, "the resource is public")];
    for (what, draft, expected) in [
        ("`*`", draft! { origins: origins(&["*"]) }, Origins::Any),
        (
            "reflected",
            draft! { credentials: true, dangers: reason(Danger::ReflectAnyOrigin) },
            Origins::Reflected,
        ),
        ("of the base", draft! { has_base: true }, Origins::Inherited),
        (
            "of the base, whatever is reflected there",
            draft! { has_base: true, credentials: true, dangers: reason(Danger::ReflectAnyOrigin) },
            Origins::Inherited,
        ),
    ] {
        let policy = check(&draft).0.expect(what);
        assert_eq!(policy.origins, expected, "{what}");
    }
    let draft = draft! { has_base: true, dev_origins: texts(&["https://dev.example"]) };
    let policy = check(&draft).0.expect("sound");
    assert!(matches!(policy.origins, Origins::Listed(_)));
    let draft = draft! { origins: origins(&["*"]), allow_headers: vec!["*", "authorization"] };
    let policy = check(&draft).0.expect("sound");
    assert!(policy.allow_any_header);
    assert_eq!(policy.allow_headers, ["authorization"]);
}

#[test]
fn a_policy_without_credentials_has_hazards_only_if_it_can_be_a_base() {
    for (can_be_base, expected) in [(false, 0), (true, 1)] {
        let draft = draft! { origins: origins(&["http://a.example"]), can_be_base: can_be_base };
        let policy = check(&draft).0.expect("sound");
        assert_eq!(policy.hazards.len(), expected);
    }
}
