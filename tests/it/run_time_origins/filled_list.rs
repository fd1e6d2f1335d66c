//! A list is filled and asked.

use super::*;

static TENANTS: Allowlist = Allowlist::new();

#[cors(origins = [TENANTS, "https://literal.example"], credentials)]
#[get("/tenants")]
async fn tenants() -> &'static str {
    ""
}

#[test]
fn a_list_allows_whom_it_holds_when_it_is_asked() {
    let server = Server::start(|app| {
        app.service(tenants);
    });
    let allows = |origin: &str| {
        let says = ask_get(&server, "/tenants", origin).header("access-control-allow-origin")
            == Some(origin);
        assert_eq!(
            preflight(&server, "/tenants", origin) == 204,
            says,
            "{origin}"
        );
        says
    };
    assert!(!allows("https://a.example"), "nobody before it is filled");
    assert!(allows("https://literal.example"));

    TENANTS
        .set([
            "https://a.example",
            "https://*.b.example",
            "http://localhost:*",
        ])
        .expect("origins");
    for (origin, expected) in [
        ("https://a.example", true),
        ("https://literal.example", true),
        ("https://x.b.example", true),
        ("https://y.x.b.example", true),
        ("http://localhost:3000", true),
        ("http://localhost", true),
        ("https://b.example", false),
        ("https://evilb.example", false),
        ("http://a.example", false),
        ("https://a.example:8443", false),
        ("https://a.example/", false),
        ("https://A.example", false),
        ("https://x.literal.example", false),
        ("null", false),
        ("*", false),
        ("", false),
    ] {
        assert_eq!(allows(origin), expected, "{origin}");
    }

    let violations = TENANTS
        .set([
            "https://c.example",
            "http://d.example",
            "*",
            "https://*.github.io",
        ])
        .expect_err("mistakes");
    let found: Vec<_> = violations
        .iter()
        .map(|violation| (violation.place, violation.rule))
        .collect();
    assert_eq!(
        found,
        [
            (Place::Origin(1), Rule::InsecureOriginWithCredentials),
            (Place::Origin(2), Rule::WildcardWithCredentials),
            (Place::Origin(2), Rule::WildcardWithOtherOrigins),
            (Place::Origin(3), Rule::PublicSuffixWithCredentials),
        ]
    );
    assert!(
        violations
            .to_string()
            .starts_with("`http://d.example` is not secure"),
        "{violations}"
    );
    assert!(
        allows("https://a.example") && !allows("https://c.example"),
        "the old list stays"
    );

    TENANTS
        .set(comma_separated(
            " https://c.example ,,https://e.example:8443,",
        ))
        .expect("origins");
    assert!(
        allows("https://c.example")
            && allows("https://e.example:8443")
            && !allows("https://a.example")
    );
    assert_eq!(
        format!("{TENANTS:?}"),
        r#"["https://c.example", "https://e.example:8443"]"#
    );

    TENANTS.set(Vec::<String>::new()).expect("nobody");
    assert!(!allows("https://c.example"));
}
