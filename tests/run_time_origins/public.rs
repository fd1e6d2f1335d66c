//! Lists for policies without credentials.

use super::*;

static READERS: PublicAllowlist = PublicAllowlist::new();

#[cors(origins = [READERS])]
#[get("/news")]
async fn news() -> &'static str {
    ""
}

#[test]
fn what_only_credentials_forbid_names_the_list_without_them() {
    for (text, help) in [
        (
            "http://intranet.example",
            "\"https://intranet.example\"; or `Allowlist::new().danger(Danger::InsecureOrigins, \"…\")`, with the reason why it is harmless; or a `PublicAllowlist`, if no policy with `credentials` names the list",
        ),
        (
            "https://*.github.io",
            "list your own sites below it one by one, each by its full name; or `Allowlist::new().danger(Danger::PublicSuffixes, \"…\")`, with the reason why it is harmless; or a `PublicAllowlist`, if no policy with `credentials` names the list",
        ),
        (
            "app://.",
            "`Allowlist::new().danger(Danger::InsecureOrigins, \"…\")`, with the reason why it is harmless; or a `PublicAllowlist`, if no policy with `credentials` names the list",
        ),
        (
            "*",
            "a `PublicAllowlist`, if no policy with `credentials` names the list",
        ),
    ] {
        let violations = Allowlist::new().set([text]).expect_err(text);
        let found = violations.first().expect("a violation");
        assert_eq!(found.help.as_deref(), Some(help), "{text}");
        let start = "an `Allowlist` is for `credentials` too, and ";
        assert!(found.why.starts_with(start), "{text}: {}", found.why);
        // What `.unwrap()` prints has a line for each part.
        assert_eq!(format!("{violations:?}"), violations.to_string(), "{text}");
        assert_eq!(violations.to_string().lines().count(), 5, "{text}");
    }
    let found = Allowlist::new()
        .set(["https://a.example/"])
        .expect_err("a slash");
    assert!(!found.to_string().contains("PublicAllowlist"), "{found}");
}

#[test]
fn without_credentials_a_list_takes_what_is_harmless_then() {
    let server = Server::start(|app| {
        app.service(news);
    });
    READERS
        .set(["http://intranet.example", "https://*.github.io"])
        .expect("origins");
    assert_eq!(
        ask_get(&server, "/news", "http://intranet.example").cors(),
        allowed("http://intranet.example")
    );
    assert_eq!(
        ask_get(&server, "/news", "https://me.github.io").cors(),
        allowed("https://me.github.io")
    );
    assert_eq!(
        ask_get(&server, "/news", "https://other.example").cors(),
        REFUSED
    );
    assert!(READERS.set(["*", "https://a.example"]).is_err());
    assert!(READERS.set(["null"]).is_err());
}
