//! Every line that a developer sees, and the requests that must be silent.

mod support;

use std::io::Write;
use std::process::Command;

use actix_web::guard::GuardContext;
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::{App, HttpResponse, delete, get, patch, post, put, web};
use cors_runtime::{Allowlist, AppCors, cors};
use support::written::Written;
use support::{Server, authenticate, serve};

/// The lines since the last call. The address of the server is `SERVER` in them.
fn take_lines(server: &Server) -> Vec<String> {
    let text = Written::take().replace(&server.addr.to_string(), "SERVER");
    // `tracing-subscriber` aligns the levels.
    let lines = text.lines().map(str::trim_start);
    lines.map(str::to_owned).collect()
}

#[cors(origins = ["https://partner.example.com"])]
#[post("/own")]
async fn own() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"])]
#[get("/read")]
async fn read() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"], enforce)]
#[put("/enforced")]
async fn enforced() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"], allow_headers = ["x-a"])]
#[post("/json")]
async fn json() -> &'static str {
    ""
}

#[cors(none)]
#[post("/nobody")]
async fn nobody() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"])]
#[patch("/case")]
async fn case() -> &'static str {
    ""
}

#[cors(origins = ["https://partner.example"])]
#[get("/versions", guard = "is_first_version")]
async fn first_version() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"])]
#[get("/versions")]
async fn last_version() -> &'static str {
    ""
}

fn is_first_version(ctx: &GuardContext<'_>) -> bool {
    ctx.head().headers().contains_key("x-first")
}

static TENANTS: Allowlist = Allowlist::new();

#[cors(origins = ["https://app.example.com", TENANTS], credentials)]
#[get("/tenant")]
async fn tenant() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"])]
#[get("/by-hand")]
async fn by_hand() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .finish()
}

#[cors(origins = ["https://app.example.com"], allow_headers = ["x-a"])]
#[put("/headers")]
async fn listing() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"])]
#[delete("/account")]
async fn account() -> &'static str {
    ""
}

#[cors(origins = ["*"])]
#[get("/anyone")]
async fn anyone() -> &'static str {
    ""
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(own)
        .service(read)
        .service(enforced)
        .service(json)
        .service(nobody)
        .service(case)
        .service(first_version)
        .service(last_version)
        .service(tenant)
        .service(by_hand)
        .service(listing)
        .service(anyone)
        .service(
            web::scope("/private")
                .wrap(from_fn(authenticate))
                .service(account),
        );
}

/// A description, the start of a request, its headers, and the lines at `info` and above.
type Row = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const APP: &str = "Origin: https://app.example.com";
const STRANGER: &str = "Origin: https://partner.example.com";
const SAME_ORIGIN: &str = "Sec-Fetch-Site: same-origin";
const CROSS_SITE: &str = "Sec-Fetch-Site: cross-site";
const JSON: &str = "Content-Type: application/json";

