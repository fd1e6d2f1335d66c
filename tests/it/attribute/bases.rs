//! Policies that are based on others: what is stated replaces the base's, and the rest stays.

use actix_web::{get, post, web};
use cors_runtime::{Allowlist, Policy, cors, policy};

static TENANTS: Allowlist = Allowlist::new();

static PARTNERS: Policy = policy!(
    origins = [
        "https://partner.example",
        "https://*.partner.example",
        crate::attribute::bases::TENANTS
    ],
    credentials,
    allow_headers = ["content-type"],
    max_age = 600,
    enforce,
);
static SLOWER: Policy = policy!(max_age = 60, ..PARTNERS);
static INTRANET: Policy = policy!(
    origins = ["http://intranet.example"],
    credentials,
    danger(insecure_origins = "the network is ours")
);

#[cors(expose_headers = ["x-total"], max_age = 5, ..PARTNERS)]
#[get("/replaced")]
async fn replaced() -> &'static str {
    ""
}

#[cors(credentials = false, enforce = false, expose_headers = ["*"], ..SLOWER)]
#[get("/taken-away")]
async fn taken_away() -> &'static str {
    ""
}

#[cors(origins = ["https://other.example"], allow_headers = ["x-a"], ..PARTNERS)]
#[get("/lists")]
async fn lists() -> &'static str {
    ""
}

#[cors(max_age = 1, ..INTRANET)]
#[get("/danger")]
async fn danger() -> &'static str {
    ""
}

#[cors(..PARTNERS)]
#[post("/all")]
async fn all(_: web::Json<u8>) -> &'static str {
    ""
}

#[cors(max_age = 2, methods = ["PUT"], ..crate::attribute::bases::PARTNERS)]
#[allow(dead_code)] // only its policy is read
async fn by_hand() -> &'static str {
    ""
}

#[cors(max_age = 3, ..self::PARTNERS)]
mod module {
    use actix_web::get;

    #[get("/module")]
    pub(crate) async fn covered() -> &'static str {
        ""
    }

    pub(crate) mod deeper {
        #[actix_web::get("/deeper")]
        pub(crate) async fn covered() -> &'static str {
            ""
        }
    }
}

#[test]
fn what_is_stated_replaces_the_bases_and_the_rest_stays() {
    let origins = r#"origins = ["https://partner.example", "https://*.partner.example", crate::attribute::bases::TENANTS]"#;
    let of_module = format!(
        r#"{origins}, credentials, allow_headers = ["content-type"], max_age = 3, enforce"#
    );
    for (what, policy, expected) in [
        (
            "an argument that the base has, and one that it has not",
            replaced::POLICY,
            &*format!(
                r#"{origins}, credentials, allow_headers = ["content-type"], expose_headers = ["x-total"], max_age = 5, enforce"#
            ),
        ),
        (
            "flags, of a base that has a base",
            taken_away::POLICY,
            &format!(
                r#"{origins}, allow_headers = ["content-type"], expose_headers = ["*"], max_age = 60"#
            ),
        ),
        (
            "whole lists",
            lists::POLICY,
            r#"origins = ["https://other.example"], credentials, allow_headers = ["x-a"], max_age = 600, enforce"#,
        ),
        (
            "beside a danger of the base",
            danger::POLICY,
            r#"origins = ["http://intranet.example"], credentials, max_age = 1, danger(insecure_origins = "the network is ours")"#,
        ),
        ("nothing", all::POLICY, &PARTNERS.to_string()),
        (
            "by hand",
            by_hand::POLICY,
            &of_module.replace("max_age = 3", "max_age = 2"),
        ),
        ("a module", module::covered::POLICY, &of_module),
        (
            "a module further in",
            module::deeper::covered::POLICY,
            &of_module,
        ),
    ] {
        assert_eq!(policy.to_string(), expected, "{what}");
    }
    assert_eq!(*all::POLICY, PARTNERS);
}

#[actix_web::test]
async fn preflights_are_answered_by_the_whole() {
    use actix_web::{App, test};

    let app = crate::support::init_service(App::new().service(replaced).service(lists)).await;
    for (path, origin, status) in [
        ("/replaced", "https://partner.example", 204),
        ("/replaced", "https://a.partner.example", 204),
        ("/replaced", "https://other.example", 403),
        ("/lists", "https://other.example", 204),
        ("/lists", "https://partner.example", 403),
    ] {
        let req = test::TestRequest::with_uri(path)
            .method(actix_web::http::Method::OPTIONS)
            .insert_header(("origin", origin))
            .insert_header(("access-control-request-method", "GET"));
        let res = test::call_service(&app, req.to_request()).await;
        assert_eq!(res.status(), status, "{path} from {origin}");
    }
}
