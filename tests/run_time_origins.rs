//! Origins that are known only at run time.

mod support;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::dev::RequestHead;
use actix_web::{App, HttpRequest, get, post, web};
use cors_rules::draft::Listed;
use cors_rules::pattern::by_length;
use cors_rules::{Draft, Pattern, Severity};
use cors_runtime::{
    Allowlist, AsyncOriginSource, Cached, CredentialSafe, Decision, Facts, Origin, OriginField,
    OriginSource, Place, PublicAllowlist, Rule, SourceError, comma_separated, cors, decide,
};
use proptest::prelude::*;
use support::{Answer, Server};

const REFUSED: &[&str] = &["vary: origin"];

fn allowed(origin: &str) -> Vec<String> {
    vec![
        format!("access-control-allow-origin: {origin}"),
        "vary: origin".to_owned(),
    ]
}

fn ask_get(server: &Server, path: &str, origin: &str) -> Answer {
    server.send(&format!("GET {path}"), &[format!("Origin: {origin}")], "")
}

fn preflight(server: &Server, path: &str, origin: &str) -> u16 {
    let lines = [
        format!("Origin: {origin}"),
        "Access-Control-Request-Method: GET".to_owned(),
    ];
    server.send(&format!("OPTIONS {path}"), &lines, "").status
}

mod filled {
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
                .contains("origin 1: `http://d.example` is not secure"),
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
}

mod public {
    use super::*;

    static READERS: PublicAllowlist = PublicAllowlist::new();

    #[cors(origins = [READERS])]
    #[get("/news")]
    async fn news() -> &'static str {
        ""
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
        READERS.set(["*"]).expect("everyone");
        assert_eq!(
            ask_get(&server, "/news", "https://other.example").cors(),
            allowed("https://other.example")
        );
        for not_an_origin in ["null", "https://other.example/", "x"] {
            assert_eq!(
                ask_get(&server, "/news", not_an_origin).cors(),
                REFUSED,
                "{not_an_origin}"
            );
        }
        assert!(READERS.set(["*", "https://a.example"]).is_err());
        assert!(READERS.set(["null"]).is_err());
    }
}

mod replaced {
    use super::*;

    static FLIPPING: Allowlist = Allowlist::new();

    #[cors(origins = [FLIPPING])]
    #[get("/flipping")]
    async fn flipping() -> &'static str {
        ""
    }

    /// Both lists allow `both`, and each a half of the other origins. Whatever is in force, `both` is allowed; whoever
    /// saw a mixture, or nothing, would refuse it.
    #[test]
    fn a_list_is_replaced_a_thousand_times_while_requests_run() {
        const LISTS: [[&str; 2]; 2] = [
            ["https://both.example", "https://even.example"],
            ["https://odd.example", "https://both.example"],
        ];
        FLIPPING.set(LISTS[0]).expect("origins");
        let done = AtomicBool::new(false);
        let asked = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let system = actix_web::rt::System::new();
                system.block_on(async {
                    let app = actix_web::test::init_service(App::new().service(flipping)).await;
                    while !done.load(Ordering::SeqCst) || asked.load(Ordering::SeqCst) < 1000 {
                        let mut said = Vec::new();
                        for origin in [
                            "https://both.example",
                            "https://even.example",
                            "https://odd.example",
                            "https://neither.example",
                        ] {
                            let req = actix_web::test::TestRequest::with_uri("/flipping")
                                .insert_header(("origin", origin));
                            let res = actix_web::test::call_service(&app, req.to_request()).await;
                            said.push(res.headers().contains_key("access-control-allow-origin"));
                        }
                        assert!(said[0] && !said[3], "{said:?}");
                        asked.fetch_add(1, Ordering::SeqCst);
                    }
                });
            });
            for i in 1..=1000 {
                FLIPPING.set(LISTS[i % 2]).expect("origins");
                std::thread::yield_now();
            }
            done.store(true, Ordering::SeqCst);
            asking
                .join()
                .expect("every answer belongs to one of the lists");
        });
        assert!(asked.into_inner() >= 1000);
    }
}

mod own {
    use super::*;
    use cors_runtime::origin::Host;

    /// Loopback hosts at the port that the request names.
    struct Own;

