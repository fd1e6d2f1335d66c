//! The decision against the model, for requests of any bytes that a header can have.

#![no_main]

#[path = "../../tests/support/any_engine.rs"]
mod any_engine;
mod by_url;
#[allow(dead_code)]
#[path = "../../cors-runtime/tests/exhaustive/model.rs"]
mod model;

use std::sync::LazyLock;

use arbitrary::Unstructured;
use cors_runtime::decision::{Decision, Endpoint, Methods};
use cors_runtime::response::{Action, action};
use cors_runtime::{__private as private, ConfiguredPolicy, Policy};
use libfuzzer_sys::fuzz_target;
use model::{Asked, Plain, Who};

const ORIGINS: &[&str] = &[
    "https://app.example.com",
    "https://example.com",
    "https://*.example.org",
    "https://*.a.example.net",
    "https://*.example.net:*",
    "https://shop.example.com:8443",
    "http://localhost:*",
    "https://[2001:db8::1]",
    "null",
    "file://",
    "app://.",
    "moz-extension://*",
];
const HEADERS: &[&str] = &["*", "authorization", "content-type", "x-a"];
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS", "put", "*"];
const VALUES: &[&str] = &[
    "cross-site",
    "same-site",
    "same-origin",
    "none",
    "cors",
    "no-cors",
    "text/plain",
    "text/plain, multipart/form-data;a",
    "text/plain;a,b",
    "application/json",
    "text/ping",
    "Application/CSP-Report;",
    "https://x.example.org",
    "https://b.a.example.net:1",
    "http://localhost:3000",
    "app.example.com:443",
    "moz-extension://9B2F",
    "app://.",
    "file://",
    "X-A, Content-Type",
];

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static STATED: Policy = private::configured("API", || private::configured_policy(&API));

/// A few policies of each kind, made once; and whether a configuration can state them.
static POLICIES: LazyLock<Vec<(Plain, &'static Policy, bool)>> = LazyLock::new(|| {
    let mut policies = Vec::new();
    let lists = (0..1_usize << ORIGINS.len()).step_by(53).map(|bits| {
        let listed = (0..ORIGINS.len()).filter(|i| bits >> i & 1 == 1);
        Who::Listed(listed.map(|i| ORIGINS[i]).collect())
    });
    for who in lists.chain([Who::Anyone, Who::Reflected, Who::Nobody]) {
        for bits in 0..64_usize {
            let headers = (0..4).filter(|i| bits >> i & 1 == 1);
            let plain = Plain {
                who: who.clone(),
                credentials: bits & 16 != 0,
                enforce: bits & 32 != 0,
                allow_headers: headers.map(|i| HEADERS[i]).collect(),
                methods: match bits % 6 {
                    5 => Methods::Any,
                    first => Methods::These(&METHODS[first..]),
                },
            };
            let policy = plain.policy();
            let can_be_configured = plain.configure(&API);
            policies.push((plain, policy, can_be_configured));
        }
    }
    policies
});

/// The value of a header: no control characters but tabs, and no blanks at its ends.
fn value<'a>(input: &mut Unstructured<'a>) -> arbitrary::Result<&'a [u8]> {
    let constant = match input.int_in_range(0..=5)? {
        0 => Some(input.choose(ORIGINS)?),
        1 => Some(input.choose(HEADERS)?),
        2 => Some(input.choose(METHODS)?),
        3 => Some(input.choose(VALUES)?),
        _ => None,
    };
    if let Some(constant) = constant {
        return Ok(constant.as_bytes());
    }
    let len = input.int_in_range(0..=200)?;
    let bytes = input.bytes(len.min(input.len()))?;
    let end = bytes
        .iter()
        .position(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f);
    Ok(bytes[..end.unwrap_or(bytes.len())].trim_ascii())
}

/// Mostly one line, or none.
fn lines<'a>(input: &mut Unstructured<'a>) -> arbitrary::Result<Vec<&'a [u8]>> {
    let count = [0, 0, 1, 1, 1, 1, 2, 3][input.int_in_range(0..=7)?];
    (0..count).map(|_| value(input)).collect()
}

fn run(input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let (plain, policy, can_be_configured) = input.choose(&POLICIES)?;
    let authority = value(input)?;
    let scheme = *input.choose(&[None, Some("https"), Some("http")])?;
    let asked = Asked {
        method: input.choose(METHODS)?,
        authority: std::str::from_utf8(authority)
            .ok()
            .filter(|text| !text.is_empty()),
        scheme,
        origins: lines(input)?,
        hosts: lines(input)?,
        sites: lines(input)?,
        modes: lines(input)?,
        content_types: lines(input)?,
        cookies: lines(input)?,
        methods: lines(input)?,
        names: lines(input)?,
    };
    // The model asks the URL parser, which takes Punycode apart.
    let is_punycode =
        |line: &&[u8]| std::str::from_utf8(line).is_ok_and(|text| text.contains("xn--"));
    if asked.origins.iter().any(is_punycode) {
        return Ok(());
    }
    // Each run may set it anew.
    let policy = if *can_be_configured && input.arbitrary()? {
        assert!(plain.configure(&API));
        &STATED
    } else {
        *policy
    };
    let endpoint = Endpoint::new("handler", policy, plain.methods);
    let decided = endpoint.decide(&asked);
    let found = decided.answered_by(|_, _| unreachable!("no sources"));
    // A longer value is not read. No website has one.
    let is_origin = |text: &str| text.len() <= 512 && by_url::is_origin(text);
    let expected = plain.decide(&asked, &is_origin);
    assert_eq!(found, expected, "{plain:?} {asked:?}");
    if let Decision::Preflight(Err(_)) = found {
        if let Action::Respond(response) = action(endpoint, found, &asked, true) {
            let is_sent = any_engine::lets_through(&response, &asked);
            assert!(!is_sent, "{plain:?} {asked:?} {response:?}");
        }
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    let _ = run(&mut Unstructured::new(bytes));
});
