//! A response of ours to one request is not served to another that must get a different one.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::middleware::DefaultHeaders;
use actix_web::{App, get, web};
use cors_runtime::{Policy, cors, policy};

use crate::nginx::Cache;
use crate::support::serve;

static SHARED: Policy = policy!(origins = ["https://app.example"], credentials);

#[cors(origins = ["https://app.example"])]
#[get("/listed")]
async fn listed() -> &'static str {
    "listed"
}

#[cors(origins = ["https://app.example"], credentials, enforce)]
#[get("/enforced")]
async fn enforced() -> &'static str {
    "enforced"
}

#[cors(origins = ["*"])]
#[get("/anyone")]
async fn anyone() -> &'static str {
    "anyone"
}

#[cors(SHARED)]
#[get("/shared")]
async fn shared() -> &'static str {
    "shared"
}

#[cors(none)]
#[get("/none")]
async fn none() -> &'static str {
    "none"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(listed)
        .service(enforced)
        .service(anyone)
        .service(shared)
        .service(none);
}

/// A program sends what browsers send only after a preflight, or what `enforce` refuses. Then
/// others ask for the same.
pub(crate) fn a_refusal_is_not_served_to_others() {
    const JSON: &str = "Content-Type: application/json";
    const CROSS: &str = "Sec-Fetch-Site: cross-site";
    const APP: &str = "Origin: https://app.example";
    const EVIL: &str = "Origin: https://evil.example";
    // A middleware may say that responses are public.
    let plain = serve!(App::new().configure(configure));
    let public = serve!(
        App::new()
            .configure(configure)
            .wrap(DefaultHeaders::new().add((CACHE_CONTROL, "public, max-age=600")))
    );
    for server in [&plain, &public] {
        let cache = Cache::before(server.addr);
        let get = |path: &str, lines: &[&str]| {
            let (res, cached) = cache.get(path, lines);
            (res.status, cached)
        };
        let mut wrong = Vec::new();
        let mut expect = |what: String, found: (u16, String), expected: (u16, &str)| {
            if (found.0, &*found.1) != expected {
                wrong.push(format!("{what}: {found:?}, and not {expected:?}"));
            }
        };
        for (path, attack) in [
            ("/listed", &[JSON, CROSS][..]),
            ("/listed", &[APP, JSON, CROSS]),
            ("/enforced", &[EVIL]),
            ("/enforced", &[JSON, CROSS]),
            ("/anyone", &[JSON, CROSS]),
            ("/shared", &[EVIL, JSON, CROSS]),
            ("/none", &[JSON, CROSS]),
        ] {
            // Each has a URL of its own.
            let path = format!("{path}?{}", attack.join("&").replace([' ', ':', '/'], "."));
            for round in ["first", "second"] {
                let found = get(&path, attack);
                expect(format!("{path}, attack, {round}"), found, (403, "MISS"));
            }
            // Other requests with the same `Origin` are served, and the cache does work.
            let origin: Vec<_> = (attack.iter().copied())
                .filter(|line| line.starts_with("Origin"))
                .collect();
            for (round, cached) in [("first", "MISS"), ("second", "HIT")] {
                let lines = if path.starts_with("/enforced") {
                    &[][..]
                } else {
                    &origin
                };
                let found = get(&path, lines);
                expect(format!("{path}, others, {round}"), found, (200, cached));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
