//! Requests that are led around a policy: by guards, normalizers, names, hidden marks, second
//! passes.

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

use crate::support::{Response, Server, authenticate, serve};

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
    #[cors(origins = ["https://app.example"])] #[put("")] put_empty
    #[cors(none)] #[put("/{tail}*")] none_put_tail
    #[cors(none)] #[put("")] none_put_empty
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

/// Script on the origin that the handlers allow cannot read this response.
#[track_caller]
fn assert_hidden(server: &Server, start: &str, body: &str) {
    let res = send(server, start, APP);
    assert_eq!((&*res.body, allowed(&res)), (body, None));
}

/// The default policy neither lets a PUT through nor opens the 401 of the login.
#[track_caller]
fn assert_closed(server: &Server, path: &str) {
    assert_eq!(server.preflight(path, EVIL, "PUT", "").status, 403);
    let res = send(server, &format!("PUT {path}"), EVIL);
    assert_eq!((res.status, allowed(&res)), (401, None));
}

/// From the path of an annotated handler to an unannotated one.
#[test]
fn a_normalizer_inside_does_not_lead_around_a_default_that_enforces() {
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

/// The default service takes the request.
#[test]
fn a_guard_that_declines_does_not_lead_around_a_default_that_enforces() {
    let server = serve!(
        App::new()
            .service(guarded_post)
            .default_service(web::to(plain))
            .wrap(AppCors::new().otherwise(&STRICT))
    );
    let res = send(&server, "POST /g", EVIL);
    assert_ne!((res.status, &*res.body), (200, "plain"));
}

/// actix-web names resources after functions. The patterns differ by a regular expression only.
#[test]
fn a_handler_with_the_name_of_an_annotated_one_is_not_taken_for_it() {
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
    assert_hidden(&server, "GET /7", "v1");
}

#[test]
fn a_handler_with_the_name_of_an_annotated_one_does_not_escape_enforce() {
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

/// Routing comes to no handler with a policy, but middleware has not responded either.
#[test]
fn a_default_service_behind_a_guarded_scope_is_not_readable() {
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
    assert_hidden(&server, "GET /s/me", "plain");
}

#[test]
fn a_default_service_a_slash_away_from_a_handler_is_not_readable() {
    let server = serve!(
        App::new()
            .service(me_slash)
            .default_service(web::to(plain))
            .wrap(AppCors::new())
    );
    assert_hidden(&server, "GET /me", "plain");
}

#[test]
fn a_route_behind_an_annotated_one_is_not_readable() {
    let server = serve!(
        App::new()
            .service(me)
            .route("/me", web::put().to(plain))
            .service(put_id)
            .wrap(AppCors::new())
    );
    assert_hidden(&server, "PUT /me", "plain");
}

/// The regular expression matches marks, so it hides later ones.
#[test]
fn no_default_speaks_for_a_handler_behind_a_regular_expression() {
    let server = serve!(
        App::new()
            .service(by_regex)
            .service(none_by_regex)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_closed(&server, "/v1");
}

/// The scope takes the paths of marks, but not the path itself.
#[test]
fn no_default_speaks_for_a_handler_behind_a_scope_with_a_slash() {
    let server = serve!(
        App::new()
            .service(web::scope("/a/").service(put_z))
            .service(none_put_id)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_closed(&server, "/a");
}

/// A request reaches the tail only if a guard of the scope declines, and there is none.
#[test]
fn a_handler_a_slash_away_is_found_before_one_behind_its_scope() {
    let app_cors: [fn() -> AppCors; 2] = [AppCors::new, || AppCors::new().otherwise(&PUBLIC)];
    for app_cors in app_cors {
        let server = serve!(
            App::new()
                .service(web::scope("/a").service(put_empty))
                .service(none_put_tail)
                .wrap(from_fn(authenticate))
                .wrap(app_cors())
        );
        for (origin, status, reader) in [(APP, 204, Some(APP)), (EVIL, 403, None)] {
            for path in ["/a", "/a/"] {
                let preflight = server.preflight(path, origin, "PUT", "");
                assert_eq!(preflight.status, status, "{path} from {origin}");
                let res = send(&server, &format!("PUT {path}"), origin);
                assert_eq!((res.status, allowed(&res)), (401, reader), "{path}");
            }
        }
        // The scope does not take this path, so the tail is reached, and its policy is `none`.
        assert_eq!(server.preflight("/b/", APP, "PUT", "").status, 403);
    }
}

/// The scope takes the marks of the handler behind it, and leaves it the path itself.
#[test]
fn a_handler_a_slash_away_does_not_speak_for_one_at_the_path() {
    let server = serve!(
        App::new()
            .service(web::scope("/a/").service(put_empty))
            .service(none_put_id)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    assert_eq!(server.preflight("/a", APP, "PUT", "").status, 401);
    let res = send(&server, "PUT /a", APP);
    assert_eq!((res.status, allowed(&res)), (401, None));
}

/// The same, a slash away: a normalizer inside may lead there.
#[test]
fn no_default_speaks_for_a_handler_a_slash_away_behind_a_scope_with_a_slash() {
    let server = serve!(
        App::new()
            .service(web::scope("/a/").service(put_z))
            .service(none_put_id)
            .wrap(NormalizePath::trim())
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_eq!(server.preflight("/a//", EVIL, "PUT", "").status, 403);
}

#[test]
fn no_default_opens_a_401_of_a_scope_after_a_guard_has_declined() {
    let server = serve!(
        App::new()
            .service(guarded_xy)
            .service(web::scope("/x").wrap(from_fn(authenticate)).service(none_y))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    let res = send(&server, "GET /x/y", EVIL);
    assert_eq!((res.status, allowed(&res)), (401, None));
}

/// Guards choose between two scopes without a prefix.
#[test]
fn no_default_speaks_for_a_handler_in_a_second_scope() {
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
    assert_closed(&server, "/7");
}

async fn forget(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    *req.extensions_mut() = Extensions::new();
    next.call(req).await
}

#[test]
fn no_default_opens_a_response_of_none_if_extensions_are_replaced() {
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

#[test]
fn no_default_speaks_for_a_handler_behind_an_unannotated_tail() {
    let server = serve!(
        App::new()
            .route("/{bucket}/{key}*", web::get().to(plain))
            .service(none_put_id)
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new().otherwise(&PUBLIC))
    );
    assert_eq!(server.preflight("/a", EVIL, "PUT", "").status, 403);
}

async fn add(req: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut res = next.call(req).await?;
    let headers = res.headers_mut();
    headers.append(VARY, HeaderValue::from_static("x-tenant"));
    headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(res)
}

#[test]
fn the_policy_has_the_last_word_on_a_preflight_that_is_passed_on() {
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

/// Middleware around `AppCors` calls it once more.
#[test]
fn a_second_pass_has_the_policy_of_its_handler() {
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

#[test]
fn a_second_pass_is_granted_as_the_first() {
    let server = serve!(
        App::new()
            .service(me)
            .wrap(AppCors::new())
            .wrap(Fallback("/me"))
    );
    let res = send(&server, "GET /other", APP);
    assert_eq!((&*res.body, allowed(&res)), ("me", Some(APP)));
}

#[test]
fn a_default_enforces_on_a_second_pass() {
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

#[test]
fn a_fallback_inside_does_not_get_the_headers_of_the_handler_before() {
    let server = serve!(
        App::new()
            .service(gone)
            .route("/plain", web::get().to(plain))
            .wrap(Fallback("/plain"))
            .wrap(AppCors::new())
    );
    assert_hidden(&server, "GET /gone", "plain");
    let server = serve!(
        App::new()
            .service(gone)
            .default_service(web::to(nothing))
            .wrap(Fallback("/other"))
            .wrap(AppCors::new())
    );
    assert_hidden(&server, "GET /gone", "nothing");
}

async fn nothing() -> HttpResponse {
    HttpResponse::NotFound().body("nothing")
}

/// The guard of a handler declines, so the default service has made the error.
#[test]
fn an_error_of_a_default_service_behind_a_guard_has_no_policy() {
    let server = serve!(
        App::new()
            .service(by_hand::at("/x").guard(guard::Header("x-guard", "a")))
            .default_service(web::to(nothing))
            .wrap(AppCors::new())
    );
    assert_hidden(&server, "GET /x", "nothing");
}

#[actix_web::test]
#[should_panic(expected = "custom regex is not supported for tail match")]
async fn a_malformed_tail_is_refused_as_without_app_cors() {
    let app = App::new()
        .service(by_hand::at("/{a:foo}*"))
        .wrap(AppCors::new());
    actix_web::test::init_service(app).await;
}

/// The expression of a scope takes what follows it, marks included, and matches nothing as well.
#[test]
fn an_empty_parameter_of_a_scope_does_not_lead_to_the_default() {
    for prefix in ["/{a}/{rest:.*}", "/{rest:.*}", "/a/{n:[0-9]*}"] {
        let server = serve!(
            App::new()
                .service(web::scope(prefix).service(none_put_empty))
                .wrap(from_fn(authenticate))
                .wrap(AppCors::new().otherwise(&PUBLIC))
        );
        for path in ["/a/", "/a/1"] {
            assert_closed(&server, path);
        }
    }
}
