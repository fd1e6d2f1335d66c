//! A configured policy as text: in `Display`, `Debug`, explanations and the surface.

use cors_runtime::{AllowedOrigins, Danger, surface};

use super::*;

#[actix_web::test]
async fn everything_that_shows_a_policy_shows_what_is_set() {
    static API: ConfiguredPolicy = ConfiguredPolicy::new();

    #[cors(configured = API)]
    #[put("/items")]
    async fn items(item: web::Json<String>) -> String {
        item.into_inner()
    }

    let configure = |app: &mut web::ServiceConfig| {
        app.service(items);
    };
    let policy = items::POLICY;
    assert_eq!(policy.to_string(), "configured = API (not set)");
    assert_eq!(format!("{API:?}"), "ConfiguredPolicy(origins = [])");
    assert_eq!(policy.origins(), [] as [&str; 0]);
    assert_ne!(policy.origins(), AllowedOrigins::Nobody);
    let text = policy.explain("PUT", APP, &[]);
    assert!(
        text.contains("- The policy is `configured = API (not set)`."),
        "{text}"
    );
    assert!(text.contains("set `API` when the server starts"), "{text}");

    API.set(PolicyConfig {
        credentials: true,
        enforce: true,
        allow_headers: owned(&["X-A"]),
        expose_headers: owned(&["etag"]),
        max_age: Some(5),
        danger: [(Danger::InsecureOrigins, "a \"printer\"".to_owned())].into(),
        ..origins(&["http://printer.example", APP])
    })
    .expect("a policy");
    assert_eq!(policy.origins(), [APP, "http://printer.example"]);
    assert!(policy.credentials() && policy.enforce());
    assert_eq!(policy.allow_headers(), ["x-a"]);
    assert_eq!(policy.expose_headers(), ["etag"]);
    assert_eq!(policy.max_age(), Some(5));
    assert_eq!(
        policy.dangers(),
        [(Danger::InsecureOrigins, "a \"printer\"")]
    );
    let shown = "origins = [\"https://app.example\", \"http://printer.example\"], credentials, \
                 allow_headers = [\"x-a\"], expose_headers = [\"etag\"], max_age = 5, enforce, \
                 danger(insecure_origins = \"a \\\"printer\\\"\")";
    assert_eq!(policy.to_string(), format!("configured = API ({shown})"));
    assert_eq!(format!("{API:?}"), format!("ConfiguredPolicy({shown})"));
    assert_eq!(
        surface(configure).await.to_string(),
        format!("/items PUT items: configured = API ({shown})\n")
    );

    API.set(PolicyConfig::default()).expect("off");
    assert_eq!(policy.to_string(), "configured = API (origins = [])");
}

#[test]
fn of_many_origins_the_first_are_shown() {
    static API: ConfiguredPolicy = ConfiguredPolicy::new();
    static POLICY: Policy = policy!(configured = API);

    let many: Vec<_> = (10..40).map(|i| format!("https://a{i}.example")).collect();
    API.set(PolicyConfig {
        origins: many,
        ..PolicyConfig::default()
    })
    .expect("a policy");
    let shown = POLICY.to_string();
    assert!(
        shown.ends_with("\"https://a29.example\", … 10 more])"),
        "{shown}"
    );
}

#[test]
fn advice_names_the_key_and_is_for_the_operator() {
    static API: ConfiguredPolicy = ConfiguredPolicy::new();
    static POLICY: Policy = policy!(configured = API);

    API.set(PolicyConfig {
        credentials: true,
        allow_headers: owned(&["x-b"]),
        ..origins(&["https://app.example.com"])
    })
    .expect("a policy");
    let ends = |origin: &str, headers: &[&str], expected: &str| {
        let text = POLICY.explain("PUT", origin, headers);
        assert!(text.contains(expected), "{text}");
        for rust in ["#[", "\\[\"", "= [\"x-a", "dev_origins", "Allowlist"] {
            assert!(!text.contains(rust), "{rust} in {text}");
        }
    };
    ends(
        "https://new.example.org",
        &[],
        "; add `\"https://new.example.org\"` to `origins` in the configuration of `API`, if you \
         trust it.",
    );
    ends(
        "http://localhost:3000",
        &[],
        "; add `\"http://localhost:3000\"` to `origins` in the configuration of `API`",
    );
    ends(
        "https://app.example.com",
        &["x-A", "content-type"],
        "; add `\"x-a\"` and `\"content-type\"` to `allow_headers` in the configuration of",
    );
    // A look-alike is named as such, and no advice allows it.
    let text = POLICY.explain("GET", "https://app.example.com.evil.example", &[]);
    assert!(
        text.contains("look-alike of `https://app.example.com`"),
        "{text}"
    );
    assert!(!text.contains("add "), "{text}");
    // An insecure origin would not be accepted either.
    let text = POLICY.explain("GET", "http://app.example.org", &[]);
    assert!(
        text.contains("is not secure") && !text.contains("add "),
        "{text}"
    );
}