#[rustfmt::skip]
const BARE: &[Row] = &[
    // The server's own page.
    ("its own page", "POST /own", &["Origin: http://SERVER", SAME_ORIGIN], &[]),
    ("its own page, without `Sec-Fetch-Site`", "POST /own", &["Origin: http://SERVER"], &[]),
    ("its own page, started by the user", "POST /own", &["Origin: http://SERVER", "Sec-Fetch-Site: none"], &[]),
    ("its own page, enforced", "PUT /enforced", &["Origin: http://SERVER"], &[]),
    ("a development server passes it on", "POST /own", &["Origin: http://localhost:5173", SAME_ORIGIN], &[
        r#"INFO the server's own page made this request, and a proxy passed it on with another `Host`, as development servers do: no origin has to be allowed for it origin="http://localhost:5173" host="SERVER""#,
    ]),
    ("again", "POST /own", &["Origin: http://localhost:5173", SAME_ORIGIN], &[]),
    ("a page of a development server, without a proxy", "POST /own", &["Origin: http://localhost:5173", "Sec-Fetch-Site: same-site"], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `own` does not allow the origin `http://localhost:5173` origin="http://localhost:5173" method="POST" preflight=false path="/own" handler="own" reason=OriginNotAllowed advice=add `"http://localhost:5173"` to `dev_origins`"#,
    ]),
    // An extension with a permission for the server's host can read every response.
    ("an extension, in Firefox", "POST /own", &["Origin: moz-extension://9b2f4a5c", SAME_ORIGIN], &[]),
    ("an extension, in Chromium", "POST /own", &["Origin: chrome-extension://mhjfbmdg", "Sec-Fetch-Site: none"], &[]),
    ("an extension, enforced", "PUT /enforced", &["Origin: moz-extension://9b2f4a5c", SAME_ORIGIN], &[
        r#"WARN 403, the handler did not run: the policy of `enforced` does not allow the origin `moz-extension://9b2f4a5c` origin="moz-extension://9b2f4a5c" method="PUT" preflight=false path="/enforced" handler="enforced" reason=OriginNotAllowed advice=add `"moz-extension://9b2f4a5c"` to `origins`, if you trust it"#,
    ]),
    // The handler runs, or not, and why.
    ("another origin", "GET /read", &[STRANGER], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `read` does not allow the origin `https://partner.example.com` origin="https://partner.example.com" method="GET" preflight=false path="/read" handler="read" reason=OriginNotAllowed advice=add `"https://partner.example.com"` to `origins`, if you trust it"#,
    ]),
    ("another origin again", "GET /read", &[STRANGER], &[]),
    ("another origin, enforced", "PUT /enforced", &[STRANGER], &[
        r#"WARN 403, the handler did not run: the policy of `enforced` does not allow the origin `https://partner.example.com` origin="https://partner.example.com" method="PUT" preflight=false path="/enforced" handler="enforced" reason=OriginNotAllowed advice=add `"https://partner.example.com"` to `origins`, if you trust it"#,
    ]),
    ("no origin, enforced", "PUT /enforced", &[CROSS_SITE], &[
        r#"WARN 403, the handler did not run: the request comes from a page of another origin, and has no `Origin` origin="" method="PUT" preflight=false path="/enforced" handler="enforced" reason=OriginMissing"#,
    ]),
    ("an origin whose preflight would have failed", "POST /json", &[STRANGER, CROSS_SITE, JSON], &[
        r#"WARN 403, the handler did not run: this needs a preflight, which would have failed: the policy of `json` does not allow the origin `https://partner.example.com`; perhaps the preflight of another handler on this path let it through origin="https://partner.example.com" method="POST" preflight=false path="/json" handler="json" reason=OriginFailsPreflight advice=add `"https://partner.example.com"` to `origins`, if you trust it"#,
    ]),
    ("none", "POST /nobody", &[STRANGER], &[
        r#"WARN the handler ran, and the page cannot read its response: `nobody` allows no origin: its policy is `none` origin="https://partner.example.com" method="POST" preflight=false path="/nobody" handler="nobody" reason=OriginNotAllowed"#,
    ]),
    // JSON.
    ("the preflight of JSON", "OPTIONS /json", &[APP, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"], &[
        r#"WARN the preflight was refused; the 204 explains it to the browser: the policy of `json` does not allow the header `content-type` origin="https://app.example.com" method="POST" preflight=true path="/json" handler="json" reason=HeaderNotAllowed advice=allow_headers = ["x-a", "content-type"]"#,
    ]),
    ("JSON", "POST /json", &[APP, CROSS_SITE, JSON], &[
        r#"WARN 403, the handler did not run: this needs a preflight, which would have failed: the policy of `json` does not allow the header `content-type`; perhaps the preflight of another handler on this path let it through origin="https://app.example.com" method="POST" preflight=false path="/json" handler="json" reason=ContentTypeFailsPreflight advice=allow_headers = ["x-a", "content-type"]"#,
    ]),
    // A method in lower case.
    ("`patch`", "OPTIONS /case", &[APP, "Access-Control-Request-Method: patch"], &[
        r#"WARN the preflight was refused; the 204 explains it to the browser: `case` has the method `PATCH`, not `patch` origin="https://app.example.com" method="patch" preflight=true path="/case" handler="case" reason=MethodNotAllowed advice=the page must write `PATCH`: methods are case-sensitive"#,
    ]),
    // Guards.
    ("a guard declined", "GET /versions", &["Origin: https://partner.example"], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `last_version` does not allow the origin `https://partner.example` origin="https://partner.example" method="GET" preflight=false path="/versions" handler="last_version" reason=OriginNotAllowed advice=another handler may have this path, chosen by a guard"#,
    ]),
    ("a guard accepted", "GET /versions", &[APP, "X-First: 1"], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `first_version` does not allow the origin `https://app.example.com` origin="https://app.example.com" method="GET" preflight=false path="/versions" handler="first_version" reason=OriginNotAllowed advice=another handler may have this path, chosen by a guard"#,
    ]),
    // Look-alikes.
    ("a listed host with a suffix", "GET /read", &["Origin: https://app.example.com.evil.com"], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `read` does not allow the origin `https://app.example.com.evil.com`, a look-alike of `https://app.example.com`, which is listed origin="https://app.example.com.evil.com" method="GET" preflight=false path="/read" handler="read" reason=OriginNotAllowed"#,
    ]),
    ("a listed host with a prefix", "GET /read", &["Origin: https://evilapp.example.com"], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `read` does not allow the origin `https://evilapp.example.com`, a look-alike of `https://app.example.com`, which is listed origin="https://evilapp.example.com" method="GET" preflight=false path="/read" handler="read" reason=OriginNotAllowed"#,
    ]),
    // Forged pairs.
    ("pairs in `Origin`", "GET /read", &["Origin: https://x.example method=DELETE handler=\"admin\""], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `read` does not allow the origin "https://x.example method=DELETE handler=\"admin\"" origin="https://x.example method=DELETE handler=\"admin\"" method="GET" preflight=false path="/read" handler="read" reason=OriginNotAllowed malformed=it has white space or a control character in it advice=no browser sends this: it has white space or a control character in it"#,
    ]),
    // Run-time lists.
    ("a list lacks it", "GET /tenant", &["Origin: https://books.example"], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `tenant` does not allow the origin `https://books.example` origin="https://books.example" method="GET" preflight=false path="/tenant" handler="tenant" reason=OriginNotAllowed advice=the `set` of `TENANTS` takes `"https://books.example"` at run time, if you trust it"#,
    ]),
    ("a list has another port", "GET /tenant", &["Origin: https://shop.example:8443"], &[
        r#"WARN the handler ran, and the page cannot read its response: the policy of `tenant` does not allow the origin `https://shop.example:8443`: `https://shop.example` is listed, which has another port origin="https://shop.example:8443" method="GET" preflight=false path="/tenant" handler="tenant" reason=OriginNotAllowed advice=the `set` of `TENANTS` takes `"https://shop.example:8443"` at run time, if you trust it"#,
    ]),
    // The handler's own headers.
    ("a handler sets a header of ours", "GET /by-hand", &[APP], &[
        r#"WARN removed `access-control-allow-origin`, which `by_hand` or middleware inside its policy set: the policy alone sets it handler="by_hand" header="access-control-allow-origin""#,
    ]),
    ("again", "GET /by-hand", &[APP], &[]),
    // Each header once.
    ("a header", "OPTIONS /headers", &[APP, "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-b"], &[
        r#"WARN the preflight was refused; the 204 explains it to the browser: the policy of `listing` does not allow the header `x-b` origin="https://app.example.com" method="PUT" preflight=true path="/headers" handler="listing" reason=HeaderNotAllowed advice=allow_headers = ["x-a", "x-b"]"#,
    ]),
    ("the header again", "OPTIONS /headers", &[APP, "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-b"], &[]),
    ("another header", "OPTIONS /headers", &[APP, "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-a,x-c"], &[
        r#"WARN the preflight was refused; the 204 explains it to the browser: the policy of `listing` does not allow the header `x-c` origin="https://app.example.com" method="PUT" preflight=true path="/headers" handler="listing" reason=HeaderNotAllowed advice=allow_headers = ["x-a", "x-c"]"#,
    ]),
    // Nothing is wrong.
    ("an allowed origin", "GET /read", &[APP], &[]),
    ("no origin", "GET /read", &[], &[]),
    ("a link or a form", "POST /own", &["Origin: https://other.example", CROSS_SITE, "Sec-Fetch-Mode: navigate"], &[]),
    ("a ping that nobody reads", "POST /own", &["Origin: https://other.example", CROSS_SITE, "Sec-Fetch-Mode: no-cors"], &[]),
    ("a WebSocket", "GET /read", &["Origin: https://other.example", CROSS_SITE, "Sec-Fetch-Mode: websocket"], &[]),
    ("any origin", "GET /anyone", &["Origin: https://other.example"], &[]),
    ("an `OPTIONS` request that is no preflight", "OPTIONS /read", &[APP], &[]),
    ("no handler", "GET /nothing", &["Origin: https://other.example"], &[]),
];

