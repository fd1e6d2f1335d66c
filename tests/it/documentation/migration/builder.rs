//! The page names every method of the builders that it replaces.

use actix_cors::Cors;

use super::first_cells;

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
