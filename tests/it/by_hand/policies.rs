//! Handlers that are registered by hand, over a real socket.

use actix_web::http::StatusCode;
use actix_web::{Either, HttpRequest, HttpResponse, Responder, Scope, web};
use cors_runtime::{Policy, cors, policy};

use crate::support::Server;

const APP: &str = "Origin: https://app.example";
const EVIL: &str = "Origin: https://evil.example";

#[cors(origins = ["https://app.example"], credentials, allow_headers = ["content-type"], methods = ["PUT"])]
async fn save(body: web::Json<String>) -> impl Responder {
    format!("saved {}", body.into_inner())
}

#[cors(origins = ["https://reader.example"], methods = ["GET", "HEAD"])]
async fn read() -> &'static str {
    "read"
}

static PARTNERS: Policy = policy!(origins = ["https://partner.example"], max_age = 60);

#[cors(PARTNERS, methods = ["POST"])]
async fn stream(req: HttpRequest, mut body: web::Payload, path: web::Path<u8>) -> HttpResponse {
    let mut length = 0;
    while let Some(chunk) = futures_util::StreamExt::next(&mut body).await {
        length += chunk.expect("a body").len();
    }
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .body(format!("{} {length} {}", req.method(), path.into_inner()))
}

#[cors(origins = ["https://app.example"], methods = ["DELETE"])]
async fn fails() -> actix_web::Result<&'static str> {
    Err(actix_web::error::ErrorImATeapot("no"))
}

#[cors(origins = ["https://app.example"], methods = ["PATCH"])]
#[allow(clippy::too_many_arguments)]
async fn many(
    _a: HttpRequest,
    _b: web::Query<Vec<(String, String)>>,
    _c: Option<web::Path<u8>>,
    _d: Result<web::Data<u8>, actix_web::Error>,
    _e: web::ReqData<u8>,
    _f: actix_web::http::Method,
    _g: actix_web::http::Uri,
    _h: HttpRequest,
    _i: HttpRequest,
    _j: HttpRequest,
    _k: HttpRequest,
    body: Either<web::Form<Vec<(String, String)>>, web::Bytes>,
) -> (String, StatusCode) {
    let length = match body {
        Either::Left(form) => form.len(),
        Either::Right(bytes) => bytes.len(),
    };
    (length.to_string(), StatusCode::ACCEPTED)
}

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn typed<T: Default + std::fmt::Display + 'static>() -> String {
    T::default().to_string()
}

/// A raw identifier names a handler too.
#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn r#type() -> &'static str {
    "type"
}

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn length<const N: usize>(_: HttpRequest) -> String {
    N.to_string()
}

#[cors(origins = ["https://app.example"], methods = ["POST"], enforce)]
async fn transfer() -> &'static str {
    "transferred"
}

