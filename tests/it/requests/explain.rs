//! `Policy::explain` describes the decision on a request.

use actix_web::{get, put};
use cors_runtime::{Origin, OriginSource, SourceError, Target, cors};

#[cors(origins = ["https://app.example.com"], credentials, allow_headers = ["content-type"], enforce)]
#[put("/enforced")]
async fn enforced() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/right")]
async fn right() -> &'static str {
    ""
}

#[cors(origins = ["https://app.example.com"])]
#[get("/public")]
async fn public() -> &'static str {
    ""
}

/// Fails, and would not if it were asked about a host or a path: a policy alone has none.
struct Down;

impl OriginSource for Down {
    fn allows(&self, _: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        if target.host().is_some() || !target.path().is_empty() {
            return Ok(true);
        }
        Err("it is down".into())
    }
}

static DOWN: Down = Down;

#[cors(origins = [DOWN])]
#[get("/failing")]
async fn failing() -> &'static str {
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
            "browsers write it in upper case",
            "post",
            "https://app.example.com",
            &[],
            "`POST` from `https://app.example.com`\n\
             - The browser sends it without a preflight.\n\
             - The origin is allowed.\n\
             Allowed: the handler runs, and script may read the response, with cookies if the page asks for it.\n",
        ),
        (
            "browsers leave it in lower case",
            "patch",
            "https://app.example.com",
            &[],
            "`patch` from `https://app.example.com`\n\
             - The browser asks in a preflight first: the method `patch` is not safelisted.\n\
             - The origin is allowed.\n\
             - No handler has the method `patch`; the page must write `PATCH`: methods are case-sensitive.\n\
             Refused: the preflight fails, and the browser does not send the request.\n",
        ),
        (
            "a look-alike",
            "PUT",
            "https://app.example.com.evil.com",
            &[],
            "`PUT` from `https://app.example.com.evil.com`\n\
             - The browser asks in a preflight first: the method `PUT` is not safelisted.\n\
             - The origin is not allowed, a look-alike of `https://app.example.com`, which is listed.\n\
             Refused: the preflight fails, and the browser does not send the request.\n",
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
    let without_cookies = public::POLICY.explain("GET", "https://app.example.com", &[]);
    let end = "Allowed: the handler runs, and script may read the response.\n";
    assert!(without_cookies.ends_with(end), "{without_cookies}");
    let failed = failing::POLICY.explain("GET", "https://partner.example", &[]);
    let end = "- A source of origins failed, so the origin is not allowed.\n\
               Unreadable: the handler runs, and the page cannot read its response.\n";
    assert!(failed.ends_with(end), "{failed}");
    let other = right::POLICY.explain("GET", "https://partner.example", &[]);
    let end = "- The origin is not allowed; add `\"https://partner.example\"` to `origins`, if you trust it.\n\
               Unreadable: the handler runs, and the page cannot read its response.\n";
    assert!(other.ends_with(end), "{other}");
}
