//! Sources that wait, and what `Cached` remembers.

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
    async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        match origin.as_str() {
            "https://slow.example" => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok(true)
            }
            "https://error.example" => Err("no table".into()),
            "https://panic.example" => panic!("no table"),
            "https://host.example" => Ok(target.host() == Some("host.example")),
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
    let app = init_service(App::new().service(waits).service(by_hand::at("/by-hand"))).await;
    for (origin, expected) in [
        ("https://literal.example", true),
        ("https://tenant.example", true),
        ("https://other.example", false),
        ("https://error.example", false),
        ("https://panic.example", false),
        ("https://slow.example", false),
        ("https://host.example", false),
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
