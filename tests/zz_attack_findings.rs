//! Attacks on `AppCors` that succeed today: each test states what should happen, and fails.

#[path = "support/mod.rs"]
mod support;

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::BoxBody;
use actix_web::dev::{Extensions, Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Uri;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue, VARY};
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::{App, Error, HttpMessage, HttpResponse, get, guard, post, put, web};
use cors_runtime::{AppCors, Policy, cors, policy};
use support::{Response, Server, authenticate, serve};

const APP: &str = "https://app.example";
const EVIL: &str = "https://evil.example";

static PUBLIC: Policy = policy!(origins = ["*"]);
static STRICT: Policy = policy!(origins = ["https://partner.example"], enforce);

macro_rules! handlers {
    ($($(#[$attr:meta])* $name:ident)*) => {$(
        $(#[$attr])*
        async fn $name() -> &'static str {
            stringify!($name)
        }
    )*};
}

handlers! {
    #[cors(origins = ["https://app.example"])] #[post("/open")] open
    #[cors(origins = ["https://app.example"])] #[post("/open/")] open_slash
    #[cors(origins = ["*"])] #[post("/any")] any_post
    #[cors(origins = ["https://app.example"], credentials)] #[get("/me")] me
    #[cors(origins = ["https://app.example"], credentials)] #[get("/me/")] me_slash
    #[cors(origins = ["https://app.example"], credentials)] #[put("/me/")] put_me_slash
    #[cors(origins = ["https://app.example"])] #[post("/g", guard = "has_yes")] guarded_post
    #[cors(origins = ["https://app.example"], credentials)] #[put("/{id}")] put_id
    #[cors(none)] #[put("/{id}")] none_put_id
    #[cors(none)] #[get("/x/{id}")] none_x
    #[cors(none)] #[put("/me")] none_put_me
    #[cors(none)] #[get("/y")] none_y
    #[cors(origins = ["https://app.example"])] #[get("/x/y", guard = "has_yes")] guarded_xy
    #[cors(origins = ["https://app.example"])] #[get("/{p:v.*}")] by_regex
    #[cors(origins = ["https://app.example"])] #[put("/{p:v.*}")] put_by_regex
    #[cors(none)] #[put("/{p:v.*}")] none_by_regex
    #[cors(origins = ["https://app.example"])] #[get("/x/{n}")] get_x
    #[cors(origins = ["https://app.example"])] #[put("/y/{n}")] put_y
    #[cors(origins = ["https://app.example"])] #[put("/z")] put_z
}

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn by_hand() -> &'static str {
    "by_hand"
}

async fn plain() -> &'static str {
    "plain"
}

fn has_yes(ctx: &guard::GuardContext<'_>) -> bool {
    ctx.head().headers().contains_key("x-yes")
}

fn allowed(res: &Response) -> Option<&str> {
    res.header("access-control-allow-origin")
}

fn send(server: &Server, start: &str, origin: &str) -> Response {
    server.send(start, &[format!("Origin: {origin}")], "")
}

// ---- (2) `enforce` of the default: `AppCors::otherwise` says "what the policy refuses does not reach
// a handler without a policy of its own", design §8 "decided before what has no policy of its own runs".

