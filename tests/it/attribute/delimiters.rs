//! The compiler takes brackets and braces around the arguments of an attribute too, and comments
//! before them.

use cors_runtime::cors;

#[rustfmt::skip]
mod written {
    use super::cors;

    #[cors{origins = ["https://own.example"], enforce}]
    #[actix_web::put{"/braces"}]
    pub(crate) async fn braces() -> &'static str {
        ""
    }

    #[cors[origins = ["https://own.example"], enforce]]
    #[actix_web::put["/brackets"]]
    pub(crate) async fn brackets() -> &'static str {
        ""
    }

    #[cors /* a = b */ (origins = ["https://own.example"], enforce)]
    #[actix_web::put("/comment")]
    pub(crate) async fn comment() -> &'static str {
        ""
    }

    #[cfg_attr(all(), cors{origins = ["https://own.example"], enforce})]
    #[actix_web::put("/condition")]
    pub(crate) async fn condition() -> &'static str {
        ""
    }

    #[cors{origins = ["https://own.example"], enforce}]
    pub(crate) mod module {
        #[actix_web::route{"/module", method = "PUT"}]
        pub(crate) async fn handler() -> &'static str {
            ""
        }

        #[super::cors{none}]
        #[actix_web::route["/own", method = "PUT"]]
        pub(crate) async fn own() -> &'static str {
            ""
        }
    }
}
use written::{braces, brackets, comment, condition, module};

#[actix_web::test]
async fn no_delimiter_loses_a_policy() {
    use actix_web::test;

    let app = actix_web::App::new()
        .service(braces)
        .service(brackets)
        .service(comment)
        .service(condition)
        .service(module::handler)
        .service(module::own);
    let app = crate::support::init_service(app).await;
    for path in [
        "/braces",
        "/brackets",
        "/comment",
        "/condition",
        "/module",
        "/own",
    ] {
        let req = test::TestRequest::put()
            .uri(path)
            .insert_header(("origin", "https://evil.example"))
            .insert_header(("sec-fetch-site", "cross-site"));
        let res = test::call_service(&app, req.to_request()).await;
        assert_eq!(res.status(), 403, "{path}");
    }
}
