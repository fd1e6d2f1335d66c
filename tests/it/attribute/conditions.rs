//! `cfg_attr` is looked into: for route attributes, and for policies that a handler or module has
//! of its own.

use actix_web::App;
use cors_runtime::cors;
#[cors(origins = ["https://outer.example"], credentials)]
mod api {
    #[cfg_attr(all(), cors_runtime::cors(none))]
    pub(crate) mod inner {
        #[actix_web::get("/a")]
        pub(crate) async fn a() -> &'static str {
            ""
        }
    }
    #[cfg_attr(all(), cors_runtime::cors(origins = ["https://other.example"]))]
    pub(crate) mod other {
        #[actix_web::get("/b")]
        pub(crate) async fn b() -> &'static str {
            ""
        }
    }
    #[cfg_attr(any(), cors_runtime::cors(origins = ["https://other.example"]))]
    pub(crate) mod not_other {
        #[actix_web::get("/b")]
        pub(crate) async fn b() -> &'static str {
            ""
        }
    }
    #[cfg_attr(all(), cors_runtime::cors(origins = ["https://other.example"]))]
    #[actix_web::get("/c")]
    pub(crate) async fn c() -> &'static str {
        ""
    }
    #[cfg_attr(all(), cfg_attr(all(), actix_web::post("/d")))]
    pub(crate) async fn d() -> &'static str {
        ""
    }
    #[cfg_attr(all(), actix_web::post("/e"))]
    #[cfg_attr(any(), actix_web::put("/e"))]
    pub(crate) async fn e() -> &'static str {
        ""
    }
    #[cfg_attr(any(), cfg_attr(all(), cors_runtime::cors(none)))]
    #[cfg_attr(all(), actix_web::post("/f"))]
    pub(crate) async fn f() -> &'static str {
        ""
    }
}
#[cors(origins = ["https://outer.example"])]
#[cfg_attr(all(), actix_web::get("/g"))]
async fn g() -> &'static str {
    ""
}
#[cors(origins = ["https://outer.example"])]
#[actix_web::routes]
#[actix_web::get("/h")]
#[cfg_attr(all(), put("/h2"))]
#[cfg_attr(any(), put("/h3"))]
async fn h() -> &'static str {
    ""
}
#[test]
fn each_handler_has_the_policy_that_holds_under_its_conditions() {
    let outer = r#"origins = ["https://outer.example"], credentials"#;
    let other = r#"origins = ["https://other.example"]"#;
    for (what, policy, expected) in [
        ("`none` on a module", api::inner::a::POLICY, "none"),
        ("a policy on a module", api::other::b::POLICY, other),
        (
            "a policy that does not hold",
            api::not_other::b::POLICY,
            outer,
        ),
        ("a policy on a handler", api::c::POLICY, other),
        ("a route in two conditions", api::d::POLICY, outer),
        ("one route of two", api::e::POLICY, outer),
        ("`none` that does not hold", api::f::POLICY, outer),
        (
            "a route below the attribute",
            g::POLICY,
            r#"origins = ["https://outer.example"]"#,
        ),
        (
            "a route below `#[routes]`",
            h::POLICY,
            r#"origins = ["https://outer.example"]"#,
        ),
    ] {
        assert_eq!(policy.to_string(), expected, "{what}");
    }
}

#[actix_web::test]
async fn only_routes_whose_condition_holds_are_registered() {
    use actix_web::test;

    let app = crate::support::init_service(App::new().service(h).service(api::e)).await;
    for (method, path, status) in [
        ("GET", "/h", 200),
        ("PUT", "/h2", 200),
        ("PUT", "/h3", 404),
        ("POST", "/e", 200),
        ("PUT", "/e", 404),
    ] {
        let req = test::TestRequest::with_uri(path)
            .method(method.parse().expect("a method"))
            .to_request();
        let res = test::call_service(&app, req).await;
        assert_eq!(res.status(), status, "{method} {path}");
    }
}
