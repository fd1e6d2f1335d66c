use super::shown;
use crate::violation::{Place, Rule, Violation};

pub(crate) fn forbidden_request_header(place: Place, written: &str, name: &str) -> Violation {
    let violation = Violation::new(
        Rule::ForbiddenRequestHeader,
        place,
        written,
        format!("no page can set the header `{written}`"),
        "only the browser sets it, and it never asks in a preflight whether it may",
    );
    match name {
        "cookie" | "cookie2" => violation
            .help("remove it: the browser sends cookies where the policy has `credentials`"),
        _ => violation.help("remove it"),
    }
}

pub(crate) fn response_header_in_request(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::ResponseHeaderInRequest,
        place,
        written,
        format!("`{}` is a response header", shown(written)),
        "the server responds with it, and the policy writes it; a page that sends it grants itself nothing",
    )
    .help("remove it here, and from the page's request")
}

/// `meant` are the names in it that the list accepts.
pub(crate) fn invalid_header(place: Place, written: &str, meant: &[String]) -> Violation {
    let violation = Violation::new(
        Rule::InvalidHeader,
        place,
        written,
        if written.is_empty() {
            "an empty string is not a header name".to_owned()
        } else {
            format!("`{}` is not a header name", shown(written))
        },
        "a header name is a token: letters, digits and ``!#$%&'*+-.^_`|~``",
    );
    if meant.is_empty() {
        violation.help("a name such as `\"x-request-id\"`")
    } else {
        let meant: Vec<_> = meant.iter().map(|name| format!("\"{name}\"")).collect();
        violation.help(meant.join(", "))
    }
}

pub(crate) fn duplicate_header(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::DuplicateHeader,
        place,
        written,
        format!("`{}` is listed twice", shown(written)),
        "header names are compared without regard to case, so one of the two does nothing",
    )
    .help("remove this one")
}

pub(crate) fn header_beside_wildcard(place: Place, written: &str) -> Violation {
    let why = match place {
        Place::AllowHeader(_) => {
            "`*` covers every name but `authorization`, so this one does nothing"
        }
        _ => "`*` covers every name, so this one does nothing",
    };
    Violation::new(
        Rule::DuplicateHeader,
        place,
        written,
        format!("`{}` is already covered by `\"*\"`", shown(written)),
        why,
    )
    .help("remove this one, or `\"*\"`")
}

pub(crate) fn wildcard_headers_with_credentials(place: Place) -> Violation {
    Violation::new(
        Rule::WildcardHeadersWithCredentials,
        place,
        "*",
        "`\"*\"` in `allow_headers` cannot be combined with `credentials`",
        "for a request with credentials, browsers read `*` as the name of a header, so no other header is allowed",
    )
    .help("name what the page sends: `allow_headers = [\"content-type\"]`")
}

pub(crate) fn wildcard_expose_with_credentials(place: Place) -> Violation {
    Violation::new(
        Rule::WildcardExposeWithCredentials,
        place,
        "*",
        "`\"*\"` in `expose_headers` cannot be combined with `credentials`",
        "for a request with credentials, browsers read `*` as the name of a header, so no other header is exposed",
    )
    .help("name what the page reads: `expose_headers = [\"x-total\"]`")
}

pub(crate) fn forbidden_response_header(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::ForbiddenResponseHeader,
        place,
        written,
        format!("script can never read the header `{written}`"),
        "browsers hide it from script whatever the server exposes; the cookie itself needs `credentials`, not this",
    )
    .help("remove it")
}

pub(crate) fn request_header_in_response(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::RequestHeaderInResponse,
        place,
        written,
        format!("`{}` is a request header", shown(written)),
        "only the browser sends it; no response carries it, so there is nothing to expose",
    )
    .help("remove it")
}

pub(crate) fn safelisted_request_header(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::SafelistedHeader,
        place,
        written,
        format!("`{written}` needs no permission"),
        "Fetch safelists it: browsers ask only if its value is unusual, for example longer than 128 bytes",
    )
    .help("remove it, unless the page sends such values")
}

pub(crate) fn safelisted_response_header(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::SafelistedHeader,
        place,
        written,
        format!("`{written}` is always exposed"),
        "Fetch safelists it: script reads it whatever the server exposes",
    )
    .help("remove it")
}
