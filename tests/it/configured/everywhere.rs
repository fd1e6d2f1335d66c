//! Wherever a policy can be, it can be configured.

use super::*;

static API: ConfiguredPolicy = ConfiguredPolicy::new();
static SHARED: Policy = policy!(configured = API);

#[cors(configured = API)]
#[get("/route")]
async fn route() -> &'static str {
    "route"
}

#[cors(configured = self::API, methods = ["GET"])]
async fn by_hand() -> &'static str {
    "by hand"
}

#[cors(SHARED)]
#[get("/shared")]
async fn shared() -> &'static str {
    "shared"
}

#[cors(configured = super::everywhere::API)]
mod module {
    use actix_web::get;

    #[get("/module")]
    pub(super) async fn in_module() -> &'static str {
        "module"
    }

    pub(super) mod inner {
        use actix_web::get;

        #[get("/inner")]
        pub(crate) async fn inner() -> &'static str {
            "inner"
        }
    }
}

#[cors(configured = API)]
mod relative {
    use actix_web::get;

    #[get("/relative")]
    pub(super) async fn relative() -> &'static str {
        "relative"
    }
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(route)
        .service(by_hand::at("/by-hand"))
        .service(shared)
        .service(module::in_module)
        .service(module::inner::inner)
        .service(relative::relative)
        .route("/default", web::get().to(|| async { "default" }));
}

#[test]
fn every_handler_follows_what_is_set_in_every_app() {
    let first = Server::start(configure);
    let second = serve!(
        App::new()
            .configure(configure)
            .wrap(AppCors::new().otherwise(&SHARED).only(&["GET"]))
    );
    let configured = [
        "/route",
        "/by-hand",
        "/shared",
        "/module",
        "/inner",
        "/relative",
    ];
    let granted = [
        "200",
        "access-control-allow-origin: https://app.example",
        "vary: origin",
    ];
    let refused = ["200", "vary: origin"];
    let assert_all = |expected: &[&str]| {
        for path in configured {
            for server in [&first, &second] {
                assert_eq!(
                    asked(server, &format!("GET {path}"), APP),
                    expected,
                    "{path}"
                );
            }
        }
        for start in ["GET /default", "GET /missing", "POST /default"] {
            assert_eq!(asked(&second, start, APP)[1..], expected[1..], "{start}");
        }
    };
    assert_all(&refused);
    assert_eq!(preflight(&second, "/default", APP, "GET", "")[0], "403");

    API.set(origins(&[APP])).expect("a policy");
    assert_all(&granted);
    assert_eq!(asked(&first, "GET /default", APP), ["200"]);
    assert_eq!(preflight(&second, "/default", APP, "GET", "")[0], "204");
    // `only` is of the code, whatever the configuration says.
    assert_eq!(preflight(&second, "/default", APP, "PUT", "")[0], "403");

    API.set(PolicyConfig::default()).expect("a policy");
    assert_all(&refused);
}
