//! The log about policies that are set when the program starts.

use actix_web::{App, get, post, web};
use cors_runtime::{
    AppCors, ConfiguredPolicy, Policy, PolicyConfig, PublicAllowlist, cors, policy,
};

use crate::support::events::Log;
use crate::support::{Server, serve};

const APP: &str = "https://app.example";

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static FILES: ConfiguredPolicy = ConfiguredPolicy::new();
static DEFAULT: Policy = policy!(configured = crate::configured::FILES);

#[cors(configured = crate::configured::API)]
#[get("/items")]
async fn items() -> &'static str {
    ""
}

#[cors(configured = crate::configured::API)]
#[post("/items")]
async fn write(item: web::Json<u8>) -> String {
    item.to_string()
}

fn messages(log: &Log) -> Vec<String> {
    let mut events = log.take();
    events.retain(|event| event.starts_with("WARN"));
    events
}

fn sent(origin: &str, site: &str) -> [String; 2] {
    [
        format!("Origin: {origin}"),
        format!("Sec-Fetch-Site: {site}"),
    ]
}

#[test]
fn a_policy_that_is_not_set_is_named_once_at_the_first_request_that_misses_it() {
    let log = Log::open(|field| ["message", "origin", "handler"].contains(&field));
    let server = serve!(
        App::new()
            .service(items)
            .service(write)
            .wrap(AppCors::new().otherwise(&DEFAULT))
    );
    let own = server.addr.to_string();
    for path in ["/items", "/missing"] {
        // Nothing that is set could allow these, or they need no permission.
        server.send(&format!("GET {path}"), &[] as &[&str], "");
        server.send(&format!("GET {path}"), &sent("nonsense", "cross-site"), "");
        server.send(
            &format!("GET {path}"),
            &sent("https://a.example/", "cross-site"),
            "",
        );
        server.send(
            &format!("GET {path}"),
            &sent(&format!("http://{own}"), "same-origin"),
            "",
        );
        server.send(&format!("GET {path}"), &sent(APP, "same-origin"), "");
        server.send(
            &format!("GET {path}"),
            &[format!("Origin: http://{own}")],
            "",
        );
    }
    assert_eq!(messages(&log), [] as [&str; 0]);

    let said = |path: &str, handler: &str| {
        format!(
            "WARN message=`{path}` is not set, so it allows no origin: set it when the server starts \
             origin=\"https://app.example\" handler=\"{handler}\""
        )
    };
    for _ in 0..2 {
        server.send("GET /items", &sent(APP, "cross-site"), "");
    }
    server.preflight("/items", APP, "POST", "");
    server.send("POST /items", &sent(APP, "cross-site"), "");
    assert_eq!(messages(&log), [said("crate::configured::API", "items")]);
    // The default policy has a configuration of its own.
    for _ in 0..2 {
        server.send("GET /missing", &sent(APP, "cross-site"), "");
    }
    assert_eq!(
        messages(&log),
        [said("crate::configured::FILES", "AppCors::otherwise")]
    );
}

#[test]
fn warnings_are_logged_with_each_set_and_errors_are_returned() {
    let log = Log::open(|field| field == "message");
    let api = ConfiguredPolicy::new();
    let config = PolicyConfig {
        origins: vec![APP.to_owned()],
        max_age: Some(86_400),
        ..PolicyConfig::default()
    };
    for _ in 0..2 {
        api.set(config.clone()).expect("a policy");
        let messages = messages(&log);
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(
            messages[0].contains("max_age_beyond_browsers"),
            "{messages:?}"
        );
    }
    // A server under development has pages on its own machine.
    let loopback = PolicyConfig {
        origins: vec!["http://localhost:3000".to_owned()],
        ..PolicyConfig::default()
    };
    api.set(loopback).expect("a policy");
    let is_release = !cfg!(debug_assertions);
    assert_eq!(messages(&log).len(), usize::from(is_release));
    let refused = PolicyConfig {
        origins: vec!["*".to_owned(), APP.to_owned()],
        ..config
    };
    let violations = api.set(refused).expect_err("a wildcard beside others");
    assert_eq!(violations.len(), 1, "{violations}");
    assert_eq!(messages(&log), [] as [&str; 0]);

    let list = PublicAllowlist::new();
    list.set([APP, "htps://b.example"]).expect("a list");
    let messages = messages(&log);
    let said =
        "WARN message=a list of origins is set to this:\nthe scheme of `htps://b.example` is";
    assert!(messages[0].starts_with(said), "{messages:?}");
    assert_eq!(messages.len(), 1, "{messages:?}");
}

#[test]
fn explanations_are_for_the_operator() {
    static SHOP: ConfiguredPolicy = ConfiguredPolicy::new();

    #[cors(configured = SHOP)]
    #[post("/orders")]
    async fn orders(order: web::Json<u8>) -> String {
        order.to_string()
    }

    let log = Log::open(|field| ["message", "advice"].contains(&field));
    let server = Server::start(|app| {
        app.service(orders);
    });
    cors_runtime::explain(true);
    SHOP.set(PolicyConfig {
        origins: vec![APP.to_owned()],
        ..PolicyConfig::default()
    })
    .expect("a policy");

    // The handler takes JSON, and the configuration does not let a page send it.
    let preflight = server.preflight("/orders", APP, "POST", "content-type");
    assert_eq!(preflight.status, 204);
    assert_eq!(
        preflight.header("x-cors-refused"),
        Some("the policy of `orders` does not allow the header `content-type`")
    );
    let missing = "add `\"content-type\"` to `allow_headers` in the configuration of `SHOP`";
    assert_eq!(
        messages(&log),
        [format!(
            "WARN message=the preflight was refused; the 204 explains it to the browser: the policy of \
             `orders` does not allow the header `content-type` advice={missing}"
        )]
    );
    let mut lines = sent(APP, "cross-site").to_vec();
    lines.push("Content-Type: application/json".to_owned());
    assert_eq!(server.send("POST /orders", &lines, "1").status, 403);
    let said = messages(&log);
    assert!(
        said.len() == 1 && said[0].ends_with(&format!("advice={missing}")),
        "{said:?}"
    );

    // The body of a 403 shows what is set.
    let body = server
        .preflight("/orders", "https://other.example", "POST", "")
        .body;
    assert!(
        body.contains("policy:  configured = SHOP (origins = [\"https://app.example\"])\n"),
        "{body}"
    );
    assert!(
        body.contains(
            "advice:  add `\"https://other.example\"` to `origins` in the configuration of `SHOP`, if \
             you trust it\n"
        ),
        "{body}"
    );
    messages(&log);

    // Cookies, without credentials.
    let mut lines = sent(APP, "cross-site").to_vec();
    lines.extend(["Sec-Fetch-Mode: cors", "Cookie: a=b"].map(str::to_owned));
    server.send("POST /orders", &lines, "");
    let said = messages(&log);
    assert!(
        said.len() == 1
            && said[0]
                .ends_with("advice=set `credentials` to `true` in the configuration of `SHOP`"),
        "{said:?}"
    );
    cors_runtime::explain(false);
}
