//! Paths in the arguments of a module start where the attribute is.

use actix_web::App;
use cors_runtime as rt;
use cors_runtime::{Allowlist, Policy, cors, policy};

mod other {
    use super::{Allowlist, Policy, policy};

    pub(crate) static SHARED: Policy = policy!(origins = ["https://shared.example"]);
    pub(crate) static TENANTS: Allowlist = Allowlist::new();
}

static PRIVATE: Policy = policy!(origins = ["https://private.example"]);

#[cors(other::SHARED)]
mod shared {
    #[actix_web::get("/")]
    pub(crate) async fn h1() -> &'static str {
        ""
    }

    pub(crate) mod deeper {
        #[actix_web::get("/")]
        pub(crate) async fn h2() -> &'static str {
            ""
        }

        #[cors_runtime::cors(super::super::PRIVATE)]
        pub(crate) mod other {
            #[actix_web::get("/")]
            pub(crate) async fn h3() -> &'static str {
                ""
            }
        }
    }
}

#[cors(PRIVATE)]
mod private {
    #![allow(clippy::all)]

    #[actix_web::get("/")]
    pub(crate) async fn h4() -> &'static str {
        ""
    }
}

#[cors(origins = [other::TENANTS, "https://a.example"])]
mod sources {
    #[actix_web::get("/")]
    pub(crate) async fn h9() -> &'static str {
        ""
    }
}

#[cors(origins = ["https://a.example"], crate = rt)]
#[actix_web::scope("/scope")]
mod renamed {
    #[actix_web::get("/")]
    pub(crate) async fn h5() -> &'static str {
        ""
    }

    pub(crate) mod deeper {
        #[actix_web::get("/")]
        pub(crate) async fn h6() -> &'static str {
            ""
        }
    }
}

#[actix_web::scope("/scope")]
#[cors(origins = ["https://a.example"], crate = cors_runtime)]
mod below_a_scope {
    #[actix_web::get("/")]
    pub(crate) async fn h7() -> &'static str {
        ""
    }
}

#[test]
fn paths_start_where_the_attribute_is() {
    #[cors(PRIVATE)]
    mod local {
        #[actix_web::get("/")]
        pub(crate) async fn h8() -> &'static str {
            ""
        }
    }

    let app = App::new()
        .service(shared::h1)
        .service(shared::deeper::h2)
        .service(shared::deeper::other::h3);
    let app = app
        .service(private::h4)
        .service(renamed::h5)
        .service(renamed::deeper::h6);
    let _ = app
        .service(below_a_scope::h7)
        .service(local::h8)
        .service(sources::h9);
    assert_eq!(*shared::deeper::h2::POLICY, other::SHARED);
    assert_eq!(*shared::deeper::other::h3::POLICY, PRIVATE);
    assert_eq!(*private::h4::POLICY, PRIVATE);
}
