//! The messages of the compiler. Each rule has a case, whose message is the assertion. All cases
//! here fail to compile: trybuild checks them in one run of Cargo. The cases that compile are in
//! `tests/it/attribute/accepted`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cors_rules::{Rule, Severity};

#[test]
fn the_compiler_refuses_with_these_words() {
    let cases = trybuild::TestCases::new();
    for folder in folders() {
        cases.compile_fail(format!("tests/ui/{folder}/*.rs"));
    }
}

#[test]
fn every_rule_has_a_case_that_is_named_after_it_and_names_it() {
    let mut named = BTreeSet::new();
    for folder in folders() {
        for entry in fs::read_dir(Path::new("tests/ui").join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let stem = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a name")
                .to_owned();
            if path
                .extension()
                .is_some_and(|extension| extension == "stderr")
            {
                let message = fs::read_to_string(&path).expect("a message");
                if message.contains(&format!("= rule: {stem}")) {
                    named.insert(stem);
                }
            }
        }
    }
    let missing: Vec<_> = (Rule::ALL.iter().map(|rule| rule.name()))
        .filter(|rule| !named.contains(*rule))
        .collect();
    // Only a build without debug assertions warns of it: see `builds.rs`.
    assert_eq!(missing, ["loopback_origin_in_release"]);
}

#[test]
fn errors_are_errors_and_warnings_are_warnings() {
    for rule in Rule::ALL {
        let is_warning = Path::new("tests/ui/warnings")
            .join(format!("{rule}.rs"))
            .exists();
        let expected =
            rule.severity() == Severity::Warning && *rule != Rule::LoopbackOriginInRelease;
        assert_eq!(is_warning, expected, "{rule}");
    }
}

#[test]
fn every_rule_has_a_section_with_what_is_prohibited_and_what_is_permitted() {
    let page = fs::read_to_string("cors-runtime/src/docs/rules.md").expect("the page of rules");
    for rule in Rule::ALL {
        let heading = format!("\n## `{rule}`\n");
        let (_, section) = page
            .split_once(&heading)
            .unwrap_or_else(|| panic!("no section on {rule}"));
        let section = section.split("\n## ").next().unwrap_or(section);
        // Every other fence opens a block: the text after it says how the block is tested.
        let samples: Vec<_> = section
            .lines()
            .filter_map(|line| line.strip_prefix("```"))
            .step_by(2)
            .collect();
        // A doctest is not built as a release, so it cannot show what is prohibited there.
        let prohibited =
            samples.contains(&"compile_fail") || *rule == Rule::LoopbackOriginInRelease;
        assert!(prohibited, "{rule}: nothing prohibited");
        assert!(samples.contains(&""), "{rule}: nothing permitted");
    }
}

#[test]
fn the_readme_shows_what_the_compiler_says() {
    let message = fs::read_to_string("tests/ui/together/readme.stderr").expect("a message");
    let readme = fs::read_to_string("README.md").expect("the README");
    let shown = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a message");
    assert_eq!(
        shown,
        message.replace("tests/ui/together/readme.rs", "src/main.rs")
    );
}

/// The causes.
fn folders() -> Vec<String> {
    let entries = fs::read_dir("tests/ui").expect("the folder of cases");
    let names = entries.map(|entry| {
        entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("UTF-8")
    });
    names.filter(|name| name != "wip").collect()
}