/// A parameter and a local have the name of a handler.
#[cors(origins = ["https://app.example"], methods = ["POST"])]
async fn user(user: web::Bytes) -> web::Bytes {
    let read = user;
    read.slice(..)
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(save::at("/x"))
        .service(read::at("/x"))
        .service(stream::at("/route/{id}"))
        .service(
            Scope::new("/scope")
                .service(fails::at("/fails"))
                .service(many::at("/many")),
        )
        .service(typed::at::<i32>("/typed"))
        .service(length::at::<3>("/length"))
        .service(r#type::at("/type"))
        .service(transfer::at("/enforced"))
        .service(user::at("/user"));
}

fn preflight(origin: &'static str, method: &str, headers: &str) -> Vec<String> {
    vec![
        origin.to_owned(),
        format!("Access-Control-Request-Method: {method}"),
        format!("Access-Control-Request-Headers: {headers}"),
    ]
}

const NOTHING: &[&str] = &["vary: origin"];
const REFUSED: &[&str] =
    &["vary: access-control-request-headers, access-control-request-method, origin"];

#[test]
#[allow(clippy::too_many_lines)] // a table
fn each_handler_has_its_own_policy_and_preflights() {
    let server = Server::start(configure);
    let to = |origin: &str| vec![origin.to_owned()];
    let app = &[
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example",
        "vary: origin",
    ][..];
    let app_only = &[
        "access-control-allow-origin: https://app.example",
        "vary: origin",
    ][..];
    for (what, start, headers, body, status, says, cors) in [
        (
            "allowed",
            "PUT /x",
            [to(APP), to("Content-Type: application/json")].concat(),
            "\"a\"",
            200,
            "saved a",
            app,
        ),
        (
            "refused, and the handler runs",
            "PUT /x",
            [to(EVIL), to("Content-Type: application/json")].concat(),
            "\"a\"",
            200,
            "saved a",
            NOTHING,
        ),
        (
            "an extractor's error",
            "PUT /x",
            to(APP),
            "\"a\"",
            400,
            "",
            app,
        ),
        (
            "a body that is not JSON",
            "PUT /x",
            [to(APP), to("Content-Type: application/json")].concat(),
            "a",
            400,
            "",
            app,
        ),
        (
            "a preflight",
            "OPTIONS /x",
            preflight(APP, "PUT", "content-type"),
            "",
            204,
            "",
            &[
                "access-control-allow-credentials: true",
                "access-control-allow-headers: content-type",
                "access-control-allow-methods: PUT",
                "access-control-allow-origin: https://app.example",
                REFUSED[0],
            ],
        ),
        (
            "a preflight with another header",
            "OPTIONS /x",
            preflight(APP, "PUT", "x-other"),
            "",
            403,
            "",
            REFUSED,
        ),
        (
            "a preflight for the other handler",
            "OPTIONS /x",
            preflight(APP, "GET", "x-other"),
            "",
            403,
            "",
            REFUSED,
        ),
        (
            "a preflight for the other handler's second method",
            "OPTIONS /x",
            preflight("Origin: https://reader.example", "HEAD", ""),
            "",
            204,
            "",
            &[
                "access-control-allow-origin: https://reader.example",
                REFUSED[0],
            ],
        ),
        (
            "a preflight for a method that nobody has",
            "OPTIONS /x",
            preflight(APP, "DELETE", ""),
            "",
            404,
            "",
            &[],
        ),
        (
            "the other handler",
            "GET /x",
            to("Origin: https://reader.example"),
            "",
            200,
            "read",
            &[
                "access-control-allow-origin: https://reader.example",
                "vary: origin",
            ],
        ),
        (
            "OPTIONS that is no preflight",
            "OPTIONS /x",
            to(APP),
            "",
            404,
            "",
            &[],
        ),
        (
            "a streamed body and a shared policy",
            "POST /route/7",
            to("Origin: https://partner.example"),
            "12345",
            200,
            "POST 5 7",
            &[
                "access-control-allow-origin: https://partner.example",
                "vary: origin",
            ],
        ),
        (
            "what the handler says of CORS does not count",
            "POST /route/7",
            to(EVIL),
            "",
            200,
            "POST 0 7",
            NOTHING,
        ),
        (
            "a path that cannot be read",
            "POST /route/x",
            to("Origin: https://partner.example"),
            "",
            404,
            "",
            &[
                "access-control-allow-origin: https://partner.example",
                "vary: origin",
            ],
        ),
        (
            "the shared policy's preflight",
            "OPTIONS /route/7",
            preflight("Origin: https://partner.example", "POST", ""),
            "",
            204,
            "",
            &[
                "access-control-allow-origin: https://partner.example",
                "access-control-max-age: 60",
                REFUSED[0],
            ],
        ),
        (
            "the handler's error",
            "DELETE /scope/fails",
            to(APP),
            "",
            418,
            "no",
            app_only,
        ),
        (
            "a preflight in a scope",
            "OPTIONS /scope/fails",
            preflight(APP, "DELETE", ""),
            "",
            204,
            "",
            &[
                "access-control-allow-methods: DELETE",
                "access-control-allow-origin: https://app.example",
                REFUSED[0],
            ],
        ),
        (
            "many extractors, of which one fails",
            "PATCH /scope/many",
            to(APP),
            "123",
            500,
            "",
            app_only,
        ),
        (
            "a generic handler",
            "GET /typed",
            to(APP),
            "",
            200,
            "0",
            app_only,
        ),
        (
            "a raw identifier",
            "GET /type",
            to(APP),
            "",
            200,
            "type",
            app_only,
        ),
        ("enforced", "POST /enforced", to(EVIL), "", 403, "", NOTHING),
        (
            "enforced, and allowed",
            "POST /enforced",
            to(APP),
            "",
            200,
            "transferred",
            app_only,
        ),
        (
            "a constant parameter",
            "GET /length",
            to(APP),
            "",
            200,
            "3",
            app_only,
        ),
        (
            "a binding with the name of its handler",
            "POST /user",
            to(APP),
            "Ada",
            200,
            "Ada",
            app_only,
        ),
    ] {
        let response = server.send(start, &headers, body);
        assert_eq!(response.status, status, "{what}: {response:?}");
        assert_eq!(response.cors(), cors, "{what}");
        if !says.is_empty() {
            assert_eq!(response.body, says, "{what}");
        }
    }
}

#[actix_web::test]
async fn the_function_itself_is_called_as_it_was_written() {
    let response = save::save(web::Json("a".to_owned())).await;
    let req = actix_web::test::TestRequest::default().to_http_request();
    assert_eq!(response.respond_to(&req).status(), StatusCode::OK);
    assert_eq!(read::read().await, "read");
    assert_eq!(typed::typed::<u8>().await, "0");
}

#[test]
fn the_policy_is_readable() {
    assert_eq!(save::POLICY.origins(), ["https://app.example"]);
    assert_eq!(*stream::POLICY, PARTNERS);
    assert_ne!(save::POLICY, read::POLICY);
    assert_eq!(
        stream::POLICY.to_string(),
        r#"origins = ["https://partner.example"], max_age = 60"#
    );
}
