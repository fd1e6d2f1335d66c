//! Lists for policies without credentials.

use super::*;

static READERS: PublicAllowlist = PublicAllowlist::new();

#[cors(origins = [READERS])]
#[get("/news")]
async fn news() -> &'static str {
    ""
}

#[test]
fn a_list_of_public_origins_takes_what_only_credentials_forbid() {
    let accept = "the server's code can accept the danger, as the documentation of this rule says";
    for (text, help) in [
        (
            "http://intranet.example",
            format!("write `https://intranet.example`; or {accept}"),
        ),
        (
            "https://*.github.io",
            format!("list your own sites below it one by one, each by its full name; or {accept}"),
        ),
        ("app://.", accept.to_owned()),
        (
            "*",
            "list the origins that may use cookies, such as `https://app.example.com`".to_owned(),
        ),
    ] {
        assert!(PublicAllowlist::new().set([text]).is_ok(), "{text}");
        let violations = Allowlist::new().set([text]).expect_err(text);
        let found = violations.first().expect("a violation");
        assert_eq!(found.help.as_deref(), Some(&*help), "{text}");
        let start = "the list is for requests with credentials too, and ";
        assert!(found.why.starts_with(start), "{text}: {}", found.why);
        // `.unwrap()` prints a line for each part.
        assert_eq!(format!("{violations:?}"), violations.to_string(), "{text}");
        assert_eq!(violations.to_string().lines().count(), 5, "{text}");
        let named = violations.of("TENANTS").to_string();
        assert!(named.starts_with("TENANTS: `"), "{named}");
    }
    let found = Allowlist::new()
        .set(["https://a.example/"])
        .expect_err("a slash");
    assert!(!found.to_string().contains("credentials"), "{found}");
}

static EVERYONE: PublicAllowlist = PublicAllowlist::new();

#[cors(origins = ["https://app.example.com", EVERYONE], allow_headers = ["x-a"])]
#[post("/list")]
async fn by_list() -> &'static str {
    ""
}

#[cors(origins = ["*"], allow_headers = ["x-a"])]
#[post("/star")]
async fn by_star() -> &'static str {
    ""
}

#[test]
fn a_list_that_is_a_star_answers_like_a_star() {
    let server = Server::start(|app| {
        app.service(by_list).service(by_star);
    });
    let ask_both = |method: &str, lines: &[&str]| {
        ["/list", "/star"].map(|path| {
            let response = server.send(&format!("{method} {path}"), lines, "");
            (response.status, response.cors())
        })
    };
    let requests: [(&str, &[&str]); 11] = [
        ("POST", &[]),
        ("POST", &["Origin: https://app.example.com"]),
        ("POST", &["Origin: https://other.example"]),
        ("POST", &["Origin: null"]),
        ("POST", &["Origin: file://"]),
        ("POST", &["Origin: app://."]),
        ("POST", &["Origin: ?!"]),
        ("POST", &["Origin: null", "Origin: null"]),
        (
            "POST",
            &[
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Content-Type: text/x",
            ],
        ),
        (
            "OPTIONS",
            &["Origin: null", "Access-Control-Request-Method: POST"],
        ),
        (
            "OPTIONS",
            &[
                "Origin: file://",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: x-a",
            ],
        ),
    ];
    EVERYONE.set(["*"]).expect("everyone");
    assert_eq!(by_list::POLICY.origins(), AllowedOrigins::Anyone);
    // How it is stated stays.
    let stated = r#"origins = ["https://app.example.com", EVERYONE], allow_headers = ["x-a"]"#;
    assert_eq!(by_list::POLICY.to_string(), stated);
    for (method, lines) in requests {
        let [list, star] = ask_both(method, lines);
        assert_eq!(list, star, "{method} {lines:?}");
    }
    // And after that like a list again.
    EVERYONE.set(["https://a.example"]).expect("an origin");
    assert_ne!(by_list::POLICY.origins(), AllowedOrigins::Anyone);
    let [list, star] = ask_both("POST", &["Origin: null"]);
    assert_eq!(list.1, REFUSED);
    assert_eq!(star.1, ["access-control-allow-origin: *"]);
}

static SCANNERS: Allowlist =
    Allowlist::new().danger(Danger::InsecureOrigins, "the scanners have no certificates");

#[cors(
    origins = ["null", SCANNERS],
    credentials,
    danger(null_origin = "a sandboxed frame of ours")
)]
#[get("/scans")]
async fn scans() -> &'static str {
    ""
}

#[actix_web::test]
async fn the_dangers_of_a_list_are_those_of_its_policies() {
    let expected = [
        (Danger::NullOrigin, "a sandboxed frame of ours"),
        (Danger::InsecureOrigins, "the scanners have no certificates"),
    ];
    assert_eq!(scans::POLICY.dangers(), expected);
    let surface = cors_runtime::surface(|app| {
        app.service(scans);
    });
    assert_eq!(
        surface.await.to_string(),
        "/scans GET scans: origins = [\"null\", SCANNERS], credentials, danger(null_origin = \
         \"a sandboxed frame of ours\"), danger(insecure_origins = \"the scanners have no certificates\")\n",
    );
    let server = Server::start(|app| {
        app.service(scans);
    });
    SCANNERS
        .set(["http://192.168.1.20", "moz-extension://*"])
        .expect("origins");
    for origin in ["http://192.168.1.20", "moz-extension://9B2F"] {
        let response = ask_get(&server, "/scans", origin);
        let allow_origin = response.header("access-control-allow-origin");
        assert_eq!(allow_origin, Some(origin));
    }
    // No danger permits this in a list.
    assert!(SCANNERS.set(["*"]).is_err());
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
