//! The differences on the wire: each row of the page's tables, beside `actix_cors`.

use actix_cors::Cors;
use actix_web::http::header;
use actix_web::{App, HttpResponse, web};
use cors_runtime::{AppCors, Policy, policy};

use crate::support::{Response, Server, serve};

static LISTED: Policy = policy!(
    origins = ["https://app.example.com"],
    credentials,
    allow_headers = ["content-type"],
    expose_headers = ["x-total"],
    max_age = 600
);
static BARE: Policy = policy!(origins = ["https://app.example.com"]);
static TOKENS: Policy = policy!(
    origins = ["https://app.example.com"],
    allow_headers = ["content-type"]
);
static BLOCKED: Policy = policy!(origins = ["https://app.example.com"], enforce);
static ANY: Policy = policy!(
    origins = ["*"],
    allow_headers = ["*", "authorization"],
    expose_headers = ["*"]
);

/// The same routes before and after.
fn routes(app: &mut web::ServiceConfig) {
    async fn me() -> HttpResponse {
        HttpResponse::Ok().insert_header(("x-total", "1")).finish()
    }
    async fn own() -> HttpResponse {
        HttpResponse::Ok()
            .insert_header(("access-control-allow-origin", "*"))
            .finish()
    }
    async fn vary() -> HttpResponse {
        HttpResponse::Ok()
            .insert_header(("vary", "accept"))
            .append_header(("vary", "cookie"))
            .finish()
    }
    app.route("/own", web::get().to(own))
        .route("/vary", web::get().to(vary))
        .route("/me", web::to(me));
}

fn before() -> Server {
    let listed = || Cors::default().allowed_origin("https://app.example.com");
    let scope = |path, cors: Cors| web::scope(path).configure(routes).wrap(cors);
    serve!(
        App::new()
            .service(scope(
                "/listed",
                listed()
                    .allowed_methods(["GET", "POST", "PUT"])
                    .allowed_header(header::CONTENT_TYPE)
                    .expose_headers(["x-total"])
                    .supports_credentials()
                    .max_age(600)
            ))
            .service(scope("/bare", listed().allow_any_method()))
            .service(scope(
                "/tokens",
                listed()
                    .allow_any_method()
                    .allowed_header(header::CONTENT_TYPE)
            ))
            .service(scope("/blocked", listed().block_on_origin_mismatch(true)))
            .service(scope(
                "/any",
                Cors::default()
                    .allow_any_origin()
                    .allow_any_method()
                    .allow_any_header()
                    .expose_any_header()
            ))
    )
}

fn after() -> Server {
    let scope = |path, cors: AppCors| web::scope(path).configure(routes).wrap(cors);
    let otherwise = |policy| AppCors::new().otherwise(policy);
    serve!(
        App::new()
            .service(scope(
                "/listed",
                otherwise(&LISTED).only(&["GET", "POST", "PUT"])
            ))
            .service(scope("/bare", otherwise(&BARE)))
            .service(scope("/tokens", otherwise(&TOKENS)))
            .service(scope("/blocked", otherwise(&BLOCKED)))
            .service(scope("/any", otherwise(&ANY)))
    )
}

/// The status, the body, and all that is said of CORS and to caches, with short names.
fn said(response: &Response) -> String {
    let mut fields: Vec<_> = (response.headers.iter())
        .filter(|(name, _)| {
            name.starts_with("access-control-") || name == "vary" || name == "cache-control"
        })
        .map(|(name, value)| {
            let short = |text: &str| {
                text.trim()
                    .to_ascii_lowercase()
                    .replace("access-control-", "")
            };
            let mut list: Vec<_> = value.split(',').map(short).collect();
            list.sort_unstable();
            format!("{}={}", short(name), list.join(","))
        })
        .collect();
    fields.sort();
    let text = if response.body.is_empty() {
        ""
    } else {
        " with a text"
    };
    format!("{}{text} {}", response.status, fields.join(" "))
}

const APP: &str = "Origin: https://app.example.com";
const EVIL: &str = "Origin: https://evil.example";
const CROSS: &str = "Sec-Fetch-Site: cross-site";
const JSON: &str = "Content-Type: application/json";
const COOKIE: &str = "Cookie: a=b";
const PUT: &str = "Access-Control-Request-Method: PUT";

/// The first cell of a row on the page, a request, and the response before and after.
type Row = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