/// HOLE. NormalizePath inside leads from an annotated handler's path to an unannotated one.
#[test]
fn h1_a_normalizer_inside_leads_around_a_default_that_enforces() {
    let server = serve!(
        App::new()
            .service(open_slash)
            .route("/open", web::post().to(plain))
            .wrap(NormalizePath::trim())
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    let res = send(&server, "POST /open/", EVIL);
    assert_ne!((res.status, &*res.body), (200, "plain"));
}

/// HOLE. A slash more: a handler at a neighbouring path that allows the origin lets the request
/// through to the default service, which has no policy but the default.
#[test]
fn h2_a_slash_leads_around_a_default_that_enforces() {
    let server = serve!(
        App::new()
            .service(any_post)
            .default_service(web::to(plain))
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    for path in ["/any/", "//any"] {
        let res = send(&server, &format!("POST {path}"), EVIL);
        assert_ne!((res.status, &*res.body), (200, "plain"), "{path}");
    }
}

/// HOLE. The guard of an annotated handler declines, and the default service takes the request.
#[test]
fn h3_a_guard_that_declines_leads_around_a_default_that_enforces() {
    let server = serve!(
        App::new()
            .service(guarded_post)
            .default_service(web::to(plain))
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    let res = send(&server, "POST /g", EVIL);
    assert_ne!((res.status, &*res.body), (200, "plain"));
}

/// HOLE. The same with the guard of a scope, and with a resource behind it.
#[test]
fn h4_the_guard_of_a_scope_leads_around_a_default_that_enforces() {
    let server = serve!(
        App::new()
            .service(
                web::scope("/s")
                    .guard(guard::Header("x-version", "1"))
                    .service(open)
            )
            .service(web::resource("/s/{any}").to(plain))
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    let res = send(&server, "POST /s/open", EVIL);
    assert_ne!((res.status, &*res.body), (200, "plain"));
}

/// HOLE (a relative of the documented blind spot, which speaks of preflights only): an unannotated
/// route behind an annotated one on its path, and a later annotated pattern with its method.
#[test]
fn h5_an_unannotated_route_behind_an_annotated_one_is_not_enforced_and_readable() {
    let configure = |app: &mut web::ServiceConfig| {
        app.service(me)
            .route("/me", web::put().to(plain))
            .service(put_id);
    };
    let server = serve!(
        App::new()
            .configure(configure)
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    let res = send(&server, "PUT /me", EVIL);
    assert_ne!((res.status, &*res.body), (200, "plain"), "it ran");
}

// ---- (1) grants that no policy gives

/// HOLE. Two handlers of one name (actix names resources after functions) whose patterns differ by a
/// regular expression only: the unannotated one is taken for the annotated one.
#[test]
fn g1_an_unannotated_handler_with_the_name_of_an_annotated_one_is_readable_with_credentials() {
    mod v1 {
        #[actix_web::get("/{id:[0-9]+}")]
        pub(super) async fn read() -> &'static str {
            "v1"
        }
    }
    mod v2 {
        #[cors_runtime::cors(origins = ["https://app.example"], credentials)]
        #[actix_web::get("/{name}")]
        pub(super) async fn read() -> &'static str {
            "v2"
        }
    }
    let server = serve!(
        App::new()
            .service(v1::read)
            .service(v2::read)
            .wrap(AppCors::new())
    );
    let res = send(&server, "GET /7", APP);
    assert_eq!((&*res.body, allowed(&res)), ("v1", None));
}

/// HOLE. … and its default does not enforce.
#[test]
fn g2_an_unannotated_handler_with_the_name_of_an_annotated_one_escapes_enforce() {
    mod v1 {
        #[actix_web::post("/{id:[0-9]+}")]
        pub(super) async fn write() -> &'static str {
            "v1"
        }
    }
    mod v2 {
        #[cors_runtime::cors(origins = ["https://app.example"])]
        #[actix_web::post("/{name}")]
        pub(super) async fn write() -> &'static str {
            "v2"
        }
    }
    let server = serve!(
        App::new()
            .service(v1::write)
            .service(v2::write)
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    let res = send(&server, "POST /7", EVIL);
    assert_ne!((res.status, &*res.body), (200, "v1"));
}

/// HOLE. A scope whose guard declines; the app's default service responds. Its response is readable,
/// with credentials, by the policy of a handler in that scope.
#[test]
fn g3_a_default_service_behind_a_guarded_scope_is_readable() {
    let server = serve!(
        App::new()
            .service(
                web::scope("/s")
                    .guard(guard::Header("x-version", "1"))
                    .service(me)
            )
            .default_service(web::to(plain))
            .wrap(AppCors::new())
    );
    let res = send(&server, "GET /s/me", APP);
    assert_eq!((&*res.body, allowed(&res)), ("plain", None));
}

/// HOLE. The same with files behind it.
#[test]
fn g4_files_behind_a_guarded_scope_are_readable() {
    let dir = std::env::temp_dir().join("zz_attack_files");
    std::fs::create_dir_all(dir.join("s")).expect("a directory");
    std::fs::write(dir.join("s/me"), "file").expect("a file");
    let server = serve!(
        App::new()
            .service(
                web::scope("/s")
                    .guard(guard::Header("x-version", "1"))
                    .service(me)
            )
            .service(actix_files::Files::new(
                "/",
                std::env::temp_dir().join("zz_attack_files")
            ))
            .wrap(AppCors::new())
    );
    let res = send(&server, "GET /s/me", APP);
    assert_eq!((&*res.body, allowed(&res)), ("file", None));
}

/// HOLE or documentation: the docs say that the policy of the handler answers the *preflights* there;
/// it also opens the responses of the default service, with credentials.
#[test]
fn g5_a_default_service_a_slash_away_from_a_handler_is_readable() {
    let server = serve!(
        App::new()
            .service(me_slash)
            .default_service(web::to(plain))
            .wrap(AppCors::new())
    );
    let res = send(&server, "GET /me", APP);
    assert_eq!((&*res.body, allowed(&res)), ("plain", None));
}

/// HOLE (documented for preflights only).
#[test]
fn g6_an_unannotated_route_behind_an_annotated_one_is_readable_by_another_policy() {
    let server = serve!(
        App::new()
            .service(me)
            .route("/me", web::put().to(plain))
            .service(put_id)
            .wrap(AppCors::new())
    );
    let res = send(&server, "PUT /me", APP);
    assert_eq!((&*res.body, allowed(&res)), ("plain", None));
}

// ---- (1) the default speaks for a handler with `none`: "A handler with a policy, `none` included,
// keeps its own"; design §8 "no default speaks for a handler".

/// HOLE. The regular expression of an annotated handler is not one of the three forms that
/// `tail_without_marks` knows, so it hides the marks after it.
#[test]
fn d1_a_regular_expression_hides_marks_and_the_default_answers_for_none() {
    let server = serve!(
        App::new()
            .service(by_regex)
            .service(none_by_regex)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_eq!(server.preflight("/v1", EVIL, "PUT", "").status, 403);
    let res = send(&server, "PUT /v1", EVIL);
    assert_eq!((res.status, allowed(&res)), (401, None));
}

/// HOLE. A scope with a slash at its end, in front: it takes `/a//\0PUT`, but not `/a`.
#[test]
fn d2_a_scope_with_a_slash_hides_marks_and_the_default_answers_for_none() {
    let server = serve!(
        App::new()
            .service(web::scope("/a/").service(put_z))
            .service(none_put_id)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_eq!(server.preflight("/a", EVIL, "PUT", "").status, 403);
    let res = send(&server, "PUT /a", EVIL);
    assert_eq!((res.status, allowed(&res)), (401, None));
}

/// HOLE. The guard of one annotated handler declines; the middleware of a scope responds for a handler
/// with `none`. The slot says "routed", so the default opens the 401.
#[test]
fn d3_a_declined_guard_lets_the_default_open_a_401_of_a_scope() {
    let server = serve!(
        App::new()
            .service(guarded_xy)
            .service(web::scope("/x").wrap(from_fn(authenticate)).service(none_y))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    let res = send(&server, "GET /x/y", EVIL);
    assert_eq!((res.status, allowed(&res)), (401, None));
}

/// HOLE. Two scopes without a prefix, chosen by guards (by `Host`, say): handlers of the second that
/// have a parameter are not found, and the default answers for them.
#[test]
fn d4_the_default_answers_for_none_in_a_second_scope() {
    let server = serve!(
        App::new()
            .service(
                web::scope("")
                    .guard(guard::Header("x-version", "1"))
                    .service(get_x)
            )
            .service(web::scope("").service(none_put_id))
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_eq!(server.preflight("/7", EVIL, "PUT", "").status, 403);
    let res = send(&server, "PUT /7", EVIL);
    assert_eq!((res.status, allowed(&res)), (401, None));
}

async fn forget(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    *req.extensions_mut() = Extensions::new();
    next.call(req).await
}

/// HOLE. … and with middleware that replaces the extensions, the default opens the very response of a
/// handler with `none`.
#[test]
fn d5_replaced_extensions_let_the_default_open_a_response_of_none() {
    let server = serve!(
        App::new()
            .service(
                web::scope("")
                    .guard(guard::Header("x-version", "1"))
                    .service(me)
            )
            .service(web::scope("").service(none_x))
            .wrap(from_fn(forget))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    let res = send(&server, "GET /x/1", EVIL);
    assert_eq!((&*res.body, allowed(&res)), ("none_x", None));
}

/// HOLE (an extension of the documented blind spot, whose example has no parameter).
#[test]
fn d6_the_default_answers_for_none_behind_an_unannotated_tail() {
    let server = serve!(
        App::new()
            .route("/{bucket}/{key}*", web::get().to(plain))
            .service(none_put_id)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_eq!(server.preflight("/a", EVIL, "PUT", "").status, 403);
}

// ---- (3) a safe policy fails

/// WRONG REFUSAL. As d1, without a default: the preflight gets the login's 401.
#[test]
fn w1_a_regular_expression_hides_marks() {
    let server = serve!(
        App::new()
            .service(by_regex)
            .service(put_by_regex)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    assert_eq!(server.preflight("/v1", APP, "PUT", "").status, 204);
}

/// WRONG REFUSAL. As d2, without a default; the handler is `/z` behind a scope `/z/`.
#[test]
fn w2_a_scope_with_a_slash_hides_marks() {
    let server = serve!(
        App::new()
            .service(web::scope("/z/").service(put_id))
            .service(put_z)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    assert_eq!(server.preflight("/z", APP, "PUT", "").status, 204);
}

/// WRONG REFUSAL. As d4, without a default. The docs speak of handlers on the *same path*, and of
/// prefixes with parameters; here neither is the case.
#[test]
fn w3_handlers_in_a_second_scope_are_not_found() {
    let server = serve!(
        App::new()
            .service(
                web::scope("")
                    .guard(guard::Header("x-version", "1"))
                    .service(get_x)
            )
            .service(web::scope("").service(put_y).service(put_z))
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    for path in ["/y/1", "/z"] {
        assert_eq!(server.preflight(path, APP, "PUT", "").status, 204, "{path}");
        let res = send(&server, &format!("PUT {path}"), APP);
        assert_eq!((res.status, allowed(&res)), (401, Some(APP)), "{path}");
    }
}

/// WRONG REFUSAL. "If there is nothing at a path, `AppCors` looks the path up as a normalizer would make
/// it": there is an unannotated resource at `/me/`, and no normalizer.
#[test]
fn w4_a_resource_a_slash_away_from_none_is_refused_its_default() {
    let server = serve!(
        App::new()
            .service(none_put_me)
            .route("/me/", web::put().to(plain))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    let res = send(&server, "PUT /me/", EVIL);
    assert_eq!((&*res.body, allowed(&res)), ("plain", Some("*")));
    assert_eq!(server.preflight("/me/", EVIL, "PUT", "").status, 204);
}

/// WRONG REFUSAL, and (7): there is something at `/me`, so no preflight for it is that of `PUT /me/`.
#[test]
fn w5_a_handler_a_slash_away_answers_for_a_method_that_a_path_does_not_have() {
    let server = serve!(
        App::new()
            .service(me)
            .service(put_me_slash)
            .wrap(AppCors::new())
    );
    // Routing alone: 404.
    assert_ne!(server.preflight("/me", APP, "PUT", "").status, 204);
}

// ---- (5) caching, and the last word

async fn add(req: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut res = next.call(req).await?;
    let headers = res.headers_mut();
    headers.append(VARY, HeaderValue::from_static("x-tenant"));
    headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(res)
}

/// WRONG REFUSAL. `AppCors` "writes last", but not on a preflight that it passes on: two lines of
/// `Vary`, and two of `Access-Control-Allow-Origin`, which no browser accepts.
#[test]
fn c1_a_preflight_that_is_passed_on_has_the_last_word_of_middleware() {
    let server = serve!(
        App::new()
            .service(
                web::scope("")
                    .guard(guard::Header("x-version", "1"))
                    .service(get_x)
            )
            .service(web::scope("").service(put_y))
            .wrap(from_fn(add))
            .wrap(AppCors::new())
    );
    let res = server.preflight("/y/1", APP, "PUT", "");
    assert_eq!(res.status, 204);
    let of = |name: &str| res.headers.iter().filter(|(it, _)| it == name).count();
    assert_eq!((of("access-control-allow-origin"), of("vary")), (1, 1));
}

// ---- (4) a log line or an explanation lies

/// (Run it alone: it switches explanations on.)
/// LIE. No handler with a policy takes PUT here: an unannotated one does. The advice widens the policy
/// of the GET handler for a stranger, and would not help: `me` has no PUT.
#[test]
fn l1_advice_for_another_method_widens_a_policy_and_does_not_help() {
    let server = serve!(
        App::new()
            .service(me)
            .route("/me", web::put().to(plain))
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    cors_runtime::explain(true);
    let res = server.preflight("/me", EVIL, "PUT", "");
    cors_runtime::explain(false);
    assert!(!res.body.contains("write:   origins"), "{}", res.body);
}

/// LIE. `none_put_me` is at `/me` and takes no request for `/me/`.
#[test]
fn l2_an_explanation_names_a_handler_that_is_not_at_the_path() {
    let server = serve!(
        App::new()
            .service(none_put_me)
            .route("/me/", web::put().to(plain))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    cors_runtime::explain(true);
    let res = server.preflight("/me/", EVIL, "PUT", "");
    cors_runtime::explain(false);
    assert!(!res.body.contains("none_put_me (PUT /me/)"), "{}", res.body);
}

// ---- Middleware that calls what is inside it once more: a fallback for 404s, as single-page apps have.

struct Fallback(&'static str);

struct FallbackService<S>(Rc<S>, &'static str);

impl<S> Transform<S, ServiceRequest> for Fallback
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type InitError = ();
    type Transform = FallbackService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(FallbackService(Rc::new(service), self.0)))
    }
}

impl<S> Service<ServiceRequest> for FallbackService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let (service, to) = (Rc::clone(&self.0), self.1);
        Box::pin(async move {
            let res = service.call(req).await?;
            if res.status() != 404 {
                return Ok(res);
            }
            let mut req = ServiceRequest::from_request(res.into_parts().0);
            let uri = Uri::from_static(to);
            req.match_info_mut().get_mut().update(&uri);
            req.match_info_mut().reset();
            req.head_mut().uri = uri;
            service.call(req).await
        })
    }
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/gone")]
async fn gone() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

#[cors(none)]
#[post("/gone")]
async fn post_gone() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/sets-its-own")]
async fn sets_its_own() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .finish()
}

/// HOLE. On the second pass the slot of the first is still in the request: `AppCors` takes itself for an
/// inner one, and nobody takes the headers that the handler leaves. So the `*` that the handler sets
/// survives, and there is no `Vary`. Without `AppCors`, both are right.
#[test]
fn r1_a_second_pass_through_app_cors_is_without_a_policy() {
    let server = serve!(
        App::new()
            .service(sets_its_own)
            .wrap(AppCors::new())
            .wrap(Fallback("/sets-its-own"))
    );
    let res = send(&server, "GET /other", EVIL);
    assert_eq!(
        (res.status, allowed(&res), res.header("vary")),
        (200, None, Some("Origin"))
    );
}

/// WRONG REFUSAL, of the same cause; and the log says "an `AppCors` is inside another", which is a lie.
#[test]
fn r2_a_second_pass_through_app_cors_is_refused() {
    let server = serve!(
        App::new()
            .service(me)
            .wrap(AppCors::new())
            .wrap(Fallback("/me"))
    );
    let res = send(&server, "GET /other", APP);
    assert_eq!((&*res.body, allowed(&res)), ("me", Some(APP)));
}

/// HOLE, of the same cause: the default does not enforce on the second pass.
#[test]
fn r3_a_second_pass_through_app_cors_is_not_enforced() {
    let server = serve!(
        App::new()
            .service(post_gone)
            .route("/plain", web::post().to(plain))
            .wrap(AppCors::new().otherwise(&STRICT))
            .wrap(Fallback("/plain"))
    );
    let res = send(&server, "POST /gone", EVIL);
    assert_ne!((res.status, &*res.body), (200, "plain"));
}

/// HOLE. The fallback is inside: the headers that the first handler left are written onto the response
/// of an unannotated one.
#[test]
fn r4_the_headers_of_one_handler_are_written_onto_the_response_of_another() {
    let server = serve!(
        App::new()
            .service(gone)
            .route("/plain", web::get().to(plain))
            .wrap(Fallback("/plain"))
            .wrap(AppCors::new())
    );
    let res = send(&server, "GET /gone", APP);
    assert_eq!((&*res.body, allowed(&res)), ("plain", None));
}

/// DOCUMENTATION / HOLE. An `AppCors` that is made while the app is being built, as in a middleware that
/// bundles others, has seen no marks: its default answers for every handler, silently.
#[test]
fn d7_an_app_cors_that_is_made_too_late_is_silent() {
    struct Bundle;
    impl<S> Transform<S, ServiceRequest> for Bundle
    where
        S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
    {
        type Response = ServiceResponse<BoxBody>;
        type Error = Error;
        type InitError = ();
        type Transform = <AppCors as Transform<S, ServiceRequest>>::Transform;
        type Future = Ready<Result<Self::Transform, ()>>;
        fn new_transform(&self, service: S) -> Self::Future {
            AppCors::new().otherwise(&PUBLIC).new_transform(service)
        }
    }
    let server = serve!(App::new().service(none_put_me).wrap(Bundle));
    assert_eq!(server.preflight("/me", EVIL, "PUT", "").status, 403);
}

async fn head_as_get(
    mut req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if req.method() == "HEAD" {
        req.head_mut().method = actix_web::http::Method::GET;
    }
    next.call(req).await
}

/// WRONG REFUSAL (low). Middleware inside that turns HEAD into GET, and a default that enforces: 403 for
/// an origin that the handler allows; nothing in the log says that the order is wrong.
#[test]
fn w6_head_as_get_inside_is_refused_by_a_default_that_enforces() {
    let server = serve!(
        App::new()
            .service(me)
            .wrap(from_fn(head_as_get))
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    assert_eq!(send(&server, "HEAD /me", APP).status, 200);
}

/// Whether what is kept by the thread ends with an app whose `AppCors` is switched off.
#[actix_web::test]
async fn x_condition_off_keeps_nothing() {
    use actix_web::middleware::Condition;
    use actix_web::test::{TestRequest, call_and_read_body, init_service};
    #[cors(origins = ["https://app.example"])]
    #[get("/f/{tail}*")]
    async fn pattern(req: actix_web::HttpRequest) -> String {
        req.match_pattern().unwrap_or_default()
    }
    let _off = init_service(
        App::new()
            .service(pattern)
            .wrap(Condition::new(false, AppCors::new())),
    )
    .await;
    let later = init_service(App::new().service(pattern)).await;
    let body = call_and_read_body(&later, TestRequest::with_uri("/f/a").to_request()).await;
    assert_eq!(body, "/f/{tail}*");
}

// ---- (6) cost

/// HOLE ("costs it time out of proportion to its size"): each guarded handler of the method walks the
/// whole resource map, for each spelling: quadratic in the handlers, linear in the path.
#[test]
fn p1_a_preflight_costs_what_routing_costs() {
    let configure = |app: &mut web::ServiceConfig| {
        for i in 0..60 {
            let path = format!("/{{a}}/{{b:[a-z]+}}/p{i}");
            app.service(by_hand::at(path).guard(guard::Header("x-version", "1")));
        }
    };
    let alone = serve!(App::new().configure(configure));
    let server = serve!(App::new().configure(configure).wrap(AppCors::new()));
    let path = format!("/a/{}/x", "b".repeat(300));
    let time = |server: &Server| {
        server.preflight("/", APP, "GET", "");
        let start = std::time::Instant::now();
        server.preflight(&path, APP, "GET", "");
        start.elapsed()
    };
    let (with, without) = (time(&server), time(&alone));
    assert!(with < without * 40, "{with:?} instead of {without:?}");
}

/// DOCUMENTATION. actix refuses this pattern when the server starts; under `AppCors` it becomes another.
#[actix_web::test]
#[should_panic(expected = "custom regex is not supported for tail match")]
async fn p2_a_malformed_tail_is_refused_as_without_app_cors() {
    let app = App::new()
        .service(by_hand::at("/{a:foo}*"))
        .wrap(AppCors::new());
    actix_web::test::init_service(app).await;
}