    impl OriginSource for Own {
        fn allows(&self, origin: &Origin<'_>, head: &RequestHead) -> Result<bool, SourceError> {
            assert_ne!(origin.host(), Host::Domain("panic.example"), "\u{1b}[31m");
            if origin.host() == Host::Domain("error.example") {
                return Err("the table\nis gone".into());
            }
            let port = head
                .headers
                .get("x-port")
                .and_then(|port| port.to_str().ok());
            let port: Option<u16> = port.map(str::parse).transpose()?;
            Ok(origin.is_loopback() && origin.scheme() == "http" && origin.port() == port)
        }
    }

    static OWN: Own = Own;

    #[cors(origins = [OWN])]
    #[get("/own")]
    async fn asks_own() -> &'static str {
        "ran"
    }

    #[test]
    fn a_source_decides_on_the_parsed_origin_and_the_head_and_its_failures_deny() {
        let server = Server::start(|app| {
            app.service(asks_own);
        });
        for (origin, port, expected) in [
            ("http://127.0.0.1:8080", "8080", true),
            ("http://[::1]:8080", "8080", true),
            ("http://127.0.0.1:8080", "8081", false),
            ("http://127.0.0.1:8080", "no port", false),
            ("https://127.0.0.1:8080", "8080", false),
            ("https://error.example", "8080", false),
            ("https://panic.example", "8080", false),
            ("null", "8080", false),
            ("http://localhost:8080", "8080", true), // it lives on
        ] {
            let answer = server.send(
                "GET /own",
                &[format!("Origin: {origin}"), format!("X-Port: {port}")],
                "",
            );
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (200, "ran"),
                "{origin}"
            );
            assert_eq!(
                answer.cors(),
                if expected {
                    allowed(origin)
                } else {
                    vec!["vary: origin".to_owned()]
                },
                "{origin} {port}"
            );
        }
    }
}

mod waiting {
    use super::*;

    #[derive(Default)]
    struct Table {
        asked: AtomicUsize,
    }

    impl Table {
        const fn new() -> Self {
            Self {
                asked: AtomicUsize::new(0),
            }
        }
    }

