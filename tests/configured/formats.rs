//! One policy, in the formats that servers have.

use std::collections::BTreeMap;

use config::{Config, Environment, File, FileFormat};
use cors_runtime::{ConfiguredPolicy, Danger, PolicyConfig, Rule, Violations};
use libtest_mimic::Trial;

use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("formats_agree", agree),
        trial("a_key_that_is_left_out_has_its_default", defaults),
        trial("an_unknown_key_is_told_what_was_meant", unknown),
        trial("a_value_of_another_type_is_refused", types),
        trial("violations_are_an_error_of_main", main_error),
    ]
}

fn read(text: &str, format: FileFormat) -> Result<PolicyConfig, config::ConfigError> {
    let source = File::from_str(text, format);
    Config::builder()
        .add_source(source)
        .build()?
        .try_deserialize()
}

fn json(text: &str) -> Result<PolicyConfig, serde_json::Error> {
    serde_json::from_str(text)
}

fn agree() {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let expected = PolicyConfig {
        origins: texts(&["https://a.example", "http://b.example"]),
        credentials: true,
        allow_headers: texts(&["content-type", "x-a"]),
        expose_headers: texts(&["x-total"]),
        max_age: Some(600),
        enforce: true,
        danger: BTreeMap::from([(Danger::InsecureOrigins, "our own network".to_owned())]),
    };
    assert!(ConfiguredPolicy::new().set(expected.clone()).is_ok());
    let toml = r#"
        origins = ["https://a.example", "http://b.example"]
        credentials = true
        allow_headers = ["content-type", "x-a"]
        expose_headers = ["x-total"]
        max_age = 600
        enforce = true
        danger.insecure_origins = "our own network"
    "#;
    let yaml = "
origins:
  - https://a.example
  - http://b.example
credentials: true
allow_headers: [content-type, x-a]
expose_headers: x-total
max_age: 600
enforce: true
danger:
  insecure_origins: our own network
";
    let object = r#"{
        "origins": ["https://a.example", "http://b.example"], "credentials": true,
        "allow_headers": ["content-type", "x-a"], "expose_headers": ["x-total"], "max_age": 600,
        "enforce": true, "danger": { "insecure_origins": "our own network" }
    }"#;
    let texts = r#"{
        "origins": "https://a.example,http://b.example", "credentials": "true",
        "allow_headers": " content-type , x-a,", "expose_headers": "x-total", "max_age": " 600",
        "enforce": "true", "danger": { "insecure_origins": "our own network" }
    }"#;
    assert_eq!(read(toml, FileFormat::Toml).expect("TOML"), expected);
    assert_eq!(read(yaml, FileFormat::Yaml).expect("YAML"), expected);
    assert_eq!(json(object).expect("JSON"), expected);
    assert_eq!(json(texts).expect("texts"), expected);
    let variables = [
        ("C__ORIGINS", "https://a.example, http://b.example"),
        ("C__CREDENTIALS", "true"),
        ("C__ALLOW_HEADERS", "content-type,x-a"),
        ("C__EXPOSE_HEADERS", "x-total"),
        ("C__MAX_AGE", "600"),
        ("C__ENFORCE", "true"),
        ("C__DANGER__INSECURE_ORIGINS", "our own network"),
    ];
    for try_parsing in [false, true] {
        let variables = variables.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let source = Environment::with_prefix("C")
            .prefix_separator("__")
            .separator("__");
        let source = source
            .try_parsing(try_parsing)
            .source(Some(variables.into()));
        let config = Config::builder()
            .add_source(source)
            .build()
            .expect("variables");
        assert_eq!(
            config.try_deserialize::<PolicyConfig>().expect("variables"),
            expected
        );
    }
}

fn defaults() {
    let expected = PolicyConfig::default();
    let nulls = r#"{ "origins": null, "credentials": null, "max_age": null, "danger": null, "enforce": null }"#;
    for text in ["{}", nulls, r#"{ "origins": "", "allow_headers": " , " }"#] {
        assert_eq!(json(text).expect(text), expected, "{text}");
    }
    let yaml = read("origins:\ndanger:\n", FileFormat::Yaml);
    assert_eq!(yaml.expect("YAML"), expected);
    let whole: BTreeMap<String, PolicyConfig> =
        serde_json::from_str("{ \"cors\": {} }").expect("JSON");
    assert_eq!(whole["cors"], expected);
    // Only `visit_unit` reads a table without a key.
    let whole = File::from_str("cors:\n", FileFormat::Yaml);
    let whole = Config::builder().add_source(whole).build().expect("YAML");
    let whole: BTreeMap<String, PolicyConfig> = whole.try_deserialize().expect("YAML");
    assert_eq!(whole["cors"], expected);
}