const ROWS: &[Row] = &[
    (
        "PUT, PATCH, DELETE or JSON of a page on an origin that is not allowed",
        "PUT /listed/me",
        &[EVIL, CROSS],
        "200 allow-credentials=true expose-headers=x-total vary=origin,request-headers,request-method",
        "403 cache-control=no-store vary=origin",
    ),
    (
        "",
        "POST /listed/me",
        &[EVIL, CROSS, JSON],
        "200 allow-credentials=true expose-headers=x-total vary=origin,request-headers,request-method",
        "403 cache-control=no-store vary=origin",
    ),
    (
        "",
        "POST /listed/me",
        &[APP, CROSS, JSON, COOKIE],
        "200 allow-credentials=true allow-origin=https://app.example.com expose-headers=x-total vary=origin,request-headers,request-method",
        "200 allow-credentials=true allow-origin=https://app.example.com expose-headers=x-total vary=origin",
    ),
    (
        "PUT, PATCH or DELETE of an allowed page, if `only` lacks the method",
        "DELETE /listed/me",
        &[APP, CROSS],
        "200 allow-credentials=true allow-origin=https://app.example.com expose-headers=x-total vary=origin,request-headers,request-method",
        "403 cache-control=no-store vary=origin",
    ),
    (
        "JSON of an allowed page, if `allow_headers` lacks `content-type`",
        "POST /bare/me",
        &[APP, CROSS, JSON],
        "200 allow-origin=https://app.example.com vary=origin,request-headers,request-method",
        "403 cache-control=no-store vary=origin",
    ),
    (
        "PUT, PATCH, DELETE or JSON of an allowed page with cookies, without `credentials`",
        "PUT /tokens/me",
        &[APP, CROSS, JSON, COOKIE],
        "200 allow-origin=https://app.example.com vary=origin,request-headers,request-method",
        "403 cache-control=no-store vary=origin",
    ),
    (
        "",
        "PUT /tokens/me",
        &[APP, CROSS, JSON],
        "200 allow-origin=https://app.example.com vary=origin,request-headers,request-method",
        "200 allow-origin=https://app.example.com vary=origin",
    ),
    (
        "any, of an origin that is not allowed",
        "GET /listed/me",
        &[EVIL, CROSS],
        "200 allow-credentials=true expose-headers=x-total vary=origin,request-headers,request-method",
        "200 vary=origin",
    ),
    (
        "any, without `Origin`",
        "GET /listed/me",
        &[],
        "200 allow-credentials=true expose-headers=x-total vary=origin,request-headers,request-method",
        "200 vary=origin",
    ),
    (
        "any, with `Origin` twice",
        "GET /listed/me",
        &[APP, EVIL],
        "200 allow-credentials=true allow-origin=https://app.example.com expose-headers=x-total vary=origin,request-headers,request-method",
        "200 vary=origin",
    ),
    (
        "any, if all origins are allowed",
        "GET /any/own",
        &[EVIL],
        "200 allow-origin=https://evil.example expose-headers=allow-origin vary=origin,request-headers,request-method",
        "200 allow-origin=* expose-headers=*",
    ),
    (
        "any, without `Origin`, if all origins are allowed",
        "GET /any/me",
        &[],
        "200 expose-headers=x-total vary=origin,request-headers,request-method",
        "200 allow-origin=* expose-headers=*",
    ),
    (
        "any, of the origin `null`, if all origins are allowed",
        "GET /any/me",
        &["Origin: null"],
        "200 allow-origin=null expose-headers=allow-origin,x-total vary=origin,request-headers,request-method",
        "200 allow-origin=* expose-headers=*",
    ),
    (
        "any, if all response headers are exposed",
        "GET /any/me",
        &[EVIL],
        "200 allow-origin=https://evil.example expose-headers=allow-origin,x-total vary=origin,request-headers,request-method",
        "200 allow-origin=* expose-headers=*",
    ),
    (
        "any, if the handler sets `Access-Control-*` itself",
        "GET /listed/own",
        &[EVIL],
        "200 allow-credentials=true allow-origin=* expose-headers=x-total vary=origin,request-headers,request-method",
        "200 vary=origin",
    ),
    (
        "any, if the handler sets two lines of `Vary`",
        "GET /bare/vary",
        &[APP],
        "200 allow-origin=https://app.example.com vary=accept,origin,request-headers,request-method",
        "200 allow-origin=https://app.example.com vary=accept,cookie,origin",
    ),
    (
        "any, if origins are listed",
        "GET /bare/me",
        &[APP],
        "200 allow-origin=https://app.example.com vary=origin,request-headers,request-method",
        "200 allow-origin=https://app.example.com vary=origin",
    ),
    (
        "any, of another origin, if that is blocked",
        "GET /blocked/me",
        &[EVIL],
        "400 with a text vary=origin,request-headers,request-method",
        "403 cache-control=no-store vary=origin",
    ),
    (
        "POST of the server's own page, if other origins are blocked",
        "POST /blocked/me",
        &[
            "Origin: http://localhost:8080",
            "Sec-Fetch-Site: same-origin",
        ],
        "400 with a text vary=origin,request-headers,request-method",
        "200 vary=origin",
    ),
    (
        "POST of another site whose `Origin` was removed, if other origins are blocked",
        "POST /blocked/me",
        &[CROSS],
        "200 vary=origin,request-headers,request-method",
        "403 cache-control=no-store vary=origin",
    ),
    (
        "allowed",
        "OPTIONS /listed/me",
        &[APP, PUT, "Access-Control-Request-Headers: content-type"],
        "200 allow-credentials=true allow-headers=content-type allow-methods=get,post,put allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
        "204 allow-credentials=true allow-headers=content-type allow-methods=put allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
    ),
    (
        "",
        "OPTIONS /listed/me",
        &[APP, PUT],
        "200 allow-credentials=true allow-headers=content-type allow-methods=get,post,put allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
        "204 allow-credentials=true allow-methods=put allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
    ),
    (
        "allowed, for GET, HEAD or POST",
        "OPTIONS /listed/me",
        &[APP, "Access-Control-Request-Method: GET"],
        "200 allow-credentials=true allow-headers=content-type allow-methods=get,post,put allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
        "204 allow-credentials=true allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
    ),
    (
        "refused",
        "OPTIONS /listed/me",
        &[EVIL, PUT],
        "400 with a text ",
        "403 vary=origin,request-headers,request-method",
    ),
    (
        "",
        "OPTIONS /listed/me",
        &[APP, "Access-Control-Request-Method: DELETE"],
        "400 with a text ",
        "403 vary=origin,request-headers,request-method",
    ),
    (
        "",
        "OPTIONS /listed/me",
        &[APP, PUT, "Access-Control-Request-Headers: x-other"],
        "400 with a text ",
        "403 vary=origin,request-headers,request-method",
    ),
    (
        "for HEAD, if GET is allowed",
        "OPTIONS /listed/me",
        &[APP, "Access-Control-Request-Method: HEAD"],
        "400 with a text ",
        "204 allow-credentials=true allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
    ),
    (
        "for a method such as `PROPFIND`, if all are allowed",
        "OPTIONS /bare/me",
        &[APP, "Access-Control-Request-Method: PROPFIND"],
        "400 with a text ",
        "204 allow-methods=propfind allow-origin=https://app.example.com vary=origin,request-headers,request-method",
    ),
    (
        "with an empty list of header names",
        "OPTIONS /tokens/me",
        &[APP, PUT, "Access-Control-Request-Headers: "],
        "400 with a text ",
        "204 allow-methods=put allow-origin=https://app.example.com vary=origin,request-headers,request-method",
    ),
    (
        "with header names on two lines",
        "OPTIONS /listed/me",
        &[
            APP,
            PUT,
            "Access-Control-Request-Headers: content-type",
            "Access-Control-Request-Headers: x-other",
        ],
        "200 allow-credentials=true allow-headers=content-type allow-methods=get,post,put allow-origin=https://app.example.com max-age=600 vary=origin,request-headers,request-method",
        "403 vary=origin,request-headers,request-method",
    ),
    (
        "without `Origin`",
        "OPTIONS /bare/me",
        &[PUT],
        "400 with a text ",
        "200 vary=origin",
    ),
    (
        "",
        "OPTIONS /any/me",
        &[PUT],
        "200 allow-methods=connect,delete,get,head,options,patch,post,put,trace vary=origin,request-headers,request-method",
        "200 allow-origin=* expose-headers=*",
    ),
    (
        "for what is not a method, such as `P UT`",
        "OPTIONS /bare/me",
        &[APP, "Access-Control-Request-Method: P UT"],
        "200 allow-origin=https://app.example.com vary=origin,request-headers,request-method",
        "403 vary=origin,request-headers,request-method",
    ),
];

