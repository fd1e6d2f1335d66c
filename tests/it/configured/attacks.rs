//! Attempts to get a grant out of a change of the policy.

use super::*;

/// A handler, alone and behind an `AppCors` whose default is the same configuration.
struct Case {
    api: &'static ConfiguredPolicy,
    servers: [Server; 2],
}

macro_rules! case {
    () => {{
        static API: ConfiguredPolicy = ConfiguredPolicy::new();
        static DEFAULT: Policy = policy!(configured = API);

        #[cors(configured = API)]
        #[put("/items")]
        async fn write() -> &'static str {
            "written"
        }

        #[cors(configured = API)]
        #[get("/items")]
        async fn read() -> &'static str {
            "read"
        }

        Case {
            api: &API,
            servers: [
                serve!(App::new().service(write).service(read)),
                serve!(
                    App::new()
                        .service(write)
                        .service(read)
                        .wrap(AppCors::new().otherwise(&DEFAULT))
                ),
            ],
        }
    }};
}

fn from_elsewhere(server: &Server, start: &str, origin: &str) -> Vec<String> {
    let lines = [
        format!("Origin: {origin}"),
        "Sec-Fetch-Site: cross-site".to_owned(),
    ];
    said(&server.send(start, &lines, ""))
}

#[test]
fn a_preflight_that_was_granted_before_does_not_run_the_handler_after() {
    let case = case!();
    for server in &case.servers {
        case.api.set(origins(&[APP])).expect("a policy");
        assert_eq!(preflight(server, "/items", APP, "PUT", "")[0], "204");
        // The browser has it in its cache now.
        case.api.set(origins(&[OTHER])).expect("a policy");
        assert_eq!(
            from_elsewhere(server, "PUT /items", APP),
            ["403", "vary: origin"]
        );
        case.api.set(PolicyConfig::default()).expect("off");
        assert_eq!(
            from_elsewhere(server, "PUT /items", OTHER),
            ["403", "vary: origin"]
        );
    }
}

#[test]
fn enforce_is_switched_on_and_off() {
    let case = case!();
    for server in &case.servers {
        for enforce in [false, true, false] {
            let config = PolicyConfig {
                enforce,
                ..origins(&[APP])
            };
            case.api.set(config).expect("a policy");
            let status = if enforce { "403" } else { "200" };
            assert_eq!(
                from_elsewhere(server, "GET /items", OTHER),
                [status, "vary: origin"]
            );
            assert_eq!(from_elsewhere(server, "GET /items", APP)[0], "200");
        }
        // Without origins, nobody is allowed, and that is enforced too.
        let config = PolicyConfig {
            enforce: true,
            ..PolicyConfig::default()
        };
        case.api.set(config).expect("a policy");
        assert_eq!(from_elsewhere(server, "GET /items", APP)[0], "403");
    }
}

#[test]
fn a_cache_never_gets_a_response_for_one_origin_as_one_for_all() {
    let case = case!();
    for server in &case.servers {
        let steps = [
            (
                origins(&["*"]),
                vec!["200", "access-control-allow-origin: *"],
            ),
            (
                origins(&[APP]),
                vec![
                    "200",
                    "access-control-allow-origin: https://app.example",
                    "vary: origin",
                ],
            ),
            (PolicyConfig::default(), vec!["200", "vary: origin"]),
            (
                origins(&["*"]),
                vec!["200", "access-control-allow-origin: *"],
            ),
        ];
        for (config, expected) in steps {
            let what = format!("{config:?}");
            case.api.set(config).expect("a policy");
            assert_eq!(asked(server, "GET /items", APP), expected, "{what}");
            // Without `Origin`, the response says what it depends on as well.
            let alone = server.send("GET /items", &[] as &[&str], "");
            let varies = expected.contains(&"vary: origin");
            assert_eq!(alone.header("vary").is_some(), varies, "{what}");
        }
    }
}

#[test]
fn a_list_that_was_once_set_grants_nothing_when_another_is() {
    let case = case!();
    let secret = PolicyConfig {
        credentials: true,
        ..origins(&[OTHER])
    };
    case.api.set(secret.clone()).expect("a policy");
    case.api.set(origins(&[APP])).expect("a policy");
    for server in &case.servers {
        assert_eq!(asked(server, "GET /items", OTHER), ["200", "vary: origin"]);
        assert!(
            !asked(server, "GET /items", APP)
                .iter()
                .any(|line| line.contains("credentials"))
        );
    }
    // An earlier one is in force again as a whole.
    case.api.set(secret).expect("a policy");
    for server in &case.servers {
        let granted = asked(server, "GET /items", OTHER);
        assert!(granted.contains(&"access-control-allow-credentials: true".to_owned()));
        assert_eq!(asked(server, "GET /items", APP), ["200", "vary: origin"]);
    }
}
