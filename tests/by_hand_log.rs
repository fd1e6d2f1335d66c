//! Inside `AppCors`, nothing is logged about a handler that is registered with `at`.

mod support;

use actix_web::middleware::from_fn;
use actix_web::{App, get, web};
use cors_runtime::{AppCors, cors};
use support::{authenticate, events, serve};

const APP: &str = "https://app.example";

#[cors(origins = ["https://app.example"])]
#[get("/routed")]
async fn routed() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn by_hand(_: web::Path<u8>) -> &'static str {
    ""
}

#[test]
fn at_is_not_warned_about() {
    tracing::subscriber::set_global_default(events::Events(|name| name == "message"))
        .expect("the first");
    let server = serve!(
        App::new()
            .service(routed)
            .service(by_hand::at("/by-hand/{id}"))
            .wrap(from_fn(authenticate))
            .wrap(AppCors::new())
    );
    for path in ["/routed", "/by-hand/7"] {
        assert_eq!(server.preflight(path, APP, "GET", "").status, 204, "{path}");
        for (login, status) in [("Authorization: me", 200), ("Accept: */*", 401)] {
            let headers = [&format!("Origin: {APP}"), login];
            let response = server.send(&format!("GET {path}"), &headers, "");
            assert_eq!(response.status, status, "{path}");
            assert!(
                response.header("access-control-allow-origin").is_some(),
                "{path}"
            );
        }
    }
    let warnings: Vec<_> = (events::take().into_iter())
        .filter(|event| event.starts_with("WARN"))
        .collect();
    assert_eq!(warnings, [""; 0]);
}
