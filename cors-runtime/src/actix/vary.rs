//! `Vary`, as a set.
//!
//! A cache that does not know that an answer depends on `Origin` serves one origin's to another:
//! <https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches>

use actix_web::http::header::{HeaderMap, HeaderValue, VARY};

/// Adds `Origin` to the fields that an answer varies by.
///
/// The set ends up in one line, as there are caches that read only the first or the last one (nginx
/// before 1.23). Nothing stands in it twice, and `*` is left alone: it says more already.
pub(crate) fn add_origin(headers: &mut HeaderMap) {
    if !headers.contains_key(VARY) {
        headers.insert(VARY, HeaderValue::from_static("Origin"));
        return;
    }
    let mut set: Vec<&[u8]> = Vec::new();
    let elements = headers
        .get_all(VARY)
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    for element in elements
        .map(<[u8]>::trim_ascii)
        .filter(|element| !element.is_empty())
    {
        if element == b"*" {
            return;
        }
        if !set.iter().any(|other| other.eq_ignore_ascii_case(element)) {
            set.push(element);
        }
    }
    if !set
        .iter()
        .any(|element| element.eq_ignore_ascii_case(b"origin"))
    {
        set.push(b"Origin");
    }
    // Slices of header values at commas are header values, so this does not fail; if it did, the answer
    // would be marked as one that no cache may reuse.
    let line = HeaderValue::from_bytes(&set.join(b", ".as_slice()))
        .unwrap_or(HeaderValue::from_static("*"));
    headers.insert(VARY, line);
}
