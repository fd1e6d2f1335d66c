//! A handler that calls another app, which has an `AppCors` of its own.

use std::sync::PoisonError;

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, try_call_service};
use actix_web::{App, get};
use cors_runtime::{AppCors, cors};

use super::{ALONE, APP, OTHER, my_other};
use crate::support::{authenticate, init_service, serve};

/// The response of an app inside: its status, and who may read it.
async fn ask_inside(req: TestRequest) -> String {
    let inside = App::new()
        .service(my_other)
        .wrap(from_fn(authenticate))
        .wrap(AppCors::new());
    let inside = init_service(inside).await;
    let req = req.uri("/me").to_request();
    let res = try_call_service(&inside, req).await;
    let res = res.map_or_else(
        |error| error.error_response().map_into_boxed_body(),
        |res| res.into_parts().1,
    );
    let value = |name| {
        res.headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let origin = value(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    format!("{} {origin:?} {:?};", res.status(), value(header::VARY))
}

#[cors(origins = ["https://app.example"], credentials)]
#[get("/outside")]
async fn outside() -> String {
    ask_all_inside().await
}

/// It decides and runs in one go.
#[cors(origins = ["https://app.example"], credentials, methods = ["GET"])]
async fn outside_by_hand() -> String {
    ask_all_inside().await
}

async fn ask_all_inside() -> String {
    let mut said = String::new();
    for req in [
        TestRequest::get(),
        TestRequest::get().insert_header(("authorization", "x")),
        TestRequest::get().insert_header(("origin", OTHER)),
        TestRequest::get().insert_header(("origin", APP)),
        TestRequest::get()
            .insert_header(("origin", OTHER))
            .insert_header(("authorization", "x")),
    ] {
        said += &ask_inside(req).await;
    }
    said
}

#[test]
fn an_app_inside_a_handler_has_its_own_headers() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let server = serve!(
        App::new()
            .service(outside)
            .service(outside_by_hand::at("/by-hand"))
            .wrap(AppCors::new())
    );
    let from_app = vec![format!("Origin: {APP}")];
    for (path, lines) in [
        ("/outside", vec![]),
        ("/outside", from_app.clone()),
        ("/by-hand", vec![]),
        ("/by-hand", from_app),
    ] {
        let res = server.send(&format!("GET {path}"), &lines, "");
        let said: Vec<_> = res.body.split_terminator(';').collect();
        assert_eq!(
            said,
            [
                r#"401 Unauthorized None Some("Origin")"#,
                r#"200 OK None Some("Origin")"#,
                r#"401 Unauthorized Some("https://other.example") Some("Origin")"#,
                r#"401 Unauthorized None Some("Origin")"#,
                r#"200 OK Some("https://other.example") Some("Origin")"#,
            ]
        );
        let mut cors = vec!["vary: origin".to_owned()];
        if !lines.is_empty() {
            let granted = [
                "access-control-allow-credentials: true".to_owned(),
                format!("access-control-allow-origin: {APP}"),
            ];
            cors.splice(0..0, granted);
        }
        assert_eq!(res.cors(), cors);
    }
}