    impl AsyncOriginSource for Table {
        async fn allows(
            &self,
            origin: &Origin<'_>,
            head: &RequestHead,
        ) -> Result<bool, SourceError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            match origin.as_str() {
                "https://slow.example" => {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                    Ok(true)
                }
                "https://error.example" => Err("no table".into()),
                "https://panic.example" => panic!("no table"),
                "https://cookie.example" => Ok(head.headers.contains_key("cookie")),
                origin => Ok(origin == "https://tenant.example"),
            }
        }
    }

    impl CredentialSafe for Table {}

    static TABLE: Table = Table::new();
    static RAN: AtomicUsize = AtomicUsize::new(0);

    #[cors(origins = ["https://literal.example", TABLE], credentials, enforce)]
    #[post("/waits")]
    async fn waits(_: HttpRequest) -> String {
        RAN.fetch_add(1, Ordering::SeqCst).to_string()
    }

    #[cors(origins = [TABLE], methods = ["GET"])]
    async fn by_hand() -> &'static str {
        ""
    }

    async fn ask<S>(app: &S, req: actix_web::test::TestRequest) -> (u16, bool)
    where
        S: actix_web::dev::Service<
                actix_http::Request,
                Response = actix_web::dev::ServiceResponse,
                Error = actix_web::Error,
            >,
    {
        let res = actix_web::test::call_service(app, req.to_request()).await;
        assert_eq!(
            res.headers()
                .get("vary")
                .map(|vary| vary.as_bytes().starts_with(b"Origin")),
            Some(true)
        );
        (
            res.status().as_u16(),
            res.headers().contains_key("access-control-allow-origin"),
        )
    }

    /// The clock stands still unless everything waits for it, so what waits an hour is refused at once.
    #[actix_web::test]
    async fn whatever_waits_is_waited_for_and_failures_and_delays_deny() {
        tokio::time::pause();
        let app = actix_web::test::init_service(
            App::new()
                .service(waits)
                .route("/by-hand", web::get().to(by_hand))
                .route("/by-hand", by_hand::preflight()),
        )
        .await;
        for (origin, expected) in [
            ("https://literal.example", true),
            ("https://tenant.example", true),
            ("https://other.example", false),
            ("https://error.example", false),
            ("https://panic.example", false),
            ("https://slow.example", false),
            ("https://cookie.example", false),
            ("null", false),
            ("https://tenant.example", true),
        ] {
            let status = |yes, no| if expected { yes } else { no };
            let ran = RAN.load(Ordering::SeqCst);
            let post = actix_web::test::TestRequest::post()
                .uri("/waits")
                .insert_header(("origin", origin));
            assert_eq!(
                ask(&app, post).await,
                (status(200, 403), expected),
                "{origin}"
            );
            assert_eq!(
                RAN.load(Ordering::SeqCst) - ran,
                usize::from(expected),
                "{origin}"
            );
            for (path, method) in [("/waits", "POST"), ("/by-hand", "GET")] {
                let literal_elsewhere = path == "/by-hand" && origin == "https://literal.example";
                let expected = expected && !literal_elsewhere;
                let preflight = actix_web::test::TestRequest::with_uri(path)
                    .method(actix_web::http::Method::OPTIONS)
                    .insert_header(("origin", origin))
                    .insert_header(("access-control-request-method", method));
                assert_eq!(
                    ask(&app, preflight).await,
                    (if expected { 204 } else { 403 }, expected),
                    "{path} {origin}"
                );
            }
        }
        let asked = TABLE.asked.load(Ordering::SeqCst);
        let post = actix_web::test::TestRequest::post()
            .uri("/waits")
            .insert_header(("origin", "https://literal.example"));
        ask(&app, post).await;
        assert_eq!(
            TABLE.asked.load(Ordering::SeqCst),
            asked,
            "a literal needs no look-up"
        );
    }

    fn head(host: &str) -> RequestHead {
        let mut head = RequestHead::default();
        head.headers
            .insert(actix_web::http::header::HOST, host.parse().expect("a host"));
        head.headers.insert(
            actix_web::http::header::COOKIE,
            "a=b".parse().expect("a cookie"),
        );
        head
    }

    #[actix_web::test]
    async fn a_cache_remembers_answers_for_its_time_and_nothing_else() {
        tokio::time::pause();
        let cached = Cached::new(Table::new(), 100, Duration::from_secs(60));
        let ask = async |origin: &str, host: &str| {
            let origin = Origin::parse(origin).expect("an origin");
            let said = cached.allows(&origin, &head(host)).await;
            (said.ok(), cached.source().asked.load(Ordering::SeqCst))
        };
        let (tenant, other, error) = (
            "https://tenant.example",
            "https://other.example",
            "https://error.example",
        );
        assert_eq!(ask(tenant, "a").await, (Some(true), 1));
        assert_eq!(ask(tenant, "a").await, (Some(true), 1), "remembered");
        assert_eq!(ask(other, "a").await, (Some(false), 2));
        assert_eq!(
            ask(other, "a").await,
            (Some(false), 2),
            "refusals are remembered too"
        );
        assert_eq!(
            ask(tenant, "b").await,
            (Some(true), 3),
            "another host is another question"
        );
        assert_eq!(ask(error, "a").await, (None, 4));
        assert_eq!(
            ask(error, "a").await,
            (None, 5),
            "errors are not remembered"
        );
        tokio::time::advance(Duration::from_secs(59)).await;
        assert_eq!(ask(tenant, "a").await, (Some(true), 5));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(ask(tenant, "a").await, (Some(true), 6), "forgotten");
        cached.clear();
        assert!(cached.is_empty());
        assert_eq!(ask(tenant, "a").await, (Some(true), 7));
        assert_eq!(
            ask("https://cookie.example", "a").await,
            (Some(false), 8),
            "what is not remembered by is not seen"
        );
    }

    struct No;

    impl AsyncOriginSource for No {
        async fn allows(&self, _: &Origin<'_>, _: &RequestHead) -> Result<bool, SourceError> {
            Ok(false)
        }
    }

    #[actix_web::test]
    async fn a_million_invented_origins_take_no_more_room_than_the_cache_has() {
        const CAPACITY: usize = 1_000;
        let cached = Cached::new(No, CAPACITY, Duration::from_secs(60));
        let head = head("host.example");
        for i in 0..1_000_000 {
            let origin = format!("https://a{i}.evil.example");
            let origin = Origin::parse(&origin).expect("an origin");
            assert!(!cached.allows(&origin, &head).await.expect("an answer"));
            assert!(cached.len() <= CAPACITY, "{i}: {}", cached.len());
        }
        assert!(!cached.is_empty());
    }
}

mod parity {
    use super::*;

