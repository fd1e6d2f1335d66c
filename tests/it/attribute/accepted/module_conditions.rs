//! In a module, `cfg_attr` is looked into: attributes of this one, of actix-web, and nested.

use cors_runtime::cors;

#[cors(origins = ["https://a.example"], credentials)]
mod covered {
    use actix_web::{get, post};
    use cors_runtime::cors;

    #[cfg_attr(all(), cors(none))]
    pub(crate) mod for_nobody {
        #[actix_web::get("/1")]
        pub(crate) async fn h1() -> &'static str {
            ""
        }
    }

    #[cfg_attr(all(), cfg_attr(all(), cors(origins = ["https://b.example"])))]
    pub(crate) mod other {
        #[actix_web::get("/2")]
        pub(crate) async fn h2() -> &'static str {
            ""
        }
    }

    #[cfg_attr(any(), cors(none))]
    pub(crate) mod after_all {
        #[actix_web::get("/3")]
        pub(crate) async fn h3() -> &'static str {
            ""
        }
    }

    #[cfg_attr(all(), cors(origins = ["https://b.example"]))]
    #[get("/4")]
    pub(crate) async fn h4() -> &'static str {
        ""
    }

    #[cfg_attr(any(), cors(origins = ["https://b.example"]))]
    #[get("/5")]
    pub(crate) async fn h5() -> &'static str {
        ""
    }

    #[cfg_attr(all(), post("/6"))]
    pub(crate) async fn h6() -> &'static str {
        ""
    }

    #[cfg_attr(all(), cfg_attr(all(), post("/7"), doc = "A handler."))]
    pub(crate) async fn h7() -> &'static str {
        ""
    }

    #[cfg_attr(any(), get("/8"))]
    #[cfg_attr(not(any()), post("/8"))]
    pub(crate) async fn h8() -> &'static str {
        ""
    }
}

#[test]
fn conditions_in_a_module_compile_without_a_warning() {
    use covered::{after_all, h4, h5, h6, h7, h8, other};

    let app = actix_web::App::new()
        .service(covered::for_nobody::h1)
        .service(other::h2)
        .service(after_all::h3);
    let _ = app
        .service(h4)
        .service(h5)
        .service(h6)
        .service(h7)
        .service(h8);
    for (policy, origin) in [
        (other::h2::POLICY, "https://b.example"),
        (after_all::h3::POLICY, "https://a.example"),
        (h4::POLICY, "https://b.example"),
        (h5::POLICY, "https://a.example"),
        (h6::POLICY, "https://a.example"),
        (h7::POLICY, "https://a.example"),
        (h8::POLICY, "https://a.example"),
    ] {
        assert_eq!(policy.origins(), [origin]);
    }
}
