//! `at` registers a handler and its preflights in one step.

use actix_web::web;
use cors_runtime::cors;

use crate::support::Server;

#[cors(origins = ["https://app.example"], methods = ["PUT"], allow_headers = ["content-type"])]
async fn at_once(name: web::Json<String>) -> String {
    name.into_inner()
}

#[cors(origins = ["https://app.example"], methods = ["GET"])]
async fn generic<T: 'static + ToString>(data: web::Data<T>) -> String {
    data.to_string()
}

/// `at` has the route and the preflights in one, so an error of the extractor is covered too, and so
/// is another method of the same path.
#[test]
fn a_handler_is_registered_in_one_step() {
    let server = Server::start(|app| {
        app.app_data(web::Data::new(7_u8));
        app.service(
            web::scope("/api")
                .service(at_once::at("/name"))
                .service(generic::at::<u8>("/name")),
        );
    });
    let origin = "Origin: https://app.example".to_owned();
    let asked = |method: &str| format!("Access-Control-Request-Method: {method}");
    let json = "Content-Type: application/json".to_owned();
    for (what, start, lines, body, status, allowed) in [
        (
            "a preflight",
            "OPTIONS /api/name",
            vec![origin.clone(), asked("PUT")],
            "",
            204,
            true,
        ),
        (
            "of the other",
            "OPTIONS /api/name",
            vec![origin.clone(), asked("GET")],
            "",
            204,
            true,
        ),
        (
            "of no method",
            "OPTIONS /api/name",
            vec![origin.clone(), asked("POST")],
            "",
            404,
            false,
        ),
        (
            "a request",
            "PUT /api/name",
            vec![origin.clone(), json.clone()],
            "\"Ada\"",
            200,
            true,
        ),
        (
            "a mistake",
            "PUT /api/name",
            vec![origin.clone(), json],
            "oops",
            400,
            true,
        ),
        (
            "generic",
            "GET /api/name",
            vec![origin.clone()],
            "",
            200,
            true,
        ),
        (
            "a stranger",
            "GET /api/name",
            vec!["Origin: https://evil.example".to_owned()],
            "",
            200,
            false,
        ),
    ] {
        let res = server.send(start, &lines, body);
        assert_eq!(res.status, status, "{what}");
        assert_eq!(
            res.header("access-control-allow-origin").is_some(),
            allowed,
            "{what}"
        );
    }
}
