//! A request that is under way when the policy is set again finishes under the one that it began
//! with.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, error, test::TestRequest};
use cors_runtime::{AsyncOriginSource, CredentialSafe, Origin, SourceError, Target};
use tokio::sync::Notify;

use super::*;
use crate::support::init_service;

/// A gate at which a handler, a middleware or a source waits until it opens.
struct Gate(Notify);

impl Gate {
    const fn new() -> Self {
        Self(Notify::const_new())
    }

    async fn wait(&self) {
        self.0.notified().await;
    }

    fn open(&self) {
        self.0.notify_one();
    }
}

/// Under this one, `APP` is allowed with credentials and reads `x-old`.
fn old() -> PolicyConfig {
    PolicyConfig {
        credentials: true,
        expose_headers: owned(&["x-old"]),
        max_age: Some(11),
        ..origins(&[APP])
    }
}

/// Under this one, `APP` is allowed without credentials and reads `x-new`.
fn new() -> PolicyConfig {
    PolicyConfig {
        expose_headers: owned(&["x-new"]),
        max_age: Some(22),
        ..origins(&[APP, OTHER])
    }
}

/// Polls a future until it waits; then sets the policy, opens the gate, and gets its output.
async fn replaced_meanwhile<F: Future>(
    api: &ConfiguredPolicy,
    gate: &Gate,
    future: F,
) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..3 {
        assert!(
            matches!(future.as_mut().poll(&mut context), Poll::Pending),
            "it waits"
        );
    }
    api.set(new()).expect("a policy");
    gate.open();
    tokio::time::timeout(Duration::from_secs(30), future)
        .await
        .expect("it is let go")
}

/// The fields of a response that a policy sets.
fn fields<B: MessageBody + 'static>(response: Result<ServiceResponse<B>, Error>) -> Vec<String> {
    let response = match response {
        Ok(response) => response.into_parts().1.map_into_boxed_body(),
        Err(error) => error.error_response(),
    };
    let mut fields: Vec<_> = (response.headers().iter())
        .filter(|(name, _)| name.as_str().starts_with("access-control-"))
        .map(|(name, value)| format!("{}: {}", name.as_str(), value.to_str().expect("ASCII")))
        .collect();
    fields.sort();
    fields.insert(0, response.status().as_u16().to_string());
    fields
}

const UNDER_OLD: [&str; 4] = [
    "200",
    "access-control-allow-credentials: true",
    "access-control-allow-origin: https://app.example",
    "access-control-expose-headers: x-old",
];
const UNDER_NEW: [&str; 3] = [
    "200",
    "access-control-allow-origin: https://app.example",
    "access-control-expose-headers: x-new",
];

fn get(path: &str) -> actix_http::Request {
    TestRequest::get()
        .uri(path)
        .insert_header(("origin", APP))
        .to_request()
}

#[actix_web::test]
async fn while_the_handler_runs() {
    static API: ConfiguredPolicy = ConfiguredPolicy::new();
    static GATE: Gate = Gate::new();

    #[cors(configured = API)]
    #[get("/slow")]
    async fn slow() -> &'static str {
        GATE.wait().await;
        ""
    }

    for around in [false, true] {
        API.set(old()).expect("a policy");
        if around {
            let app = init_service(App::new().service(slow).wrap(AppCors::new())).await;
            let response = replaced_meanwhile(&API, &GATE, app.call(get("/slow"))).await;
            assert_eq!(fields(response), UNDER_OLD);
        } else {
            let app = init_service(App::new().service(slow)).await;
            let response = replaced_meanwhile(&API, &GATE, app.call(get("/slow"))).await;
            assert_eq!(fields(response), UNDER_OLD);
        }
        let app = init_service(App::new().service(slow)).await;
        GATE.open();
        assert_eq!(fields(app.call(get("/slow")).await), UNDER_NEW);
    }
}

/// A middleware that waits, and then lets nobody in, or everybody.
async fn wait_then(
    gate: &Gate,
    passes: bool,
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    gate.wait().await;
    if passes {
        next.call(req).await
    } else {
        Err(error::ErrorUnauthorized("who are you?"))
    }
}

#[actix_web::test]
async fn while_middleware_inside_app_cors_waits() {
    static API: ConfiguredPolicy = ConfiguredPolicy::new();
    static DEFAULT: Policy = policy!(configured = API);
    static GATE: Gate = Gate::new();

    #[cors(configured = API)]
    #[get("/me")]
    async fn me() -> &'static str {
        ""
    }

    // With and without a default, of the same configuration; a handler, and nothing at the path.
    for default in [None, Some(&DEFAULT)] {
        for passes in [true, false] {
            for (path, has_policy) in [("/me", true), ("/missing", default.is_some())] {
                API.set(old()).expect("a policy");
                let around = match default {
                    Some(policy) => AppCors::new().otherwise(policy),
                    None => AppCors::new(),
                };
                let login = from_fn(move |req, next| wait_then(&GATE, passes, req, next));
                let app = init_service(App::new().service(me).wrap(login).wrap(around)).await;
                let response = replaced_meanwhile(&API, &GATE, app.call(get(path))).await;
                let status = match (passes, path) {
                    (false, _) => "401",
                    (true, "/me") => "200",
                    (true, _) => "404",
                };
                let mut expected = vec![status];
                if has_policy {
                    expected.extend(&UNDER_OLD[1..]);
                }
                assert_eq!(fields(response), expected, "{path} {passes} {default:?}");
            }
        }
    }
}

/// A source that takes its time to say yes.
struct Slow(Gate);

impl AsyncOriginSource for Slow {
    async fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        self.0.wait().await;
        Ok(true)
    }
}

impl CredentialSafe for Slow {}

#[actix_web::test]
async fn while_the_source_of_another_handler_is_asked_about_their_preflight() {
    static API: ConfiguredPolicy = ConfiguredPolicy::new();
    static SLOW: Slow = Slow(Gate::new());

    fn declines(_: &actix_web::guard::GuardContext<'_>) -> bool {
        false
    }

    // Guards are not asked about a preflight, so both must agree.
    #[cors(origins = [SLOW], credentials, max_age = 1000)]
    #[put("/both", guard = "declines")]
    async fn first() -> &'static str {
        ""
    }

    #[cors(configured = API)]
    #[put("/both")]
    async fn second() -> &'static str {
        ""
    }

    API.set(old()).expect("a policy");
    let app = App::new()
        .service(first)
        .service(second)
        .wrap(AppCors::new());
    let app = init_service(app).await;
    let preflight = TestRequest::with_uri("/both")
        .method(actix_web::http::Method::OPTIONS)
        .insert_header(("origin", APP))
        .insert_header(("access-control-request-method", "PUT"))
        .to_request();
    let response = replaced_meanwhile(&API, &SLOW.0, app.call(preflight)).await;
    assert_eq!(
        fields(response),
        [
            "204",
            "access-control-allow-credentials: true",
            "access-control-allow-methods: PUT",
            "access-control-allow-origin: https://app.example",
            "access-control-max-age: 11",
        ]
    );
}
