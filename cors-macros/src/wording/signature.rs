use cors_rules::{Rule, Violation};

use super::violation;

pub(crate) fn json_without_content_type(parameter: &str) -> Violation {
    violation(
        Rule::JsonWithoutContentType,
        parameter,
        format!("`{parameter}` needs `content-type`, which is not allowed"),
        "before it sends `application/json`, a browser asks in a preflight, and every such preflight is refused",
    )
    .help("`allow_headers = [\"content-type\"]`")
}

pub(crate) fn bearer_without_authorization(parameter: &str) -> Violation {
    violation(
        Rule::BearerWithoutAuthorization,
        parameter,
        format!("`{parameter}` needs `authorization`, which is not allowed"),
        "a browser asks in a preflight before script may send it, and every such preflight is refused; `\"*\"` does not cover it",
    )
    .help("`allow_headers = [\"authorization\"]`")
}

pub(crate) fn session_without_credentials(parameter: &str) -> Violation {
    violation(
        Rule::SessionWithoutCredentials,
        parameter,
        format!("`{parameter}` lives in a cookie, and the policy has no `credentials`"),
        "script on another origin can neither read a response to a request with cookies, nor store a cookie from one without",
    )
    .help("`credentials`, with the origins listed one by one")
}
