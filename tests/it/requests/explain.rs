//! What `Policy::explain` says of a request.

use actix_web::put;
use cors_runtime::cors;

#[cors(origins = ["https://app.example.com"], credentials, allow_headers = ["content-type"], enforce)]
#[put("/enforced")]
async fn enforced() -> &'static str {
    ""
}

#[test]
fn a_policy_explains_itself_in_a_test() {
    for (what, method, origin, headers, expected) in [
        (
            "everything is allowed",
            "PUT",
            "https://app.example.com",
            &["Content-Type"][..],
            "`PUT` from `https://app.example.com` with `Content-Type`\n\
             - The browser asks in a preflight first: the method `PUT` is not safelisted, and it may set `Content-Type` only if it is allowed to.\n\
             - The origin is allowed.\n\
             Allowed: the handler runs, and script may read the response, with cookies if the page asks for it.\n",
        ),
        (
            "a header is missing",
            "GET",
            "https://app.example.com",
            &["x-token", "accept"],
            "`GET` from `https://app.example.com` with `x-token`, `accept`\n\
             - The browser asks in a preflight first: it may set `x-token` only if it is allowed to.\n\
             - The origin is allowed.\n\
             - `x-token` is not allowed. Write `allow_headers = [\"content-type\", \"x-token\"]`.\n\
             Refused: the preflight fails, and the browser does not send the request.\n",
        ),
    ] {
        let found = enforced::POLICY.explain(method, origin, headers);
        assert_eq!(found, expected, "{what}");
    }
    let insecure = enforced::POLICY.explain("GET", "http://app.example.com", &[]);
    assert!(
        insecure.contains("is not secure, and would use `credentials`"),
        "{insecure}"
    );
    let end = "Refused: the response is 403, and the handler does not run.\n";
    assert!(insecure.ends_with(end), "{insecure}");
}
