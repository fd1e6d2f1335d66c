//! `SECURITY.md` names tests that exist.

use std::path::Path;

#[test]
fn each_promise_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| {
        std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let page = read("SECURITY.md");
    let (_, chapter) = page
        .split_once("## What this crate promises\n")
        .expect("promises");
    let (chapter, _) = chapter.split_once("\n## ").expect("another chapter");
    let (promises, table) = chapter
        .split_once("\n| promise | tests |\n")
        .expect("a table");

    let rows: Vec<(&str, Vec<&str>)> = (table.lines().skip(1))
        .filter_map(|line| {
            line.strip_prefix("| ")?
                .strip_suffix(" |")?
                .split_once(" | ")
        })
        .map(|(promise, tests)| (promise, tests.split(", ").collect()))
        .collect();
    for (promise, tests) in &rows {
        for test in tests {
            let test = test.trim_matches('`');
            let (path, name) = test.split_once("::").expect(test);
            let is_there = read(path).contains(&format!("fn {name}("));
            assert!(is_there, "{promise}: {test} does not exist");
        }
    }
    let mut count = 0;
    for item in promises.split("\n- **").skip(1) {
        let (promise, _) = item.split_once("**").expect("a promise in bold");
        let promise = promise.replace("\n  ", " ");
        let promise = promise.trim_end_matches('.');
        let has_tests = rows.iter().any(|(other, _)| *other == promise);
        assert!(has_tests, "{promise}: no tests");
        count += 1;
    }
    assert!(count > 10, "{count}");
}
