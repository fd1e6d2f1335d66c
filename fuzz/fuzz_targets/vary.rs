//! `Vary` as a set: what was in it stays, `Origin` is in it, and nothing is in it twice; or it is
//! `*`.
//!
//! Each line of the input is the value of one header.

#![no_main]

use cors_runtime::response::merge_vary;
use libfuzzer_sys::fuzz_target;

fn names(line: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let names = line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    names
        .filter(|name| !name.is_empty())
        .map(<[u8]>::to_ascii_lowercase)
}

fuzz_target!(|input: &[u8]| {
    let lines: Vec<_> = input.split(|byte| *byte == b'\n').collect();
    let merged = merge_vary(lines.iter().copied(), "Origin");
    if lines.iter().any(|line| *line == b"*") {
        assert_eq!(merged, None);
        return;
    }
    let merged = merged.expect("no line is `*`");
    let before: Vec<_> = lines.iter().flat_map(|line| names(line)).collect();
    if before.iter().any(|name| name == b"*") {
        assert_eq!(merged, b"*");
        return;
    }
    let mut expected = Vec::new();
    for name in before.into_iter().chain([b"origin".to_vec()]) {
        if !expected.contains(&name) {
            expected.push(name);
        }
    }
    assert!(names(&merged).eq(expected));
    let again = merge_vary([&*merged].into_iter(), "Origin");
    assert_eq!(again.as_deref(), Some(&*merged));
});
