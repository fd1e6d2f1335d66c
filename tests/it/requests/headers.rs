//! Requests and responses over a real socket: one row a case. A row also fails on any
//! `Access-Control-*` or `Vary` that it does not expect.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, VARY};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::{
    HttpRequest, HttpResponse, Responder, body, dev, error, get, guard, options, put, route,
    routes, web,
};
use cors_runtime::cors;

use crate::support::Server;

// ---- the handlers ----

#[cors(
    origins = ["https://app.example.com", "https://*.example.org", "http://localhost:*", "https://[2001:db8::1]:8443"],
    credentials,
    expose_headers = ["x-total", "x-page"]
)]
#[get("/me", name = "me")]
async fn read_me(req: HttpRequest) -> impl Responder {
    req.url_for_static("me")
        .map(|url| url.path().to_owned())
        .unwrap_or_default()
}

#[allow(deprecated)] // `x-any` and no `content-type`: a page has to send JSON as text
#[cors(
    origins = ["https://admin.example.com"],
    credentials,
    allow_headers = ["X-Any", "content-type", "authorization"],
    max_age = 600
)]
#[put("/me")]
async fn write_me(body: web::Json<u32>) -> impl Responder {
    body.to_string()
}

#[cors(origins = ["*"], allow_headers = ["*"], expose_headers = ["*"])]
#[::actix_web::route("/public", method = "GET", method = "DELETE", method = "PURGE")]
async fn public() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(origins = ["*"], allow_headers = ["*", "authorization"])]
#[actix_web::patch("/token")]
async fn token() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(credentials, danger(reflect_any_origin = "test"))]
#[get("/reflected")]
async fn reflected() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(
    origins = ["app://.", "capacitor://localhost", "moz-extension://*", "safari-web-extension://140BB581", "https://localhost"],
    credentials,
    allow_headers = ["*"],
    danger(insecure_origins = "test")
)]
#[put("/app")]
async fn apps() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(origins = ["file://"], danger(file_origin = "test"))]
#[get("/file")]
async fn file() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(origins = ["null"], danger(null_origin = "test"))]
#[get("/null")]
async fn null() -> impl Responder {
    HttpResponse::Ok()
}

#[cors(origins = ["https://a.example"])]
#[options("/options")]
async fn own_options() -> impl Responder {
    "mine"
}

#[cors(origins = ["https://b.example"])]
#[put("/options")]
async fn put_beside_options() -> impl Responder {
    "put"
}

#[cors(origins = ["https://a.example"])]
#[routes]
#[get("/one")]
#[put("/two")]
async fn several() -> impl Responder {
    "several"
}

/// Sets what it must not, and varies by much already.
#[cors(origins = ["https://a.example"])]
#[get("/meddling")]
async fn meddling() -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "https://evil.example"))
        .append_header(("access-control-allow-origin", "*"))
        .insert_header(("access-control-allow-credentials", "true"))
        .insert_header(("access-control-allow-private-network", "true"))
        .append_header((VARY, "Accept, origin"))
        .append_header((VARY, " accept-encoding ,, ACCEPT"))
        .finish()
}

#[cors(origins = ["https://a.example"])]
#[get("/varies")]
async fn varies_by_all() -> impl Responder {
    HttpResponse::Ok()
        .append_header((VARY, "Accept"))
        .append_header((VARY, "*"))
        .finish()
}

#[cors(origins = ["https://a.example"])]
#[get("/fails")]
async fn fails() -> Result<String, error::Error> {
    Err(error::ErrorImATeapot("no"))
}

async fn gives_up(
    _: dev::ServiceRequest,
    _: Next<impl body::MessageBody>,
) -> Result<dev::ServiceResponse<body::BoxBody>, actix_web::Error> {
    let headers = [("access-control-allow-origin", "*"), ("vary", "Accept")];
    let mut res = HttpResponse::Unauthorized();
    for (name, value) in headers {
        res.insert_header((
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        ));
    }
    Err(error::InternalError::from_response("no", res.finish()).into())
}

#[cors(origins = ["https://a.example"])]
#[get("/gives-up", wrap = "actix_web::middleware::from_fn(gives_up)")]
async fn behind_a_layer_that_gives_up() -> impl Responder {
    "unreachable"
}

