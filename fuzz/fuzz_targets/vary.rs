//! `Vary` as a set: what was in it stays, `Origin` is in it, and nothing is in it twice; or it is `*`.

#![no_main]

#[path = "../../cors-runtime/src/actix/vary.rs"]
mod vary;

use actix_web::http::header::{HeaderMap, HeaderValue, VARY};
use libfuzzer_sys::fuzz_target;

fn elements(headers: &HeaderMap) -> Vec<String> {
    let mut elements = Vec::new();
    for line in headers.get_all(VARY) {
        for name in line.as_bytes().split(|byte| *byte == b',') {
            let name = name
                .trim_ascii()
                .to_ascii_lowercase()
                .escape_ascii()
                .to_string();
            if !name.is_empty() {
                elements.push(name);
            }
        }
    }
    elements
}

fuzz_target!(|lines: Vec<&[u8]>| {
    let mut headers = HeaderMap::new();
    for line in lines {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(VARY, value);
        }
    }
    let before = elements(&headers);
    let lines: Vec<_> = headers.get_all(VARY).cloned().collect();
    vary::add_origin(&mut headers);
    if lines.iter().any(|line| line == "*") {
        assert!(headers.get_all(VARY).eq(lines.iter()));
        return;
    }
    if before.iter().any(|name| name == "*") {
        assert!(headers.get_all(VARY).eq(["*"].iter()));
        return;
    }
    assert_eq!(headers.get_all(VARY).count(), 1);
    let mut expected = Vec::new();
    for name in before.into_iter().chain(["origin".to_owned()]) {
        if !expected.contains(&name) {
            expected.push(name);
        }
    }
    assert_eq!(elements(&headers), expected);
    let once = headers.get(VARY).cloned();
    vary::add_origin(&mut headers);
    assert_eq!(headers.get(VARY), once.as_ref());
});