#[rustfmt::skip]
const COVERED: &[Row] = &[
    ("`patch`, not seen before", "OPTIONS /case", &[APP, "Access-Control-Request-Method: paTch"], &[
        r#"WARN the preflight was refused; the 204 explains it to the browser: `case` has the method `PATCH`, not `paTch` origin="https://app.example.com" method="paTch" preflight=true path="/case" handler="case" reason=MethodNotAllowed advice=the page must write `PATCH`: methods are case-sensitive"#,
    ]),
    ("another method", "OPTIONS /case", &[APP, "Access-Control-Request-Method: PUT"], &[
        r#"WARN the preflight was refused; the 204 explains it to the browser: `case` does not have the method `PUT` origin="https://app.example.com" method="PUT" preflight=true path="/case" handler="case" reason=MethodNotAllowed advice=#[cors(…)] #[put(…)] on a handler of this path"#,
    ]),
    ("several candidates, and one refuses", "OPTIONS /versions", &["Origin: https://partner.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: x-first"], &[
        r#"WARN the preflight was refused; the 204 explains it to the browser: the policy of `first_version` does not allow the header `x-first` origin="https://partner.example" method="GET" preflight=true path="/versions" handler="first_version" reason=HeaderNotAllowed advice=another handler may have this path, chosen by a guard"#,
    ]),
    ("several candidates, and the one that ran allows it", "GET /versions", &["Origin: https://partner.example", "X-First: 1"], &[]),
    ("a 401 that the page cannot read", "DELETE /private/account", &[STRANGER], &[
        r#"WARN middleware responded with 401, and the page cannot read it: the policy of `account` does not allow the origin `https://partner.example.com` origin="https://partner.example.com" method="DELETE" preflight=false path="/private/account" handler="account" reason=OriginNotAllowed advice=add `"https://partner.example.com"` to `origins`, if you trust it"#,
    ]),
    ("again", "DELETE /private/account", &[STRANGER], &[]),
    ("a 401 that the page can read", "DELETE /private/account", &[APP], &[]),
    ("a 401 of its own page", "DELETE /private/account", &["Origin: http://SERVER"], &[]),
    ("its own page", "POST /own", &["Origin: http://SERVER", SAME_ORIGIN], &[]),
    ("no handler", "GET /nothing", &["Origin: https://other.example"], &[]),
];