/// The page has a row for each of these, and no other.
#[test]
fn each_row_of_the_page_is_what_both_servers_do() {
    let (before, after) = (before(), after());
    for (cell, start, lines, was, is) in ROWS {
        let row = format!("{cell}: {start} {lines:?}");
        let asked = |server: &Server| said(&server.send(start, lines, ""));
        assert_eq!(asked(&before), *was, "before, {row}");
        assert_eq!(asked(&after), *is, "after, {row}");
    }
    let cells = ROWS.iter().map(|row| row.0).filter(|cell| !cell.is_empty());
    assert_eq!(
        super::first_cells("# What differs on the wire"),
        cells.collect::<Vec<_>>()
    );
}

/// An allowed page reads errors, 404s and files as before.
#[test]
fn an_allowed_page_reads_what_it_has_read() {
    let (before, after) = (before(), after());
    for path in ["/listed/me", "/listed/none"] {
        for server in [&before, &after] {
            let response = server.send(&format!("GET {path}"), &[APP, CROSS, COOKIE], "");
            let fields = ["allow-origin", "allow-credentials", "expose-headers"];
            let found = fields.map(|name| response.header(&format!("access-control-{name}")));
            let allowed = [
                Some("https://app.example.com"),
                Some("true"),
                Some("x-total"),
            ];
            assert_eq!(found, allowed, "{path}");
        }
    }
}
