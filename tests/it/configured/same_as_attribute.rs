//! A configured policy answers as an attribute with the same arguments does.

use cors_runtime::Danger;

use super::*;

/// Pairs of handlers: one of the attribute, one of the configuration with the same arguments.
macro_rules! pairs {
    ($($name:ident: ($($arguments:tt)*) is $config:expr;)*) => {
        $(mod $name {
            use super::*;

            pub(super) static SET: ConfiguredPolicy = ConfiguredPolicy::new();

            #[cors($($arguments)*)]
            #[allow(deprecated)]
            mod stated {
                use actix_web::{get, put};

                #[get("/stated")]
                pub(in super::super) async fn read() -> &'static str {
                    ""
                }

                #[put("/stated")]
                pub(in super::super) async fn write() -> &'static str {
                    ""
                }
            }

            #[cors(configured = SET)]
            mod configured {
                use actix_web::{get, put};

                #[get("/configured")]
                pub(in super::super) async fn read() -> &'static str {
                    ""
                }

                #[put("/configured")]
                pub(in super::super) async fn write() -> &'static str {
                    ""
                }
            }

            pub(super) fn configure(app: &mut web::ServiceConfig) {
                app.service(stated::read)
                    .service(stated::write)
                    .service(configured::read)
                    .service(configured::write);
            }

            pub(super) fn shown() -> [String; 2] {
                [stated::read::POLICY, configured::read::POLICY].map(ToString::to_string)
            }
        })*

        #[test]
        fn responses_are_the_same() {
            $(
                $name::SET.set($config).expect(stringify!($name));
                let shown = $name::shown();
                assert_eq!(shown[1], format!("configured = SET ({})", shown[0]));
                assert_same(stringify!($name), &Server::start($name::configure));
            )*
        }
    };
}

pairs! {
    one: (origins = ["https://app.example"]) is origins(&[APP]);
    with_all: (
        origins = ["https://app.example", "https://*.pattern.example", "http://localhost:*"],
        credentials,
        allow_headers = ["Content-Type", "x-b", "X-A"],
        expose_headers = ["X-Total", "etag"],
        max_age = 600,
        enforce
    ) is PolicyConfig {
        credentials: true,
        allow_headers: owned(&["x-a", "content-type", "x-b"]),
        expose_headers: owned(&["X-Total", "etag"]),
        max_age: Some(600),
        enforce: true,
        ..origins(&["http://localhost:*", "https://*.pattern.example", APP])
    };
    anyone: (origins = ["*"], expose_headers = ["*"], allow_headers = ["*"]) is PolicyConfig {
        expose_headers: owned(&["*"]),
        allow_headers: owned(&["*"]),
        ..origins(&["*"])
    };
    by_echo: (credentials, danger(reflect_any_origin = "it is public")) is PolicyConfig {
        credentials: true,
        danger: [(Danger::ReflectAnyOrigin, "it is public".to_owned())].into(),
        ..PolicyConfig::default()
    };
    with_null: (
        origins = ["null", "http://a.example"],
        credentials,
        danger(insecure_origins = "a printer", null_origin = "it has no state")
    ) is PolicyConfig {
        credentials: true,
        danger: [
            (Danger::InsecureOrigins, "a printer".to_owned()),
            (Danger::NullOrigin, "it has no state".to_owned()),
        ]
        .into(),
        ..origins(&["null", "http://a.example"])
    };
    zero: (origins = ["https://app.example"], max_age = 0) is PolicyConfig {
        max_age: Some(0),
        ..origins(&[APP])
    };
}

#[track_caller]
fn assert_same(what: &str, server: &Server) {
    let sent = [
        "https://app.example",
        "https://APP.example",
        "https://x.pattern.example",
        "https://pattern.example",
        "http://localhost:3000",
        "http://a.example",
        "https://other.example",
        "null",
        "file://",
        "*",
        "",
        "https://app.example/",
    ];
    let mut origins: Vec<Vec<String>> = (sent.iter())
        .map(|origin| vec![format!("Origin: {origin}")])
        .collect();
    origins.push(Vec::new());
    origins.push(vec![format!("Origin: {APP}"), format!("Origin: {APP}")]);
    let more = [
        "",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-origin",
        "Access-Control-Request-Method: PUT",
        "Access-Control-Request-Method: DELETE",
        "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-a,content-type",
        "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-other",
        "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: authorization",
        "Sec-Fetch-Site: cross-site\r\nContent-Type: application/json",
        "Sec-Fetch-Site: cross-site\r\nCookie: a=b",
    ];
    for origin in &origins {
        for more in more {
            let method = if more.starts_with("Access") {
                "OPTIONS"
            } else {
                "PUT"
            };
            for method in [method, "GET"] {
                let mut lines = origin.clone();
                lines.extend((!more.is_empty()).then(|| more.to_owned()));
                let [stated, configured] = ["/stated", "/configured"].map(|path| {
                    let response = server.send(&format!("{method} {path}"), &lines, "");
                    let cache = response.header("cache-control").map(str::to_owned);
                    (said(&response), cache, response.body)
                });
                assert_eq!(stated, configured, "{what}: {method} {lines:?}");
            }
        }
    }
}
