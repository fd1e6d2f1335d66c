//! The example with a database, over a real socket.

#[allow(dead_code)] // its `main`
#[path = "../../../examples/tenants.rs"]
mod tenants;

use crate::support::Server;

const ADMIN: &str = "Authorization: Bearer let-me-in";

#[test]
fn a_change_to_the_table_is_seen_by_the_next_request() {
    let server = Server::start(tenants::configure);
    // The tenant in the response, if it can be read.
    let ask_at = |path: &str, origin: &str| {
        let response = server.send(
            &format!("GET {path}"),
            &[format!("Origin: {origin}"), "Cookie: cart=Emma".to_owned()],
            "",
        );
        let tenant = response.body.strip_prefix("in the cart of ");
        let tenant = tenant.and_then(|rest| rest.strip_suffix(": Emma\n"));
        assert_eq!((response.status, tenant.is_some()), (200, true), "{path}");
        let allowed = response.header("access-control-allow-origin") == Some(origin);
        let credentials = response.header("access-control-allow-credentials") == Some("true");
        assert_eq!(allowed, credentials, "{origin}");
        let preflight = server.preflight(path, origin, "GET", "");
        assert_eq!(preflight.status == 204, allowed, "{path} {origin}");
        tenant.filter(|_| allowed).map(str::to_owned)
    };
    let ask = |tenant: &str, origin: &str| {
        let read = ask_at(&format!("/t/{tenant}/cart"), origin);
        assert!(read.as_ref().is_none_or(|read| read == tenant), "{read:?}");
        read.is_some()
    };
    let change = |start: &str, headers: &[&str], body: &str| {
        let response = server.send(start, headers, body);
        (response.status, response.body)
    };
    let (books, shop) = ("https://books.example", "https://records.example");
    assert!(ask("books", "https://www.example.com"), "a literal");
    assert!(ask("books", books), "a row that is there from the start");
    assert!(
        !ask("records", shop) && !ask("records", shop),
        "and remembered"
    );
    assert_eq!(change("PUT /admin/tenants/records", &[], shop).0, 401);
    assert!(!ask("records", shop));
    assert_eq!(change("PUT /admin/tenants/records", &[ADMIN], shop).0, 200);
    assert!(ask("records", shop));
    for (tenant, origin) in [("books", shop), ("records", books), ("other", shop)] {
        assert!(!ask(tenant, origin), "{origin} reads what {tenant} has");
    }
    for path in [
        "/t/b%6Foks/cart",
        "/t/books%2F/cart",
        "/t/BOOKS/cart",
        "/%74/books/cart",
        "/t/books%20/cart",
        "/t/%62ooks/cart",
    ] {
        assert_eq!(ask_at(path, books), None, "{path}");
    }
    for (bad, rule) in [
        ("http://records.example", "insecure_origin_with_credentials"),
        ("https://records.example/", "malformed_origin"),
        ("null", "null_origin"),
        ("*", "wildcard_with_credentials"),
        ("https://*.github.io", "public_suffix_with_credentials"),
    ] {
        let (status, says) = change("PUT /admin/tenants/bad", &[ADMIN], bad);
        assert_eq!(status, 422, "{bad}");
        assert!(says.contains(&format!("rule: {rule}")), "{bad}: {says}");
        assert!(bad == "*" || !ask("bad", bad), "{bad}");
    }
    for name in ["%2562ooks", "b%C3%BCcher", "books%2F..", "a%20b", ".."] {
        let (status, says) = change(&format!("PUT /admin/tenants/{name}"), &[ADMIN], shop);
        assert_eq!(status, 422, "{name}: {says}");
    }
    assert_eq!(
        change("DELETE /admin/tenants/records", &[ADMIN], ""),
        (200, "1 removed\n".to_owned())
    );
    assert!(!ask("records", shop));
    let response = server.send("POST /t/books/cart/Emma", &[format!("Origin: {books}")], "");
    assert!(
        response
            .header("set-cookie")
            .is_some_and(|cookie| cookie.contains("SameSite=None"))
    );
    assert_eq!(
        response.header("access-control-allow-credentials"),
        Some("true")
    );
    for path in [
        "/t/books/cart/a;%20Domain=example",
        "/t/books;%20Secure/cart/a",
    ] {
        let response = server.send(&format!("POST {path}"), &[format!("Origin: {books}")], "");
        assert_eq!(
            (response.status, response.header("set-cookie")),
            (404, None),
            "{path}"
        );
    }
}
