//! `#[cors]` on modules, over a real socket.

use actix_web::{HttpRequest, get, web};
use cors_runtime::{Allowlist, Policy, cors, policy};

use crate::support::Server;

static PARTNERS: Policy = policy!(origins = ["https://partner.example"]);
static TENANTS: Allowlist = Allowlist::new();

#[cors(origins = ["https://app.example"], credentials)]
#[actix_web::scope("/api")]
mod api {
    use actix_web::{get, post, web};
    use cors_runtime::cors;

    #[get("/covered")]
    pub(crate) async fn covered() -> &'static str {
        "covered"
    }

    /// A policy of its own replaces the module's, credentials included.
    #[cors(origins = ["https://own.example"])]
    #[get("/own")]
    pub(crate) async fn own() -> &'static str {
        "own"
    }

    #[cors(none)]
    #[post("/none")]
    pub(crate) async fn none() -> &'static str {
        "none"
    }

    pub(crate) mod inner {
        use actix_web::get;

        #[get("/nested")]
        pub(crate) async fn nested() -> String {
            super::helper()
        }
    }

    fn helper() -> String {
        "nested".to_owned()
    }

    pub(crate) async fn by_hand() -> &'static str {
        "by hand"
    }

    /// A handler by hand has the policy that it states.
    #[cors(origins = ["https://own.example"], methods = ["GET"])]
    pub(crate) async fn own_by_hand() -> &'static str {
        "own by hand"
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        app.service(covered).service(own).service(none);
    }
}

#[actix_web::scope("/swapped")]
#[cors(origins = ["https://app.example"])]
mod swapped {
    use actix_web::get;

    #[get("/covered")]
    pub(crate) async fn covered() -> &'static str {
        "swapped"
    }
}

#[cors(PARTNERS)]
mod shared {
    pub(crate) mod deep {
        use actix_web::get;

        #[tracing::instrument]
        #[get("/shared/deep")]
        pub(crate) async fn covered() -> &'static str {
            "deep"
        }
    }

    #[cors_runtime::cors(none)]
    pub(crate) mod left_alone {
        use actix_web::get;

        #[get("/shared/none")]
        pub(crate) async fn uncovered() -> &'static str {
            "left alone"
        }
    }

    #[cors_runtime::cors(origins = [super::TENANTS, "https://literal.example"])]
    pub(crate) mod other {
        use actix_web::route;

        #[route("/shared/other", method = "GET", method = "PUT")]
        pub(crate) async fn covered() -> &'static str {
            "other"
        }
    }
}

#[get("/outside")]
async fn outside(_: HttpRequest) -> &'static str {
    "outside"
}

