//! The most that any browser engine, past or present, takes the response to a preflight for.

use cors_runtime::decision::{Field, Request};
use cors_runtime::response::{Response, Value};

/// True if an engine may send the request after this response to its preflight.
///
/// It is laxer than Fetch: `*` covers `authorization` and requests with credentials, and methods
/// are compared without regard to case.
pub(crate) fn lets_through<R: Request>(response: &Response, preflight: &R) -> bool {
    let list = |name: &str| -> Vec<Vec<u8>> {
        let diagnosis = (response.diagnosis.iter()).filter(|(field, _)| field.name() == name);
        let mut listed: Vec<_> = diagnosis
            .flat_map(|(_, text)| names(text.as_bytes()))
            .collect();
        response.headers.for_each_field(|field, value| match value {
            _ if field.name() != name => {}
            Value::Text(text) => listed.extend(names(text.as_bytes())),
            Value::Echo(field) => listed.extend(preflight.lines(field).flat_map(names)),
        });
        listed
    };
    let is_listed = |list: &[Vec<u8>], name: &[u8]| {
        let matches = |listed: &Vec<u8>| listed == b"*" || listed.eq_ignore_ascii_case(name);
        list.iter().any(matches)
    };
    let (methods, headers) = (
        list("access-control-allow-methods"),
        list("access-control-allow-headers"),
    );
    let mut method = preflight.lines(Field::AccessControlRequestMethod);
    let method = method.next().unwrap_or_default();
    let needs_no_permission =
        ["GET", "HEAD", "POST"].map(|it| method.eq_ignore_ascii_case(it.as_bytes()));
    (200..300).contains(&response.status)
        && !list("access-control-allow-origin").is_empty()
        && (needs_no_permission.contains(&true) || is_listed(&methods, method))
        && (preflight.lines(Field::AccessControlRequestHeaders))
            .flat_map(names)
            .all(|name| is_listed(&headers, &name))
}

/// The elements of a list.
fn names(line: &[u8]) -> Vec<Vec<u8>> {
    let names = line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let names = names.filter(|name| !name.is_empty());
    names.map(<[u8]>::to_vec).collect()
}