fn unknown() {
    for (key, help) in [
        ("orgins", "did you mean `origins`?"),
        ("origin", "did you mean `origins`?"),
        ("allowed_origins", "did you mean `origins`?"),
        ("allowedOrigins", "did you mean `origins`?"),
        ("Access-Control-Allow-Origin", "did you mean `origins`?"),
        ("Origins", "did you mean `origins`?"),
        ("allowCredentials", "did you mean `credentials`?"),
        ("supports_credentials", "did you mean `credentials`?"),
        ("allow-headers", "did you mean `allow_headers`?"),
        ("AllowedHeaders", "did you mean `allow_headers`?"),
        ("exposedHeaders", "did you mean `expose_headers`?"),
        ("max-age", "did you mean `max_age`?"),
        ("maxAge", "did you mean `max_age`?"),
        ("max_ages", "did you mean `max_age`?"),
        ("enforced", "did you mean `enforce`?"),
        ("dangers", "did you mean `danger`?"),
        ("null_origin", "did you mean `danger.null_origin`?"),
        (
            "danger_insecure_origins",
            "did you mean `danger.insecure_origins`?",
        ),
        ("danger.null_origin", "did you mean `danger.null_origin`?"),
        ("denied_origins", "the keys are `origins`, "),
        ("no-credentials", "the keys are `origins`, "),
        ("forbidden_headers", "the keys are `origins`, "),
        ("none", "to allow no one, leave `origins` empty"),
        (
            "methods",
            "remove it: the server allows the methods that it has",
        ),
        (
            "allow_methods",
            "remove it: the server allows the methods that it has",
        ),
        (
            "dev_origins",
            "in the configuration for development, list them in `origins`",
        ),
        (
            "configured",
            "remove it: these are the settings that it would name",
        ),
        (
            "x",
            "the keys are `origins`, `credentials`, `allow_headers`, `expose_headers`, `max_age`, `enforce`, `danger`",
        ),
    ] {
        let error = json(&format!("{{ {key:?}: [] }}"))
            .expect_err(key)
            .to_string();
        let expected = format!("unknown key `{key}`: {help}");
        assert!(error.starts_with(&expected), "{expected} is not {error}");
    }
    for (key, help) in [
        ("insecure_origin", "did you mean `insecure_origins`?"),
        ("insecure-origins", "did you mean `insecure_origins`?"),
        ("x", "the dangers are `insecure_origins`, "),
    ] {
        let text = format!("{{ \"danger\": {{ {key:?}: \"x\" }} }}");
        let error = json(&text).expect_err(key).to_string();
        let expected = format!("unknown key `{key}` of `danger`: {help}");
        assert!(error.starts_with(&expected), "{expected} is not {error}");
    }
    let error = json("{ \"a\\u001b[1m\": 1 }")
        .expect_err("unknown")
        .to_string();
    assert!(error.starts_with("unknown key `a\\u{1b}[1m`"), "{error}");
    let error = json("{ \"origins\": [], \"origins\": [] }")
        .expect_err("twice")
        .to_string();
    assert!(error.starts_with("duplicate field `origins`"), "{error}");
}

fn types() {
    const LIST: &str = "`origins` to be a list of strings, or one string with commas between them";
    const FLAG: &str = "`credentials` to be `true` or `false`";
    const SECONDS: &str = "`max_age` to be a whole number of seconds up to 86400";
    for (text, expected) in [
        ("{ \"origins\": 5 }", LIST),
        ("{ \"origins\": true }", LIST),
        ("{ \"origins\": {} }", LIST),
        ("{ \"origins\": [1] }", "a string"),
        ("{ \"origins\": [null] }", "a string"),
        ("{ \"credentials\": 1 }", FLAG),
        ("{ \"credentials\": \"True\" }", FLAG),
        ("{ \"credentials\": \"\" }", FLAG),
        ("{ \"credentials\": [] }", FLAG),
        ("{ \"max_age\": -1 }", SECONDS),
        ("{ \"max_age\": 1.5 }", SECONDS),
        ("{ \"max_age\": 99999999999 }", SECONDS),
        ("{ \"max_age\": \"10m\" }", SECONDS),
        ("{ \"max_age\": \"\" }", SECONDS),
        (
            "{ \"danger\": [] }",
            "`danger` to be a table of dangers, each with the reason why it is harmless",
        ),
        ("{ \"danger\": { \"null_origin\": true } }", "a string"),
        ("[]", "a table with the keys `origins`, "),
    ] {
        let error = json(text).expect_err(text).to_string();
        assert!(
            error.contains(&format!("expected {expected}")),
            "{text}: {error}"
        );
    }
}

fn main_error() {
    let set = || {
        ConfiguredPolicy::new().set(PolicyConfig {
            origins: vec!["null".to_owned()],
            ..PolicyConfig::default()
        })
    };
    let main = || -> std::io::Result<()> { Ok(set()?) };
    let violations = set().expect_err("null");
    let error = main().expect_err("null");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), violations.to_string());
    assert!(
        violations
            .to_string()
            .starts_with("origins[0]: `\"null\"` is the origin of")
    );
    // The standard library writes every error of this kind like that, and the text is in it.
    assert_eq!(
        format!("{error:?}"),
        format!("Custom {{ kind: InvalidInput, error: {violations} }}")
    );
    let inner = error
        .into_inner()
        .expect("violations")
        .downcast::<Violations>();
    assert_eq!(*inner.expect("violations"), violations);
    // As a `Box<dyn Error>`, it is the text.
    let error: Box<dyn std::error::Error> = violations.clone().of("server.toml").into();
    let text = format!("{error:?}");
    assert!(text.starts_with("server.toml: origins[0]: "), "{text}");
    assert_eq!(violations[0].rule, Rule::NullOrigin);
}