fn configure(app: &mut web::ServiceConfig) {
    api::configure(app);
    app.service(api::inner::nested)
        .service(swapped::covered)
        .service(shared::deep::covered)
        .service(shared::left_alone::uncovered)
        .service(shared::other::covered)
        .service(outside)
        .route("/by-hand", web::get().to(api::by_hand))
        .service(api::own_by_hand::at("/own-by-hand"));
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn a_module_covers_what_has_a_route_and_no_policy_of_its_own() {
    TENANTS.set(["https://tenant.example"]).expect("an origin");
    let server = Server::start(configure);
    let app = Some("https://app.example");
    for (start, origin, body, allowed, credentials) in [
        (
            "GET /api/covered",
            "https://app.example",
            "covered",
            app,
            true,
        ),
        (
            "GET /api/covered",
            "https://own.example",
            "covered",
            None,
            false,
        ),
        (
            "GET /api/own",
            "https://own.example",
            "own",
            Some("https://own.example"),
            false,
        ),
        ("GET /api/own", "https://app.example", "own", None, false),
        ("POST /api/none", "https://app.example", "none", None, false),
        ("GET /nested", "https://app.example", "nested", app, true),
        (
            "GET /swapped/covered",
            "https://app.example",
            "swapped",
            app,
            false,
        ),
        (
            "GET /shared/deep",
            "https://partner.example",
            "deep",
            Some("https://partner.example"),
            false,
        ),
        (
            "GET /shared/none",
            "https://partner.example",
            "left alone",
            None,
            false,
        ),
        (
            "GET /shared/other",
            "https://tenant.example",
            "other",
            Some("https://tenant.example"),
            false,
        ),
        (
            "PUT /shared/other",
            "https://literal.example",
            "other",
            Some("https://literal.example"),
            false,
        ),
        (
            "GET /shared/other",
            "https://partner.example",
            "other",
            None,
            false,
        ),
        (
            "GET /outside",
            "https://app.example",
            "outside",
            None,
            false,
        ),
        (
            "GET /by-hand",
            "https://app.example",
            "by hand",
            None,
            false,
        ),
        (
            "GET /own-by-hand",
            "https://own.example",
            "own by hand",
            Some("https://own.example"),
            false,
        ),
    ] {
        let response = server.send(start, &[format!("Origin: {origin}")], "");
        let what = format!("{start} from {origin}");
        assert_eq!(response.body, body, "{what}");
        assert_eq!(
            response.header("access-control-allow-origin"),
            allowed,
            "{what}"
        );
        let says = response.header("access-control-allow-credentials") == Some("true");
        assert_eq!(says, credentials, "{what}");
        let is_covered = !["none", "left alone", "outside", "by hand"].contains(&body);
        assert_eq!(
            response.header("vary"),
            is_covered.then_some("Origin"),
            "{what}"
        );
    }
}

#[test]
fn a_module_inside_a_function_is_covered() {
    #[cors(origins = ["https://app.example"])]
    mod local {
        use actix_web::get;

        #[get("/")]
        pub(crate) async fn covered() -> &'static str {
            ""
        }
    }
    assert_eq!(local::covered::POLICY.origins(), ["https://app.example"]);
}

/// The module cannot know that `own` is `cors`.
#[cors(origins = ["*"])]
mod renamed {
    use actix_web::{get, post};
    use cors_runtime::cors as own;

    #[get("/covered")]
    pub(crate) async fn covered() -> &'static str {
        ""
    }

    #[own(none)]
    #[get("/own")]
    pub(crate) async fn stated() -> &'static str {
        ""
    }

    #[own(none)]
    #[tracing::instrument]
    #[post("/traced")]
    pub(crate) async fn traced() -> &'static str {
        ""
    }

    #[cfg_attr(all(), own(none))]
    #[post("/if")]
    pub(crate) async fn under_a_condition() -> &'static str {
        ""
    }

    #[cfg_attr(any(), own(none))]
    #[post("/unless")]
    pub(crate) async fn under_no_condition() -> &'static str {
        ""
    }

    #[own(none)]
    pub(crate) mod inner {
        use actix_web::{get, web};

        #[get("/inner")]
        pub(crate) async fn covered() -> &'static str {
            ""
        }

        pub(crate) fn in_a_function(app: &mut web::ServiceConfig) -> String {
            #[get("/nested")]
            async fn nested() -> &'static str {
                ""
            }
            app.service(nested);
            nested::POLICY.to_string()
        }
    }
}

#[test]
fn a_policy_of_its_own_replaces_the_modules_under_any_name_of_the_attribute() {
    assert_eq!(renamed::covered::POLICY.to_string(), r#"origins = ["*"]"#);
    for own in [
        renamed::stated::POLICY,
        renamed::traced::POLICY,
        renamed::under_a_condition::POLICY,
        renamed::inner::covered::POLICY,
    ] {
        assert_eq!(own.to_string(), "none");
    }
    assert_eq!(
        renamed::under_no_condition::POLICY.to_string(),
        r#"origins = ["*"]"#
    );
    let mut nested = String::new();
    let _ = actix_web::App::new()
        .service(renamed::covered)
        .service(renamed::stated)
        .service(renamed::traced)
        .service(renamed::under_a_condition)
        .service(renamed::under_no_condition)
        .service(renamed::inner::covered)
        .configure(|app| nested = renamed::inner::in_a_function(app));
    assert_eq!(nested, "none");
}
