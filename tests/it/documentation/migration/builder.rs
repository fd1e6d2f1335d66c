//! The rows about the builder: every method has one, and what `actix_cors` accepts is as they say.

use actix_cors::Cors;
use actix_web::{App, web};
use cors_runtime::cors;

use super::{EVIL, ORIGIN, feed, first_cells};
use crate::support::{Server, serve};

#[test]
fn every_method_of_the_builder_has_a_row() {
    // The compiler checks that these are its methods.
    let _ = Cors::default()
        .allowed_origin("https://app.example.com")
        .allowed_origin_fn(|_, _| true)
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods(["GET"])
        .allow_any_method()
        .allowed_header("x-a")
        .allowed_headers(["x-b"])
        .allow_any_header()
        .expose_headers(["x-c"])
        .expose_any_header()
        .supports_credentials()
        .max_age(600)
        .block_on_origin_mismatch(true)
        .disable_preflight()
        .disable_vary_header();
    let _ = Cors::permissive();
    let cells = first_cells("## Line by line");
    for method in [
        "Cors::default",
        ".allowed_origin",
        ".allowed_origin_fn",
        ".allow_any_origin",
        ".send_wildcard",
        ".allowed_methods",
        ".allow_any_method",
        ".allowed_header",
        ".allowed_headers",
        ".allow_any_header",
        ".expose_headers",
        ".expose_any_header",
        ".supports_credentials",
        ".max_age",
        ".block_on_origin_mismatch",
        ".disable_preflight",
        ".disable_vary_header",
        ".allow_private_network_access", // behind a feature
        "Cors::permissive",
    ] {
        let name = format!("`{method}(");
        assert!(cells.iter().any(|cell| cell.contains(&name)), "{method}");
    }
}

/// The origin that may read `/`, and whether with credentials.
fn allowed(server: &Server, origin: &str) -> (Option<String>, bool) {
    let response = server.send("GET /", &[format!("Origin: {origin}")], "");
    let origin = response.header("access-control-allow-origin");
    let credentials = response.header("access-control-allow-credentials");
    (origin.map(str::to_owned), credentials == Some("true"))
}

macro_rules! app {
    ($cors:expr) => {
        serve!(App::new().route("/", web::get().to(feed)).wrap($cors))
    };
}

/// The compiler refuses these origins. `actix_cors` takes them, and only `null` ever matches.
#[test]
fn a_malformed_origin_is_accepted_and_never_matches() {
    for origin in [
        "https://app.example.com/",
        "https://app.example.com/app",
        "https://App.example.com",
    ] {
        let server = app!(Cors::default().allowed_origin(origin));
        assert_eq!(allowed(&server, ORIGIN), (None, false), "{origin}");
    }
    let server = app!(Cors::default().allowed_origin("null"));
    assert_eq!(allowed(&server, "null"), (Some("null".to_owned()), false));
}

#[test]
fn permissive_lets_any_site_act_for_its_visitors() {
    let server = app!(Cors::permissive());
    assert_eq!(allowed(&server, EVIL), (Some(EVIL.to_owned()), true));
}

#[test]
fn a_function_on_the_raw_text_lets_a_look_alike_in_and_a_pattern_does_not() {
    #[cors(origins = ["https://*.example.com"], methods = ["GET"])]
    async fn read() -> &'static str {
        ""
    }
    let ends_with =
        |text: &actix_web::http::header::HeaderValue| text.as_bytes().ends_with(b"example.com");
    let before = app!(Cors::default().allowed_origin_fn(move |text, _| ends_with(text)));
    let after = Server::start(|app| {
        app.service(read::at("/"));
    });
    let look_alike = "https://evilexample.com";
    assert_eq!(allowed(&before, look_alike).0.as_deref(), Some(look_alike));
    assert_eq!(allowed(&after, look_alike).0, None);
    for server in [before, after] {
        assert_eq!(allowed(&server, ORIGIN).0.as_deref(), Some(ORIGIN));
    }
}
