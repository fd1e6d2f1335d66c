//! Why a request was refused: what the browser gets, what `curl` shows, and what the log says.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpResponse, get, put};
use cors_runtime::{Origin, OriginSource, SourceError, Target, cors};

use crate::support::events::Log;
use crate::support::{Response, Server};

/// The fields of an event that the test looks at.
const FIELDS: [&str; 4] = ["message", "advice", "method", "cookie"];

struct Nobody;

impl OriginSource for Nobody {
    fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Ok(false)
    }
}

static NOBODY: Nobody = Nobody;

#[cors(
    origins = ["https://app.example.com", "http://localhost:3000", NOBODY],
    allow_headers = ["content-type"]
)]
#[put("/me")]
async fn write_me() -> &'static str {
    "written"
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/login")]
async fn login() -> HttpResponse {
    HttpResponse::Ok()
        .cookie(Cookie::new("session", "1"))
        .finish()
}

/// The same name, and a policy that states the same.
mod admin {
    use super::*;

    #[cors(origins = ["https://app.example.com"], credentials)]
    #[get("/admin/login")]
    pub(crate) async fn login() -> HttpResponse {
        HttpResponse::Ok()
            .cookie(Cookie::new("session", "1"))
            .finish()
    }
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/right")]
async fn right() -> HttpResponse {
    let cookie = Cookie::build("session", "1")
        .same_site(SameSite::None)
        .secure(true)
        .finish();
    HttpResponse::Ok().cookie(cookie).finish()
}

fn preflight(server: &Server, origin: &str, headers: &str) -> Response {
    let lines = [
        format!("Origin: {origin}"),
        "Access-Control-Request-Method: PUT".to_owned(),
        format!("Access-Control-Request-Headers: {headers}"),
    ];
    server.send("OPTIONS /me", &lines, "")
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn a_refusal_is_explained_where_people_look_and_only_while_that_is_on() {
    let events = Log::open(|field| FIELDS.contains(&field));
    let server = Server::start(|app| {
        app.service(write_me).service(right);
        app.service(login).service(admin::login);
    });

    // Off: nothing but 403, and a line at `debug` without advice.
    let res = preflight(&server, "https://app.example.com", "x-token");
    assert_eq!((res.status, &*res.body), (403, ""));
    assert!(res.header("access-control-allow-origin").is_none());
    assert!(res.header("x-cors-refused").is_none());
    let sentence = "the policy of `write_me` does not allow the header `x-token`";
    assert_eq!(
        events.take(),
        [format!(
            "DEBUG message=the preflight was refused: {sentence} method=\"PUT\""
        )]
    );

    cors_runtime::explain(true);

    // A header that is missing: the browser gets what is allowed, and names the rest itself.
    let res = preflight(
        &server,
        "https://app.example.com",
        "content-type,x-token,X-Other",
    );
    assert_eq!(res.status, 204);
    let header = |name: &str| res.header(name).map(ToString::to_string);
    assert_eq!(
        header("access-control-allow-origin").as_deref(),
        Some("https://app.example.com")
    );
    assert_eq!(
        header("access-control-allow-headers").as_deref(),
        Some("content-type")
    );
    assert_eq!(
        header("access-control-allow-methods").as_deref(),
        Some("PUT")
    );
    assert_eq!(header("access-control-max-age"), None, "nothing to cache");
    assert_eq!(
        events.take(),
        [
            r#"WARN message=the preflight was refused; the 204 explains it to the browser: the policy of `write_me` does not allow the headers `x-token`, `X-Other` method="PUT" advice=allow_headers = ["content-type", "x-token", "x-other"]"#
        ]
    );
    // A repeat is not a warning again.
    let res = preflight(&server, "https://app.example.com", "x-token");
    let explained = "the preflight was refused; the 204 explains it to the browser";
    assert_eq!(
        events.take(),
        [format!(
            "DEBUG message={explained}: {sentence} method=\"PUT\""
        )]
    );
    // For `curl`, where a 204 looks like success.
    assert_eq!(res.header("x-cors-refused"), Some(sentence));
    // Another header is.
    preflight(&server, "https://app.example.com", "x-token,x-third");
    let said = events.take();
    assert!(
        said[0].starts_with("WARN") && said[0].contains("`x-third`"),
        "{said:?}"
    );

    // Origins: 403, with a body for `curl`.
    for (what, origin, sentence, advice) in [
        (
            "another scheme",
            "http://app.example.com",
            "`http://app.example.com`: `https://app.example.com` is listed, which has another scheme",
            r#"add `"http://app.example.com"` to `origins`, if you trust it"#,
        ),
        (
            "another port",
            "https://app.example.com:8443",
            "`https://app.example.com:8443`: `https://app.example.com` is listed, which has another port",
            r#"add `"https://app.example.com:8443"` to `origins`, if you trust it"#,
        ),
        (
            "127.0.0.1 for localhost",
            "http://127.0.0.1:3000",
            "`http://127.0.0.1:3000`: `http://localhost:3000` is listed, and `localhost` and `127.0.0.1` are two origins",
            r#"add `"http://127.0.0.1:3000"` to `dev_origins`"#,
        ),
        (
            "[::1] for localhost",
            "http://[::1]:3000",
            "`http://[::1]:3000`: `http://localhost:3000` is listed, and `localhost` and `[::1]` are two origins",
            r#"add `"http://[::1]:3000"` to `dev_origins`"#,
        ),
        (
            "a slash",
            "https://app.example.com/",
            "`https://app.example.com/`",
            "no browser sends this: it ends with a slash",
        ),
        (
            "a sandboxed page",
            "null",
            "`null`",
            "a sandboxed page, a local file and some redirects send `null`; load the page from a site of its own",
        ),
    ] {
        let res = preflight(&server, origin, "content-type");
        assert_eq!(res.status, 403, "{what}");
        assert!(
            res.header("access-control-allow-origin").is_none(),
            "{what}"
        );
        let content_type = res.header("content-type").map(ToString::to_string);
        assert_eq!(content_type.as_deref(), Some("text/plain; charset=utf-8"));
        let policy = r#"#[cors(origins = ["http://localhost:3000", "https://app.example.com", NOBODY], allow_headers = ["content-type"])]"#;
        let expected = format!(
            "CORS: the policy of `write_me` does not allow the origin {sentence}.\n\n\
             handler: write_me (PUT /me)\npolicy:  {policy}\nadvice:  {advice}\n\
             more:    https://docs.rs/cors-runtime/latest/cors_runtime/debugging/index.html\n"
        );
        assert_eq!(res.body, expected, "{what}");
        let logged = format!(
            "WARN message=the preflight was refused: the policy of `write_me` does not allow the origin {sentence} method=\"PUT\" advice={advice}"
        );
        assert_eq!(events.take(), [logged], "{what}");
    }

    // Text from a request is escaped and cut.
    let long = format!("https://{}\u{e4}.example", "a".repeat(10_000));
    let res = preflight(&server, &long, "content-type");
    assert!(res.body.len() < 2_000, "{}", res.body.len());
    assert!(res.body.is_ascii() || !res.body.contains('\u{e4}'));
    events.take();

    // A cookie that will not come back is logged once for a handler, and only across sites.
    let cookie = |path: &str, site: &str| {
        let lines = [
            "Origin: https://app.example.com".to_owned(),
            format!("Sec-Fetch-Site: {site}"),
        ];
        server.send(path, &lines, "");
        events.take()
    };
    for site in ["same-origin", "same-site", "none", ""] {
        assert_eq!(cookie("GET /login", site), [""; 0], "{site}");
    }
    assert_eq!(cookie("GET /right", "cross-site"), [""; 0]);
    for path in ["GET /login", "GET /admin/login"] {
        assert_eq!(
            cookie(path, "cross-site"),
            [
                "WARN message=the handler ran, and a page on another site will never send this cookie back: it lacks `SameSite=None; Secure` cookie=\"session\" advice=\"Cookie::build(…).same_site(SameSite::None).secure(true)\""
            ]
        );
        assert_eq!(cookie(path, "cross-site"), [""; 0], "once");
    }

    // Made-up origins fill a bounded memory; from then on, each counts as a repeat.
    let mut warnings = 0;
    for i in 0..1_100 {
        preflight(&server, &format!("https://{i}.example"), "");
        let said = events.take();
        assert_eq!(said.len(), 1, "{said:?}");
        warnings += usize::from(said[0].starts_with("WARN"));
    }
    assert!((1_000..1_024).contains(&warnings), "{warnings}");

    cors_runtime::explain(false);
    assert_eq!(preflight(&server, "https://evil.example", "").body, "");
}
