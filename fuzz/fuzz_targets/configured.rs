//! A policy from the text of a configuration: it is accepted where the rules accept the same draft,
//! and then decides as the model does; or its messages are fit for a terminal and for an operator.

#![no_main]

mod by_url;
#[allow(dead_code)]
#[path = "../../cors-runtime/tests/exhaustive/model.rs"]
mod model;

use std::sync::Mutex;

use cors_rules::draft::{Element, Written};
use cors_rules::{Draft, Severity, check};
use cors_runtime::decision::{Endpoint, Methods};
use cors_runtime::{__private as private, ConfiguredPolicy, Danger, Policy, PolicyConfig};
use libfuzzer_sys::fuzz_target;
use model::{Asked, Plain, Who};
use serde_json::json;

/// One for each run: each keeps all that it was ever set to.
static CURRENT: Mutex<&ConfiguredPolicy> = Mutex::new(&FIRST);
static FIRST: ConfiguredPolicy = ConfiguredPolicy::new();
static STATED: Policy = private::configured("API", || {
    private::configured_policy(*CURRENT.lock().expect("no panic"))
});

const METHODS: Methods = Methods::These(&["GET", "PUT"]);

/// Parts of a Rust program. An operator writes none.
const CODE: [&str; 8] = [
    "#[",
    "danger(",
    "origins = ",
    "headers = ",
    "crate::",
    "runtime::",
    "policy!",
    "static ",
];

/// True if a terminal shows the text as it is.
fn is_plain(text: &str) -> bool {
    let is_bidirectional = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| c.is_control() || is_bidirectional(c))
}

fn draft(config: &PolicyConfig) -> Draft<'_> {
    let reflects = config.danger.contains_key(&Danger::ReflectAnyOrigin);
    let origins = config.origins.iter().map(|origin| Element::Text(origin));
    let (is_off, dangers) = (config.origins.is_empty() && !reflects, config.danger.iter());
    Draft {
        origins: (!config.origins.is_empty()).then(|| origins.collect()),
        credentials: config.credentials,
        enforce: config.enforce,
        allow_headers: config.allow_headers.iter().map(String::as_str).collect(),
        expose_headers: config.expose_headers.iter().map(String::as_str).collect(),
        max_age: config.max_age.map(u64::from),
        dangers: (dangers.map(|(danger, reason)| (*danger, &**reason))).collect(),
        has_base: is_off,
        release: !cfg!(debug_assertions),
        written: Written::Configuration,
        ..Draft::default()
    }
}

fn leaked(texts: &[String]) -> Vec<&'static str> {
    (texts.iter())
        .map(|text| &*String::leak(text.clone()))
        .collect()
}

fn plain(config: &PolicyConfig) -> Plain {
    let origins = leaked(&config.origins);
    let reflects = config.danger.contains_key(&Danger::ReflectAnyOrigin);
    Plain {
        who: match &*origins {
            ["*"] => Who::Anyone,
            [] if reflects => Who::Reflected,
            _ => Who::Listed(origins),
        },
        credentials: config.credentials,
        enforce: config.enforce,
        allow_headers: leaked(&config.allow_headers),
        methods: METHODS,
    }
}

fn try_out(config: &PolicyConfig) {
    let endpoint = Endpoint::new("handler", &STATED, METHODS);
    let plain = plain(config);
    let first = |text: &String| text.replacen("://*", "://a", 1).replace(":*", ":1");
    let mut origins: Vec<_> = config.origins.iter().map(first).collect();
    origins.extend(["https://app.example.com", "app://a", "null"].map(str::to_owned));
    // The URL parser takes Punycode apart.
    origins.retain(|origin| !origin.contains("xn--"));
    let headers = config.allow_headers.join(",");
    for origin in &origins {
        for (method, asked_for) in [("GET", ""), ("OPTIONS", "PUT"), ("OPTIONS", "PURGE")] {
            for names in [&*headers, "x-other", "authorization"] {
                let asked = Asked {
                    method,
                    origins: vec![origin.as_bytes()],
                    methods: (!asked_for.is_empty())
                        .then_some(asked_for.as_bytes())
                        .into_iter()
                        .collect(),
                    names: vec![names.as_bytes()],
                    ..Asked::default()
                };
                let decided = endpoint.decide(&asked);
                let found = decided.answered_by(|_, _| unreachable!("no sources"));
                let is_origin = |text: &str| text.len() <= 512 && by_url::is_origin(text);
                let expected = plain.decide(&asked, &is_origin);
                assert_eq!(found, expected, "{config:?} {asked:?}");
            }
        }
    }
}

fn set(config: &PolicyConfig) {
    let draft = draft(config);
    let (policy, mut expected) = check(&draft);
    let api: &ConfiguredPolicy = Box::leak(Box::new(ConfiguredPolicy::new()));
    let Err(violations) = api.set(config.clone()) else {
        assert!(policy.is_some(), "{expected:?}");
        *CURRENT.lock().expect("no panic") = api;
        try_out(config);
        return;
    };
    assert!(policy.is_none());
    expected.retain(|violation| violation.rule.severity() == Severity::Error);
    assert_eq!(*violations, expected);
    assert!(violations.to_string().lines().all(is_plain));
    // Names of headers are corrected in lower case.
    let own = format!("{config:?}").to_lowercase();
    for violation in &violations {
        let help = violation.help.as_deref().expect("a help");
        for text in [&*violation.what, &*violation.why, help] {
            assert!(is_plain(text), "{text:?}");
            for code in CODE {
                assert!(!text.contains(code) || own.contains(&code.to_lowercase()), "{text}");
            }
        }
    }
}

// A configuration in JSON; or the text of a variable of the environment, for each key.
fuzz_target!(|text: &str| {
    match serde_json::from_str::<PolicyConfig>(text) {
        Ok(config) => set(&config),
        Err(error) => assert!(is_plain(&error.to_string()), "{error}"),
    }
    for config in [
        json!({ "origins": text }),
        json!({ "origins": text, "credentials": "true", "max_age": "600" }),
        json!({ "origins": "https://a.example", "allow_headers": text, "expose_headers": text }),
        json!({ "origins": "http://a.example", "credentials": true, "danger": { "insecure_origins": text } }),
        json!({ text: text, "max_age": text }),
    ] {
        match serde_json::from_value::<PolicyConfig>(config) {
            Ok(config) => set(&config),
            Err(error) => assert!(is_plain(&error.to_string()), "{error}"),
        }
    }
});