#[cors(origins = ["https://a.example"])]
#[put(
    "/wrapped",
    wrap = "DefaultHeaders::new().add((\"access-control-max-age\", \"9\")).add((\"x-inner\", \"1\"))"
)]
async fn behind_a_layer() -> impl Responder {
    "wrapped"
}

fn is_guarded(ctx: &guard::GuardContext<'_>) -> bool {
    ctx.head().headers().contains_key("x-guard")
}

#[cors(origins = ["https://a.example"], allow_headers = ["x-guard"])]
#[route("/guarded", method = "PUT", guard = "is_guarded")]
async fn guarded() -> impl Responder {
    "guarded"
}

#[cors(origins = ["https://a.example"])]
#[get("/stream")]
async fn stream() -> impl Responder {
    let chunks = ["one ", "two"]
        .map(|chunk| Ok::<_, actix_web::Error>(web::Bytes::from_static(chunk.as_bytes())));
    HttpResponse::Ok().streaming(futures_util::stream::iter(chunks))
}

#[cors(origins = ["https://a.example"])]
#[get("/empty")]
async fn no_content() -> impl Responder {
    HttpResponse::new(StatusCode::NO_CONTENT)
}

/// In a scope by attribute, below a doc comment and beside other attributes.
#[actix_web::scope("/scoped")]
mod scoped {
    use actix_web::{Responder, get};
    use cors_runtime::cors;

    #[must_use]
    #[cors(origins = ["https://a.example"])]
    /// A doc comment in between.
    #[get("/x")]
    #[allow(clippy::unused_async)]
    pub(super) async fn inner() -> impl Responder {
        "scoped"
    }
}

#[cors(origins = ["https://a.example"])]
#[get("/x")]
async fn in_a_scope() -> impl Responder {
    "in a scope"
}

#[cors(origins = ["https://a.example"])]
#[get("/shared")]
async fn shared_get() -> impl Responder {
    "get"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(read_me)
        .service(write_me)
        .service(public)
        .service(token)
        .service(reflected)
        .service(null)
        .service(apps)
        .service(file)
        .service(own_options)
        .service(put_beside_options)
        .service(several)
        .service(meddling)
        .service(varies_by_all)
        .service(fails)
        .service(behind_a_layer_that_gives_up)
        .service(behind_a_layer)
        .service(guarded)
        .service(stream)
        .service(no_content)
        .service(scoped::inner)
        .service(web::scope("/scope").service(in_a_scope))
        .service(shared_get)
        // After an annotated handler on the same path: still reached for all its methods.
        .service(web::resource("/shared").route(web::post().to(|| async { "post" })));
}

// ---- the table ----

struct Row {
    what: &'static str,
    request: &'static str,
    headers: &'static [&'static str],
    status: u16,
    /// Every line of CORS that the response has, without `access-control-`; `vary` in lower case,
    /// sorted.
    cors: &'static [&'static str],
}

const fn row(
    what: &'static str,
    request: &'static str,
    headers: &'static [&'static str],
    status: u16,
    cors: &'static [&'static str],
) -> Row {
    Row {
        what,
        request,
        headers,
        status,
        cors,
    }
}

const VARY_ORIGIN: &str = "vary: origin";
const VARY_PREFLIGHT: &str =
    "vary: access-control-request-headers, access-control-request-method, origin";
const APP: &str = "Origin: https://app.example.com";
const ADMIN: &str = "Origin: https://admin.example.com";
const A: &str = "Origin: https://a.example";
const B: &str = "Origin: https://b.example";
const ALLOW_A: &str = "allow-origin: https://a.example";
const ALLOW_B: &str = "allow-origin: https://b.example";
const CREDENTIALS: &str = "allow-credentials: true";
const EXPOSE: &str = "expose-headers: x-total, x-page";
const ASK_GET: &str = "Access-Control-Request-Method: GET";
const ASK_PUT: &str = "Access-Control-Request-Method: PUT";

