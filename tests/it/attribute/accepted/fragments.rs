//! Handlers that a macro by example passes on, and handlers in other code.

use actix_web::{App, get, web};
use cors_runtime::cors;

macro_rules! block {
    ($name:ident, $path:literal, $body:block) => {
        #[cors(origins = ["https://a.example"], credentials)]
        #[get($path)]
        pub async fn $name() -> &'static str $body
    };
}
block!(with_block, "/block", { "" });

macro_rules! by_hand {
    ($name:ident $body:block) => {
        #[cors(origins = ["https://a.example"], methods = ["GET"])]
        async fn $name() -> &'static str $body
    };
}
by_hand!(by_hand_with_block { "" });

macro_rules! module {
    ($name:ident { $($item:item)* } $vis:vis, $body:block $(#[$attr:meta])*) => {
        #[cors(origins = ["https://a.example"])]
        mod $name {
            use actix_web::get;
            #[get("/own")]
            $vis async fn own() -> &'static str $body
            #[get("/after")]
            pub async fn after() -> &'static str {
                ""
            }
            $(#[$attr])*
            pub async fn with_fragment() -> &'static str {
                ""
            }
            $($item)*
        }
    };
}
module! {
    fragments {
        #[actix_web::post("/transfer")]
        pub async fn transfer() -> &'static str { "" }
        #[actix_web::post("/pay")]
        pub(crate) async fn pay() -> &'static str { "" }
        pub(crate) mod inner {
            #[actix_web::post("/inner")]
            pub async fn inner() -> &'static str { "" }
        }
    }
    pub, { "" }
    #[get("/fragment")]
}

#[cors(origins = ["https://a.example"])]
mod nested {
    use super::web;
    use actix_web::get;

    #[get("/outer")]
    pub async fn outer() -> &'static str {
        #[get("/in-handler")]
        async fn in_handler() -> &'static str {
            ""
        }
        let _ = in_handler::POLICY;
        ""
    }

    pub(crate) fn configure(app: &mut web::ServiceConfig) {
        #[get("/inner")]
        async fn inner() -> &'static str {
            ""
        }
        #[cors_runtime::cors(origins = ["https://own.example"])]
        #[get("/own")]
        async fn own() -> &'static str {
            ""
        }
        mod deeper {
            #[actix_web::get("/deeper")]
            pub(super) async fn deeper() -> &'static str {
                ""
            }
        }
        #[allow(clippy::let_unit_value)]
        let () = ();
        let _ = (inner::POLICY, own::POLICY, deeper::deeper::POLICY);
        app.service((inner, own, deeper::deeper));
    }

    pub(crate) struct Routes;

    impl Routes {
        pub(crate) fn configure(app: &mut web::ServiceConfig) {
            if true {
                #[get("/in-impl")]
                async fn in_impl() -> &'static str {
                    ""
                }
                let _ = in_impl::POLICY;
                app.service(in_impl);
            }
        }
    }
}

/// Functions that no one can take for handlers.
#[cors(origins = ["https://a.example"])]
mod helpers {
    use actix_web::{HttpRequest, HttpResponse, get, web};

    #[get("/items")]
    pub async fn list(req: HttpRequest, data: web::Data<String>) -> HttpResponse {
        counted(data, Some(1)).await;
        page(&req, 200).await
    }

    async fn page(req: &HttpRequest, status: u16) -> HttpResponse {
        HttpResponse::Ok().body(format!("{} {status}", req.path()))
    }

    async fn counted(_: web::Data<String>, _: Option<u8>) -> HttpResponse {
        listed(web::Json(String::new()), vec![]).await
    }

    async fn listed(_: web::Json<String>, _: Vec<String>) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[test]
fn each_has_the_policy() {
    let _ = (with_block::POLICY, by_hand_with_block::POLICY);
    let _ = App::new()
        .service(with_block)
        .service(by_hand_with_block::at("/by-hand"))
        .service(fragments::own)
        .service(fragments::after)
        .service(fragments::with_fragment)
        .service(fragments::transfer)
        .service(fragments::pay)
        .service(fragments::inner::inner)
        .service(nested::outer)
        .configure(nested::configure)
        .configure(nested::Routes::configure)
        .service(helpers::list);
    let policies = [
        fragments::own::POLICY,
        fragments::after::POLICY,
        fragments::with_fragment::POLICY,
        fragments::transfer::POLICY,
        fragments::pay::POLICY,
        fragments::inner::inner::POLICY,
        nested::outer::POLICY,
        helpers::list::POLICY,
    ];
    for policy in policies {
        assert_eq!(policy.to_string(), r#"origins = ["https://a.example"]"#);
    }
}