/// Each logger has a process of its own, since each line is written once per process.
#[test]
fn each_line_says_what_happened_and_the_rest_is_silent() {
    match std::env::var("LOGGER").as_deref() {
        Ok("env_logger") => env_logger::Builder::new()
            .filter_module("cors_runtime", log::LevelFilter::Info)
            .format(|out, record| writeln!(out, "{} {}", record.level(), record.args()))
            .target(env_logger::Target::Pipe(Box::new(Written)))
            .init(),
        Ok(_) => tracing_subscriber::fmt()
            .with_max_level(tracing::Level::INFO)
            .with_ansi(false)
            .with_target(false)
            .without_time()
            .with_writer(|| Written)
            .init(),
        Err(_) => {
            for logger in ["env_logger", "tracing-subscriber"] {
                let program = std::env::current_exe().expect("this program");
                let mut again = Command::new(program);
                let status = again.env("LOGGER", logger).status().expect("it runs");
                assert!(status.success(), "{logger}");
            }
            return;
        }
    }
    TENANTS.set(["https://shop.example"]).expect("an origin");
    let bare = Server::start(configure);
    let covered = serve!(
        App::new()
            .configure(configure)
            .wrap(NormalizePath::trim())
            .wrap(AppCors::new())
    );
    cors_runtime::explain(true);
    // The first request shows the surface.
    covered.send::<&str>("GET /read", &[], "");
    let surface = take_lines(&covered);
    let is_title = |line: &String| line == "INFO the CORS surface of this app:";
    assert!(surface.iter().any(is_title), "{surface:?}");
    for (server, rows) in [(&bare, BARE), (&covered, COVERED)] {
        for (what, start, headers, expected) in rows {
            let addr = server.addr.to_string();
            let headers: Vec<_> = (headers.iter())
                .map(|line| line.replace("SERVER", &addr))
                .collect();
            server.send(start, &headers, "");
            assert_eq!(take_lines(server), *expected, "{what}: {start} {headers:?}");
        }
    }
}