/// The response to the admin's preflight for `PUT /me`, with the headers that were asked for.
macro_rules! write_me_granted {
    ($($asked:literal),*) => {
        &["allow-origin: https://admin.example.com", CREDENTIALS, "allow-methods: PUT", $($asked,)* "max-age: 600", VARY_PREFLIGHT]
    };
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Actual requests.
    row("no Origin", "GET /me", &[], 200, &[VARY_ORIGIN]),
    row("an allowed origin", "GET /me", &[APP], 200, &["allow-origin: https://app.example.com", CREDENTIALS, EXPOSE, VARY_ORIGIN]),
    row("another origin", "GET /me", &["Origin: https://evil.example"], 200, &[VARY_ORIGIN]),
    row("the other handler's origin", "GET /me", &[ADMIN], 200, &[VARY_ORIGIN]),
    row("a subdomain", "GET /me", &["Origin: https://a.example.org"], 200, &["allow-origin: https://a.example.org", CREDENTIALS, EXPOSE, VARY_ORIGIN]),
    row("a subdomain of a subdomain", "GET /me", &["Origin: https://a.b.example.org"], 200, &["allow-origin: https://a.b.example.org", CREDENTIALS, EXPOSE, VARY_ORIGIN]),
    row("any port of localhost", "GET /me", &["Origin: http://localhost:5173"], 200, &["allow-origin: http://localhost:5173", CREDENTIALS, EXPOSE, VARY_ORIGIN]),
    row("the default port of localhost", "GET /me", &["Origin: http://localhost"], 200, &["allow-origin: http://localhost", CREDENTIALS, EXPOSE, VARY_ORIGIN]),
    row("an IPv6 address", "GET /me", &["Origin: https://[2001:db8::1]:8443"], 200, &["allow-origin: https://[2001:db8::1]:8443", CREDENTIALS, EXPOSE, VARY_ORIGIN]),
    row("the domain without a subdomain", "GET /me", &["Origin: https://example.org"], 200, &[VARY_ORIGIN]),
    row("a neighbour before the dot", "GET /me", &["Origin: https://evilexample.org"], 200, &[VARY_ORIGIN]),
    row("an empty subdomain", "GET /me", &["Origin: https://.example.org"], 200, &[VARY_ORIGIN]),
    row("a neighbour after the end", "GET /me", &["Origin: https://a.example.org.evil.example"], 200, &[VARY_ORIGIN]),
    row("user information", "GET /me", &["Origin: https://a.example.org@evil.example"], 200, &[VARY_ORIGIN]),
    row("a path that ends right", "GET /me", &["Origin: https://evil.example/.example.org"], 200, &[VARY_ORIGIN]),
    row("another scheme", "GET /me", &["Origin: http://app.example.com"], 200, &[VARY_ORIGIN]),
    row("another port", "GET /me", &["Origin: https://app.example.com:8443"], 200, &[VARY_ORIGIN]),
    row("a port on a subdomain", "GET /me", &["Origin: https://a.example.org:8443"], 200, &[VARY_ORIGIN]),
    row("a port that is not a number", "GET /me", &["Origin: http://localhost:x"], 200, &[VARY_ORIGIN]),
    row("a neighbour of localhost", "GET /me", &["Origin: http://localhost.evil.example:80"], 200, &[VARY_ORIGIN]),
    row("the default port, written out", "GET /me", &["Origin: https://app.example.com:443"], 200, &[VARY_ORIGIN]),
    row("upper case", "GET /me", &["Origin: https://APP.example.com"], 200, &[VARY_ORIGIN]),
    row("a trailing slash", "GET /me", &["Origin: https://app.example.com/"], 200, &[VARY_ORIGIN]),
    row("a trailing dot", "GET /me", &["Origin: https://app.example.com."], 200, &[VARY_ORIGIN]),
    row("null", "GET /me", &["Origin: null"], 200, &[VARY_ORIGIN]),
    row("an empty Origin", "GET /me", &["Origin:"], 200, &[VARY_ORIGIN]),
    row("the pattern itself", "GET /me", &["Origin: https://*.example.org"], 200, &[VARY_ORIGIN]),
    row("an allowed origin twice", "GET /me", &[APP, APP], 200, &[VARY_ORIGIN]),
    row("two origins in one line", "GET /me", &["Origin: https://app.example.com, https://evil.example"], 200, &[VARY_ORIGIN]),
    row("two origins, allowed first", "GET /me", &[APP, "Origin: https://evil.example"], 200, &[VARY_ORIGIN]),
    row("two origins, allowed last", "GET /me", &["Origin: https://evil.example", APP], 200, &[VARY_ORIGIN]),
    row("anyone, without Origin", "GET /public", &[], 200, &["allow-origin: *", "expose-headers: *"]),
    row("anyone, with Origin", "GET /public", &["Origin: https://evil.example"], 200, &["allow-origin: *", "expose-headers: *"]),
    row("anyone, with a malformed Origin", "GET /public", &["Origin: ?!"], 200, &["allow-origin: *", "expose-headers: *"]),
    row("anyone, null", "DELETE /public", &["Origin: null"], 200, &["allow-origin: *", "expose-headers: *"]),
    row("reflected", "GET /reflected", &["Origin: https://evil.example"], 200, &["allow-origin: https://evil.example", CREDENTIALS, VARY_ORIGIN]),
    row("reflected, but not an origin", "GET /reflected", &["Origin: https://evil.example/"], 200, &[VARY_ORIGIN]),
    row("null, where it is accepted", "GET /null", &["Origin: null"], 200, &["allow-origin: null", VARY_ORIGIN]),
    row("reflected, of an app", "GET /reflected", &["Origin: app://-"], 200, &["allow-origin: app://-", CREDENTIALS, VARY_ORIGIN]),
    row("reflected, of an extension in upper case", "GET /reflected", &["Origin: safari-web-extension://140BB581-2D3C"], 200, &["allow-origin: safari-web-extension://140BB581-2D3C", CREDENTIALS, VARY_ORIGIN]),
    row("reflected, of a local file", "GET /reflected", &["Origin: file://"], 200, &["allow-origin: file://", CREDENTIALS, VARY_ORIGIN]),
    row("reflected, null", "GET /reflected", &["Origin: null"], 200, &["allow-origin: null", CREDENTIALS, VARY_ORIGIN]),
    row("reflected, a local file by its path", "GET /reflected", &["Origin: file:///index.html"], 200, &[VARY_ORIGIN]),
    // Apps, extensions and local files.
    row("an app whose host is a dot", "PUT /app", &["Origin: app://."], 200, &["allow-origin: app://.", CREDENTIALS, VARY_ORIGIN]),
    row("another host of that scheme", "PUT /app", &["Origin: app://-"], 200, &[VARY_ORIGIN]),
    row("an app at its localhost", "PUT /app", &["Origin: capacitor://localhost"], 200, &["allow-origin: capacitor://localhost", CREDENTIALS, VARY_ORIGIN]),
    row("any extension", "PUT /app", &["Origin: moz-extension://9b2f4a5c-0c0f-4f6e-9d1c-3c1f5f0a7e11"], 200, &["allow-origin: moz-extension://9b2f4a5c-0c0f-4f6e-9d1c-3c1f5f0a7e11", CREDENTIALS, VARY_ORIGIN]),
    row("an extension of another browser", "PUT /app", &["Origin: chrome-extension://9b2f4a5c"], 200, &[VARY_ORIGIN]),
    row("a scheme that begins like it", "PUT /app", &["Origin: moz-extensions://9b2f4a5c"], 200, &[VARY_ORIGIN]),
    row("the pattern for any extension itself", "PUT /app", &["Origin: moz-extension://*"], 200, &[VARY_ORIGIN]),
    row("an extension in upper case", "PUT /app", &["Origin: safari-web-extension://140BB581"], 200, &["allow-origin: safari-web-extension://140BB581", CREDENTIALS, VARY_ORIGIN]),
    row("the same in lower case", "PUT /app", &["Origin: safari-web-extension://140bb581"], 200, &[VARY_ORIGIN]),
    row("a local file, where it is accepted", "GET /file", &["Origin: file://"], 200, &["allow-origin: file://", VARY_ORIGIN]),
    row("null, where a local file is", "GET /file", &["Origin: null"], 200, &[VARY_ORIGIN]),
    row("a local file, where null is", "GET /null", &["Origin: file://"], 200, &[VARY_ORIGIN]),
    row("a preflight of a local file", "OPTIONS /file", &["Origin: file://", ASK_GET], 204, &["allow-origin: file://", VARY_PREFLIGHT]),
    row("a preflight of an extension, any header with credentials", "OPTIONS /app", &["Origin: moz-extension://9b2f", ASK_PUT, "Access-Control-Request-Headers: x-p-meta-color,x-what"], 204, &["allow-origin: moz-extension://9b2f", CREDENTIALS, "allow-methods: PUT", "allow-headers: x-p-meta-color,x-what", VARY_PREFLIGHT]),
    row("no header by the name of the wildcard", "OPTIONS /app", &["Origin: app://.", ASK_PUT, "Access-Control-Request-Headers: *"], 403, &[VARY_PREFLIGHT]),
    row("nor authorization", "OPTIONS /app", &["Origin: app://.", ASK_PUT, "Access-Control-Request-Headers: authorization"], 403, &[VARY_PREFLIGHT]),
    // Errors carry the headers as well.
    row("an extractor's error", "PUT /me", &[ADMIN], 400, &["allow-origin: https://admin.example.com", CREDENTIALS, VARY_ORIGIN]),
    row("an extractor's error, refused", "PUT /me", &[APP], 400, &[VARY_ORIGIN]),
    row("the handler's error", "GET /fails", &[A], 418, &[ALLOW_A, VARY_ORIGIN]),
    row("the handler's error, refused", "GET /fails", &[B], 418, &[VARY_ORIGIN]),
    row("an inner layer's error", "GET /gives-up", &[A], 401, &[ALLOW_A, "vary: accept, origin"]),
    row("an inner layer's error, refused", "GET /gives-up", &[B], 401, &["vary: accept, origin"]),
    // The policy is the only authority.
    row("what the handler says of CORS is removed", "GET /meddling", &[A], 200, &[ALLOW_A, "vary: accept, accept-encoding, origin"]),
    row("and so it is without a grant", "GET /meddling", &[B], 200, &["vary: accept, accept-encoding, origin"]),
    row("what an inner layer says of CORS is removed", "PUT /wrapped", &[A], 200, &[ALLOW_A, VARY_ORIGIN]),
    // Preflights.
    row("a safelisted method is not named", "OPTIONS /me", &[APP, ASK_GET], 204, &["allow-origin: https://app.example.com", CREDENTIALS, VARY_PREFLIGHT]),
    row("a method is", "OPTIONS /me", &[ADMIN, ASK_PUT], 204, write_me_granted!()),
    row("each preflight by its own handler", "OPTIONS /me", &[ADMIN, ASK_GET], 403, &[VARY_PREFLIGHT]),
    row("and the other way round", "OPTIONS /me", &[APP, ASK_PUT], 403, &[VARY_PREFLIGHT]),
    row("a header", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: content-type"], 204, write_me_granted!("allow-headers: content-type")),
    row("headers in any order and case, with blanks", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: X-ANY ,\tauthorization,Content-Type"], 204, write_me_granted!("allow-headers: X-ANY ,\tauthorization,Content-Type")),
    row("empty elements", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: ,, x-any,"], 204, write_me_granted!("allow-headers: ,, x-any,")),
    row("an empty list", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers:"], 204, write_me_granted!()),
    row("several lines", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: x-any", "Access-Control-Request-Headers: content-type"], 204, write_me_granted!("allow-headers: x-any", "allow-headers: content-type")),
    row("a header that is not allowed", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: x-any,x-other"], 403, &[VARY_PREFLIGHT]),
    row("one in the second line", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: x-any", "Access-Control-Request-Headers: x-other"], 403, &[VARY_PREFLIGHT]),
    row("a name that is not a token", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: x any"], 403, &[VARY_PREFLIGHT]),
    row("a wildcard asked for", "OPTIONS /me", &[ADMIN, ASK_PUT, "Access-Control-Request-Headers: *"], 403, &[VARY_PREFLIGHT]),
    row("a method no handler has", "OPTIONS /me", &[ADMIN, "Access-Control-Request-Method: DELETE"], 404, &[]),
    row("a method in another case", "OPTIONS /me", &[ADMIN, "Access-Control-Request-Method: put"], 404, &[]),
    row("an empty method", "OPTIONS /me", &[ADMIN, "Access-Control-Request-Method:"], 404, &[]),
    row("a method twice", "OPTIONS /me", &[ADMIN, ASK_PUT, ASK_PUT], 404, &[]),
    row("two methods", "OPTIONS /me", &[ADMIN, ASK_PUT, ASK_GET], 404, &[]),
    row("a preflight of two origins", "OPTIONS /me", &[ADMIN, ADMIN, ASK_PUT], 403, &[VARY_PREFLIGHT]),
    row("a preflight of null", "OPTIONS /me", &["Origin: null", ASK_PUT], 403, &[VARY_PREFLIGHT]),
    row("OPTIONS without a method asked for", "OPTIONS /me", &[ADMIN], 404, &[]),
    row("OPTIONS without Origin", "OPTIONS /me", &[ASK_PUT], 404, &[]),
    row("any header, by wildcard", "OPTIONS /public", &[B, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: x-what,y-ever"], 204, &["allow-origin: *", "allow-methods: DELETE", "allow-headers: x-what,y-ever", VARY_PREFLIGHT]),
    row("the wildcard is not for authorization", "OPTIONS /public", &[B, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: Authorization"], 403, &[VARY_PREFLIGHT]),
    row("the wildcard is not for what is no name", "OPTIONS /public", &[B, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: a b"], 403, &[VARY_PREFLIGHT]),
    row("the wildcard is not for its own name", "OPTIONS /public", &[B, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: *"], 403, &[VARY_PREFLIGHT]),
    row("nor among other names", "OPTIONS /token", &[B, "Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: authorization, x,\t* ,y"], 403, &[VARY_PREFLIGHT]),
    row("a method of that name", "OPTIONS /public", &[B, "Access-Control-Request-Method: *"], 404, &[]),
    row("authorization beside the wildcard", "OPTIONS /token", &[B, "Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: authorization,x"], 204, &["allow-origin: *", "allow-methods: PATCH", "allow-headers: authorization,x", VARY_PREFLIGHT]),
    row("a method of one's own", "OPTIONS /public", &[B, "Access-Control-Request-Method: PURGE"], 204, &["allow-origin: *", "allow-methods: PURGE", VARY_PREFLIGHT]),
    row("a preflight does not reach inner layers", "OPTIONS /gives-up", &[A, ASK_GET], 204, &[ALLOW_A, VARY_PREFLIGHT]),
    row("guards apply to preflights", "OPTIONS /guarded", &[A, ASK_PUT, "Access-Control-Request-Headers: x-guard"], 404, &[]),
    row("and to actual requests", "PUT /guarded", &[A, "x-guard: 1"], 200, &[ALLOW_A, VARY_ORIGIN]),
    // A handler of OPTIONS beside others.
    row("a preflight is for the other handler", "OPTIONS /options", &[B, ASK_PUT], 204, &[ALLOW_B, "allow-methods: PUT", VARY_PREFLIGHT]),
    row("a preflight for OPTIONS", "OPTIONS /options", &[A, "Access-Control-Request-Method: OPTIONS"], 204, &[ALLOW_A, "allow-methods: OPTIONS", VARY_PREFLIGHT]),
    row("an actual OPTIONS", "OPTIONS /options", &[A], 200, &[ALLOW_A, VARY_ORIGIN]),
    // Ways to register.
    row("the first of several routes", "GET /one", &[A], 200, &[ALLOW_A, VARY_ORIGIN]),
    row("the second of several routes", "OPTIONS /two", &[A, ASK_PUT], 204, &[ALLOW_A, "allow-methods: PUT", VARY_PREFLIGHT]),
    row("routes are not mixed up", "OPTIONS /one", &[A, ASK_PUT], 404, &[]),
    row("a scope by attribute", "GET /scoped/x", &[A], 200, &[ALLOW_A, VARY_ORIGIN]),
    row("a scope by hand", "OPTIONS /scope/x", &[A, ASK_GET], 204, &[ALLOW_A, VARY_PREFLIGHT]),
    row("beside a plain service", "GET /shared", &[A], 200, &[ALLOW_A, VARY_ORIGIN]),
    row("a plain service stays plain", "POST /shared", &[A], 200, &[]),
];

#[test]
fn each_request_is_answered_by_the_policy_and_nothing_else() {
    let server = Server::start(configure);
    let mut failed = Vec::new();
    for row in ROWS {
        let response = server.send(row.request, row.headers, "");
        let mut expected: Vec<String> = (row.cors.iter())
            .map(|line| {
                if line.starts_with("vary") {
                    (*line).to_owned()
                } else {
                    format!("access-control-{line}")
                }
            })
            .collect();
        expected.sort();
        if response.status != row.status || response.cors() != expected {
            failed.push(format!(
                "{}: {} {:?}\n  expected {} {expected:?}\n  found    {} {:?}",
                row.what,
                row.request,
                row.headers,
                row.status,
                response.status,
                response.cors()
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {} rows:\n{}",
        failed.len(),
        ROWS.len(),
        failed.join("\n")
    );
}

#[test]
fn what_varies_by_everything_says_no_more() {
    let server = Server::start(configure);
    let response = server.send("GET /varies", &[A], "");
    let vary: Vec<_> = response
        .headers
        .iter()
        .filter(|(name, _)| name == "vary")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(vary, ["Accept", "*"]);
}

#[test]
fn raw_bytes_and_long_values_are_refused_and_survived() {
    let server = Server::start(configure);
    let long = format!("Origin: https://{}.example.org", "a.".repeat(20_000));
    let hostile: Vec<Vec<u8>> = vec![
        b"Origin: https://app.example.com\xff".to_vec(),
        b"Origin: \x80\x81".to_vec(),
        b"Origin: https://\xc3\xa4.example.org".to_vec(),
        long.into_bytes(),
    ];
    for origin in hostile {
        let response = server.send("GET /me", &[origin.as_slice()], "");
        assert_eq!(
            (response.status, response.cors()),
            (200, vec![VARY_ORIGIN.to_owned()]),
            "{}",
            origin.escape_ascii()
        );
    }
    let lists = [
        ",".repeat(65_536),
        "a".repeat(65_536),
        "content-type,".repeat(5_000),
        "x-any,\u{e4}".to_owned(),
    ];
    for list in lists {
        let list = format!("Access-Control-Request-Headers: {list}");
        let response = server.send("OPTIONS /me", &[ADMIN, ASK_PUT, &list], "");
        assert_eq!(
            (response.status, response.cors()),
            (403, vec![VARY_PREFLIGHT.to_owned()]),
            "{}",
            &list[..60]
        );
    }
}

#[test]
fn bodies_and_inner_headers_pass_untouched() {
    let server = Server::start(configure);
    assert!(server.send("GET /stream", &[A], "").body.contains("two"));
    let empty = server.send("GET /empty", &[A], "");
    assert_eq!((empty.status, empty.body.as_str()), (204, ""));
    let wrapped = server.send("PUT /wrapped", &[A], "");
    assert!(
        wrapped
            .headers
            .contains(&("x-inner".to_owned(), "1".to_owned()))
    );
    assert_eq!(
        server
            .send("PUT /me", &[ADMIN, "Content-Type: application/json"], "7")
            .body,
        "7"
    );
    assert_eq!(
        server.send("GET /me", &[APP], "").body,
        "/me",
        "`name` still serves `url_for`"
    );
    let preflight = server.send("OPTIONS /me", &[ADMIN, ASK_PUT], "");
    assert_eq!(preflight.body, "");
}

#[test]
fn a_method_not_allowed_names_the_annotated_methods_too() {
    let server = Server::start(configure);
    let response = server.send("DELETE /shared", &[A], "");
    let allow = response
        .headers
        .iter()
        .find(|(name, _)| name == "allow")
        .map(|(_, value)| value.as_str());
    assert_eq!((response.status, allow), (405, Some("GET, POST")));
}
