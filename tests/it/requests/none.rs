//! `none`: no page on another origin may read the response. With `enforce`, none runs the handler.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{HttpResponse, post, web};
use cors_runtime::{AllowedOrigins, Policy, cors, policy};

use crate::support::Server;

static NOBODY: Policy = policy!(none);
static CLOSED: Policy = policy!(none, enforce);

/// How often a handler ran.
static RAN: AtomicUsize = AtomicUsize::new(0);

fn ran() -> HttpResponse {
    RAN.fetch_add(1, Ordering::SeqCst);
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .body("ran")
}

#[cors(none)]
#[post("/open/stated")]
async fn open() -> HttpResponse {
    ran()
}

#[cors(NOBODY)]
#[post("/open/shared")]
async fn open_shared(_: Option<web::Json<String>>) -> HttpResponse {
    ran()
}

#[cors(none, enforce)]
#[post("/closed/stated")]
async fn stated() -> HttpResponse {
    ran()
}

#[cors(self::CLOSED)]
#[post("/closed/shared")]
async fn shared() -> HttpResponse {
    ran()
}

#[cors(enforce, none, methods = ["POST"])]
async fn by_hand() -> HttpResponse {
    ran()
}

#[cors(enforce, ..NOBODY)]
#[post("/closed/based")]
async fn based() -> HttpResponse {
    ran()
}

#[cors(none, enforce)]
mod module {
    use actix_web::{HttpResponse, post};

    #[post("/closed/module")]
    pub(crate) async fn covered() -> HttpResponse {
        super::ran()
    }

    pub(crate) mod deeper {
        #[actix_web::post("/closed/deeper")]
        pub(crate) async fn covered() -> super::HttpResponse {
            super::super::ran()
        }
    }
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(open)
        .service(open_shared)
        .service(stated)
        .service(shared)
        .service(by_hand::at("/closed/by-hand"))
        .service(based)
        .service(module::covered)
        .service(module::deeper::covered);
}

const OPEN: [&str; 2] = ["/open/stated", "/open/shared"];
const CLOSED_PATHS: [&str; 6] = [
    "/closed/stated",
    "/closed/shared",
    "/closed/by-hand",
    "/closed/based",
    "/closed/module",
    "/closed/deeper",
];

#[test]
fn no_page_on_another_origin_reads_a_response_and_with_enforce_none_runs_the_handler() {
    const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
    const EVIL: &str = "Origin: https://evil.example";
    let server = Server::start(configure);
    let own = format!("Origin: http://{}", server.addr);
    for (what, headers, runs_if_closed) in [
        (
            "a form of another site",
            vec![
                EVIL,
                FORM,
                "Sec-Fetch-Site: cross-site",
                "Cookie: session=1",
            ],
            false,
        ),
        (
            "the same, of a browser without Sec-Fetch-Site",
            vec![EVIL, FORM],
            false,
        ),
        (
            "a form of another origin of the site",
            vec![
                "Origin: https://other.example",
                FORM,
                "Sec-Fetch-Site: same-site",
            ],
            false,
        ),
        ("a sandboxed frame", vec!["Origin: null", FORM], false),
        ("several origins", vec![EVIL, EVIL, FORM], false),
        (
            "a form of the server itself",
            vec![&own, FORM, "Sec-Fetch-Site: same-origin"],
            true,
        ),
        (
            "the same, of a browser without Sec-Fetch-Site",
            vec![&own, FORM],
            true,
        ),
        ("a program", vec![FORM], true),
    ] {
        for path in OPEN.into_iter().chain(CLOSED_PATHS) {
            let before = RAN.load(Ordering::SeqCst);
            let response = server.send(&format!("POST {path}"), &headers, "");
            let runs = runs_if_closed || OPEN.contains(&path);
            assert_eq!(
                RAN.load(Ordering::SeqCst) - before,
                usize::from(runs),
                "{what}: {path}"
            );
            let (status, cors) = if runs {
                (200, &[][..])
            } else {
                (403, &["vary: origin"][..])
            };
            assert_eq!(response.status, status, "{what}: {path}");
            assert_eq!(response.cors(), cors, "{what}: {path}");
        }
    }
    for path in OPEN.into_iter().chain(CLOSED_PATHS) {
        let preflight = server.preflight(path, "https://evil.example", "POST", "");
        assert_eq!(preflight.status, 403, "{path}");
        let vary = "vary: access-control-request-headers, access-control-request-method, origin";
        assert_eq!(preflight.cors(), [vary], "{path}");
    }
}

#[test]
fn the_policy_says_what_it_was_written_as() {
    for (policy, text) in [
        (open::POLICY, "none"),
        (&NOBODY, "none"),
        (open_shared::POLICY, "none"),
        (stated::POLICY, "none, enforce"),
        (&CLOSED, "none, enforce"),
        (shared::POLICY, "none, enforce"),
        (by_hand::POLICY, "none, enforce"),
        (based::POLICY, "none, enforce"),
        (module::covered::POLICY, "none, enforce"),
        (module::deeper::covered::POLICY, "none, enforce"),
    ] {
        assert_eq!(policy.to_string(), text);
        assert_eq!(policy.enforce(), text.contains("enforce"));
        assert_eq!(policy.origins(), AllowedOrigins::Nobody);
    }
}

#[test]
fn a_policy_based_on_none_allows_the_origins_that_it_states() {
    static OPENED: Policy = policy!(origins = ["https://app.example"], max_age = 5, ..CLOSED);
    static LAX: Policy = policy!(enforce = false, ..CLOSED);

    assert_eq!(
        OPENED.to_string(),
        r#"origins = ["https://app.example"], max_age = 5, enforce"#
    );
    assert_eq!(LAX, NOBODY);
}
