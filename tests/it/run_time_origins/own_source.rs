//! A source of the user's own.

use cors_runtime::origin::Host;

use super::*;

/// Loopback origins on the port that the request is for.
struct Own;

impl OriginSource for Own {
    fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        assert_ne!(origin.host(), Host::Domain("panic.example"), "\u{1b}[31m");
        if origin.host() == Host::Domain("error.example") {
            return Err("the table\nis gone".into());
        }
        let port = target
            .host()
            .and_then(|host| host.strip_prefix("api.example:"));
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

#[actix_web::test]
async fn a_source_decides_on_the_parsed_origin_and_the_host_and_its_failures_deny() {
    let app = init_service(App::new().service(asks_own)).await;
    let ours = "http://127.0.0.1:8080";
    for (origin, target, hosts, expected) in [
        (ours, "/own", &["api.example:8080"][..], true),
        (ours, "/own", &["API.Example:8080"], true),
        ("http://[::1]:8080", "/own", &["api.example:8080"], true),
        ("http://[::1]", "/own", &["api.example:443"], true),
        ("http://[::1]", "/own", &["api.example"], true),
        (
            ours,
            "http://api.example:8080/own",
            &["other.example"],
            true,
        ),
        (
            ours,
            "http://other.example/own",
            &["api.example:8080"],
            false,
        ),
        (ours, "/own", &["api.example:8081"], false),
        (ours, "/own", &["api.example:+8080"], false),
        (ours, "/own", &["api.example:08080"], false),
        (
            ours,
            "/own",
            &["api.example:8080", "api.example:8080"],
            false,
        ),
        (ours, "/own", &[], false),
        (
            "https://127.0.0.1:8080",
            "/own",
            &["api.example:8080"],
            false,
        ),
        (
            "https://error.example",
            "/own",
            &["api.example:8080"],
            false,
        ),
        (
            "https://panic.example",
            "/own",
            &["api.example:8080"],
            false,
        ),
        ("null", "/own", &["api.example:8080"], false),
        ("http://localhost:8080", "/own", &["api.example:8080"], true), // it lives on
    ] {
        let mut req =
            actix_web::test::TestRequest::with_uri(target).insert_header(("origin", origin));
        for host in hosts {
            req = req.append_header(("host", *host));
        }
        let res = actix_web::test::call_service(&app, req.to_request()).await;
        let allowed = res.headers().get("access-control-allow-origin");
        let expected = expected.then_some(origin.as_bytes());
        let what = format!("{origin} at {target} {hosts:?}");
        assert_eq!(allowed.map(HeaderValue::as_bytes), expected, "{what}");
        assert_eq!(
            res.headers().get("vary").expect("a set"),
            "Origin",
            "{what}"
        );
        assert_eq!(actix_web::test::read_body(res).await, "ran", "{what}");
    }
}