    /// What people write into lists, right and wrong.
    fn texts() -> impl Strategy<Value = String> {
        let scheme = prop_oneof![8 => Just("https://"), 3 => Just("http://"), 1 => Just(""), 1 => Just("*://"), 1 => Just("app://")];
        let label = prop_oneof![3 => Just(""), 2 => Just("*."), 1 => Just("a."), 1 => Just("*.a."), 1 => Just("x*."), 1 => Just("A.")];
        let host = prop_oneof![4 => Just("b.example"), 2 => Just("localhost"), 1 => Just("github.io"), 1 => Just("co.uk"), 1 => Just("127.0.0.1"), 1 => Just("[::1]"), 1 => Just("")];
        let port = prop_oneof![6 => Just(""), 2 => Just(":*"), 2 => Just(":8443"), 1 => Just(":443"), 1 => Just(":80"), 1 => Just(":0")];
        let tail = prop_oneof![12 => Just(""), 1 => Just("/"), 1 => Just(" ")];
        let written = (scheme, label, host, port, tail)
            .prop_map(|(s, l, h, p, t)| format!("{s}{l}{h}{p}{t}"));
        prop_oneof![20 => written, 1 => Just("*".to_owned()), 1 => Just("null".to_owned()), 1 => any::<String>()]
    }

    /// The policy that the macro writes for such a list.
    fn policy(origins: &[String], credentials: bool) -> &'static cors_runtime::Policy {
        use cors_runtime::__private as macros;
        let mut builder = macros::policy();
        if origins.iter().any(|origin| origin == "*") {
            builder = builder.any_origin();
        } else {
            let parse = |origin: &'static String| Pattern::parse(origin).expect("checked");
            let (exact, patterns): (Vec<_>, Vec<_>) = origins
                .iter()
                .map(|origin| &*Box::leak(Box::new(origin.clone())))
                .partition(|origin| parse(origin).is_exact());
            let mut exact: Vec<_> = exact.into_iter().map(String::as_str).collect();
            exact.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
            let mut patterns: Vec<_> = patterns.into_iter().map(parse).collect();
            patterns.sort_by(|a, b| by_length(a.host.as_bytes(), b.host.as_bytes()));
            builder = builder.origins(exact.leak(), patterns.leak());
        }
        if credentials {
            builder = builder.credentials();
        }
        Box::leak(Box::new(builder.policy()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// The macro and the lists take the same texts, and then allow the same origins.
        #[test]
        fn the_macro_and_the_lists_agree(origins in proptest::collection::vec(texts(), 1..5), asking in texts(), credentials: bool) {
            let listed: Vec<_> = origins.iter().map(|origin| Listed::Text(origin)).collect();
            let draft = Draft { origins: Some(&listed), credentials, ..Draft::default() };
            let mut by_macro = cors_rules::check(&draft, cors_rules::is_public_suffix);
            by_macro.retain(|violation| violation.rule.severity() == Severity::Error);
            let (secure, public) = (Allowlist::new(), PublicAllowlist::new());
            let by_list = if credentials { secure.set(&origins) } else { public.set(&origins) };
            let by_list: Vec<_> = by_list.err().into_iter().flatten().collect();
            prop_assert_eq!(&by_macro, &by_list);
            if by_macro.is_empty() && let Ok(asks) = Origin::parse(&asking) {
                let head = RequestHead::default();
                let by_list = if credentials { secure.allows(&asks, &head) } else { public.allows(&asks, &head) };
                let facts = Facts {
                    origin: OriginField::Once(asking.as_bytes()),
                    vouched: false,
                    fetch_site: None,
                    host: None,
                    preflight: None::<cors_runtime::Preflight<'_, std::iter::Empty<&[u8]>>>,
                };
                let by_macro = matches!(decide(policy(&origins, credentials), facts), Decision::Run(Ok(_)));
                prop_assert_eq!(by_macro, by_list.expect("a list does not fail"), "{} by {:?}", asking, origins);
            }
        }
    }

    #[test]
    fn a_hundred_thousand_tenants_are_found_and_nobody_else() {
        let tenants: HashSet<_> = (0..100_000)
            .map(|i| format!("https://tenant-{i}.example"))
            .collect();
        let list = Allowlist::new();
        list.set(&tenants).expect("origins");
        let head = RequestHead::default();
        for i in (0..200_000).step_by(97) {
            let origin = format!("https://tenant-{i}.example");
            let asks = Origin::parse(&origin).expect("an origin");
            assert_eq!(
                list.allows(&asks, &head).expect("a list does not fail"),
                i < 100_000,
                "{origin}"
            );
        }
    }
}
