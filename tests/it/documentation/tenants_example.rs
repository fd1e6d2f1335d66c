//! The example with a database, over a real socket.

#[allow(dead_code)] // its `main`
#[path = "../../../examples/tenants.rs"]
mod tenants;

use crate::support::Server;

const ADMIN: &str = "Authorization: Bearer let-me-in";

#[test]
fn a_change_to_the_table_is_seen_by_the_next_request() {
    let server = Server::start(tenants::configure);
    let ask = |origin: &str| {
        let response = server.send(
            "GET /cart",
            &[format!("Origin: {origin}"), "Cookie: cart=Emma".to_owned()],
            "",
        );
        assert_eq!(
            (response.status, response.body.as_str()),
            (200, "in the cart: Emma\n")
        );
        let allowed = response.header("access-control-allow-origin") == Some(origin);
        let credentials = response.header("access-control-allow-credentials") == Some("true");
        assert_eq!(allowed, credentials, "{origin}");
        allowed
    };
    let change = |start: &str, headers: &[&str], body: &str| {
        let response = server.send(start, headers, body);
        (response.status, response.body)
    };
    let shop = "https://records.example";
    assert!(ask("https://www.example.com"), "a literal");
    assert!(
        ask("https://books.example"),
        "a row that is there from the start"
    );
    assert!(!ask(shop) && !ask(shop), "and remembered");
    assert_eq!(change("PUT /admin/tenants/Records", &[], shop).0, 401);
    assert!(!ask(shop));
    assert_eq!(change("PUT /admin/tenants/Records", &[ADMIN], shop).0, 200);
    assert!(ask(shop));
    for (bad, rule) in [
        ("http://records.example", "insecure_origin_with_credentials"),
        ("https://records.example/", "malformed_origin"),
        ("null", "null_origin"),
        ("*", "wildcard_with_credentials"),
        ("https://*.github.io", "public_suffix_with_credentials"),
    ] {
        let (status, says) = change("PUT /admin/tenants/Bad", &[ADMIN], bad);
        assert_eq!(status, 422, "{bad}");
        assert!(says.contains(&format!("rule: {rule}")), "{bad}: {says}");
        assert!(bad == "*" || !ask(bad), "{bad}");
    }
    assert_eq!(
        change("DELETE /admin/tenants/Records", &[ADMIN], ""),
        (200, "1 removed\n".to_owned())
    );
    assert!(!ask(shop));
    let response = server.send("POST /cart/Emma", &["Origin: https://books.example"], "");
    assert!(
        response
            .header("set-cookie")
            .is_some_and(|cookie| cookie.contains("SameSite=None"))
    );
    assert_eq!(
        response.header("access-control-allow-credentials"),
        Some("true")
    );
}
