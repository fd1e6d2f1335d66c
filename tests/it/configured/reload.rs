//! A policy is set again.

use cors_runtime::{AllowedOrigins, Danger, Policy, Rule, policy};

use super::*;

static API: ConfiguredPolicy = ConfiguredPolicy::new();

#[cors(configured = API)]
#[put("/items")]
async fn items() -> &'static str {
    "items"
}

#[test]
fn the_next_request_is_handled_under_the_new_policy_and_a_refused_one_changes_nothing() {
    let server = Server::start(|app| {
        app.service(items);
    });
    let grants = |origin| {
        let granted = format!("access-control-allow-origin: {origin}");
        asked(&server, "PUT /items", origin).contains(&granted)
    };
    assert!(!grants(APP));
    API.set(origins(&[APP])).expect("a policy");
    assert!(grants(APP) && !grants(OTHER));

    let bad = PolicyConfig {
        origins: owned(&[
            "http://other.example",
            "https://a.example/",
            "https://x.example",
        ]),
        credentials: true,
        ..PolicyConfig::default()
    };
    let violations = API.set(bad).expect_err("insecure");
    let rules: Vec<_> = violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(
        rules,
        [Rule::InsecureOriginWithCredentials, Rule::MalformedOrigin]
    );
    assert!(grants(APP) && !grants("https://x.example"));
    assert!(!items::POLICY.credentials());

    API.set(origins(&[OTHER])).expect("a policy");
    assert!(grants(OTHER) && !grants(APP));
    API.set(PolicyConfig::default()).expect("off");
    assert!(!grants(OTHER) && !grants(APP));
}

#[test]
fn a_hundred_thousand_mistakes_are_found_and_not_all_written() {
    // Each correction is held against the entries that are right. One by one, that would take half
    // an hour without optimizations.
    let origins = (0..100_000).flat_map(|i| {
        let mistake = match i % 4 {
            0 => format!("http://a{i}.example"),
            1 => format!("https://*.a{i}.example/"),
            2 => format!("\"https://a{i}.example\""),
            _ => format!("https://a{i}*.example"),
        };
        [format!("https://b{i}.example"), mistake]
    });
    let violations = ConfiguredPolicy::new().set(PolicyConfig {
        origins: origins.collect(),
        credentials: true,
        ..PolicyConfig::default()
    });
    let violations = violations.expect_err("mistakes");
    let mut places: Vec<_> = (violations.iter())
        .map(|violation| match violation.place {
            cors_runtime::Place::Origin(i) => i,
            place => panic!("{place:?}"),
        })
        .collect();
    places.sort_unstable();
    assert!(places.into_iter().eq((0..100_000).map(|i| 2 * i + 1)));
    let text = violations.to_string();
    assert_eq!(text.matches("\n  = rule: ").count(), 50);
    assert!(text.ends_with("\nand 99950 more"));
}

#[test]
fn a_configuration_that_no_attribute_could_state_is_refused() {
    let api = ConfiguredPolicy::new();
    let insecure = |reason: &str| PolicyConfig {
        credentials: true,
        danger: [(Danger::InsecureOrigins, reason.to_owned())].into(),
        ..origins(&["http://a.example"])
    };
    let all = |danger: &[Danger]| PolicyConfig {
        credentials: true,
        danger: (danger.iter())
            .map(|danger| (*danger, "it is public".to_owned()))
            .collect(),
        ..PolicyConfig::default()
    };
    for (what, config, expected) in [
        ("no reason", insecure(""), Some(Rule::EmptyReason)),
        ("a placeholder", insecure("…"), Some(Rule::EmptyReason)),
        ("a reason", insecure("a printer"), None),
        (
            "a needless danger",
            PolicyConfig {
                credentials: false,
                ..insecure("x")
            },
            Some(Rule::NeedlessDanger),
        ),
        ("off, with a danger", all(&[Danger::NullOrigin]), None),
        (
            "off, without a reason",
            PolicyConfig {
                origins: Vec::new(),
                ..insecure(" ")
            },
            Some(Rule::EmptyReason),
        ),
        ("everyone", all(&[Danger::ReflectAnyOrigin]), None),
        (
            "everyone, enforced",
            PolicyConfig {
                enforce: true,
                ..all(&[Danger::ReflectAnyOrigin])
            },
            Some(Rule::NeedlessEnforce),
        ),
        (
            "off, with a header that no page can send",
            PolicyConfig {
                allow_headers: owned(&["cookie"]),
                ..PolicyConfig::default()
            },
            Some(Rule::ForbiddenRequestHeader),
        ),
        (
            "too long",
            PolicyConfig {
                max_age: Some(86_401),
                ..origins(&[APP])
            },
            Some(Rule::MaxAgeTooLarge),
        ),
        (
            "a warning",
            PolicyConfig {
                max_age: Some(86_400),
                ..origins(&[APP])
            },
            None,
        ),
        (
            "every exposed header with credentials",
            PolicyConfig {
                credentials: true,
                expose_headers: owned(&["*"]),
                ..PolicyConfig::default()
            },
            Some(Rule::WildcardExposeWithCredentials),
        ),
        (
            "`*` with others",
            origins(&["*", APP]),
            Some(Rule::WildcardWithOtherOrigins),
        ),
        ("twice", origins(&[APP, APP]), Some(Rule::DuplicateOrigin)),
        (
            "an empty origin",
            origins(&[""]),
            Some(Rule::MalformedOrigin),
        ),
    ] {
        let rule = api.set(config).err().map(|violations| violations[0].rule);
        assert_eq!(rule, expected, "{what}");
    }
}

static MANY: ConfiguredPolicy = ConfiguredPolicy::new();
static MANY_ORIGINS: Policy = policy!(configured = MANY);

/// A step that compared each origin with each other would take hours.
#[test]
fn hundreds_of_thousands_of_origins_are_set() {
    let mut origins: Vec<_> = (0..200_000)
        .map(|i| format!("https://a{i}.example"))
        .collect();
    let config = PolicyConfig {
        origins: origins.clone(),
        credentials: true,
        ..PolicyConfig::default()
    };
    MANY.set(config).expect("a policy");
    let AllowedOrigins::These { mut literals, .. } = MANY_ORIGINS.origins() else {
        panic!("{MANY:?}");
    };
    literals.sort_unstable();
    origins.sort_unstable();
    assert!(literals == origins);
}
