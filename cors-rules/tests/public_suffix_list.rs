//! The Public Suffix List as a whole: each of its rules, in the form that a host has.
//!
//! `psl` compiles the list into code, and its package has the rules as a text too.
//!
//! `SNAPSHOTS=overwrite cargo test -p cors-rules` rewrites `public_suffixes.txt`. Review the
//! difference, and run the tests again: they were built with the old table.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use cors_rules::draft::Element;
use cors_rules::{Draft, Rule, check};
use url::Host;

/// The rules of the `psl` that the tests are built with: domains in Punycode, with a `*.` or a `!`
/// before some of them.
fn rules() -> BTreeSet<String> {
    let path = package_of_psl().join("data/rules.txt");
    let text = std::fs::read_to_string(&path).expect("the package has the rules");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let rules: BTreeSet<_> = lines.map(rule).collect();
    assert!(rules.len() > 9_000, "{}: {}", path.display(), rules.len());
    rules
}

fn rule(line: &str) -> String {
    let domain = domain(line);
    let mark = &line[..line.len() - domain.len()];
    // The URL standard makes the host of an origin, so it says what the Punycode is.
    match Host::parse(domain) {
        Ok(Host::Domain(domain)) => format!("{mark}{domain}"),
        other => panic!("{line}: {other:?}"),
    }
}

/// The domain of a rule.
fn domain(rule: &str) -> &str {
    rule.trim_start_matches(['!', '*', '.'])
}

/// The folder of the package, which Cargo knows.
fn package_of_psl() -> PathBuf {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        let command = command
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = command.output().expect("Cargo runs");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    // For other platforms it would download packages that nothing here needs.
    let filter = ["--filter-platform", host.expect("a host")];
    let metadata = cargo(&[&["metadata", "--format-version=1"], &filter[..]].concat());
    let (_, psl) = (metadata.split_once(r#"{"name":"psl","version":"#)).expect("a package");
    let (_, path) = (psl.split_once(r#""manifest_path":""#)).expect("a manifest");
    let (path, _) = path.split_once('"').expect("a string");
    Path::new(&path.replace(r"\\", r"\")).with_file_name("")
}

/// The domains above `domain`, from below.
fn above(domain: &str) -> impl Iterator<Item = &str> {
    domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..])
}

/// True if a pattern for all names below `domain` is refused with `credentials`.
fn is_refused(domain: &str) -> bool {
    let pattern = format!("https://*.{domain}");
    let draft = Draft {
        origins: Some(vec![Element::Text(&pattern)]),
        credentials: true,
        ..Draft::default()
    };
    let (policy, violations) = check(&draft);
    let refused = violations
        .iter()
        .any(|violation| violation.rule == Rule::PublicSuffixWithCredentials);
    assert_eq!(policy.is_none(), refused, "{pattern}: {violations:?}");
    refused
}

/// True if the list has `domain`, says `psl`.
fn is_listed(domain: &str) -> bool {
    psl::suffix(domain.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix == domain.as_bytes())
}

#[test]
fn every_rule_and_every_domain_above_it_is_refused_and_the_names_below_are_not() {
    let rules = rules();
    let mut parents = BTreeSet::new();
    let mut domains = BTreeSet::new();
    for rule in &rules {
        let domain = domain(rule);
        parents.extend(above(domain));
        domains.insert(domain);
    }
    // Of `*.ck`, `psl` has what is below `ck`. We refuse `ck` as well.
    let is_expected = |domain: &str| {
        parents.contains(domain) || is_listed(domain) || is_listed(&format!("any-label.{domain}"))
    };
    let mut wrong = BTreeSet::new();
    let mut idn = 0;
    for domain in domains.union(&parents) {
        idn += usize::from(domain.contains("xn--"));
        let below = ["any-label.", "two.any-label.", "three.two.any-label."];
        for name in [""].iter().chain(&below) {
            for dot in ["", "."] {
                let name = format!("{name}{domain}");
                if is_refused(&format!("{name}{dot}")) != is_expected(&name) {
                    wrong.insert(format!("{name}{dot}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(idn > 400, "{idn}");
}

#[test]
fn the_table_is_what_the_list_says() {
    let reversed = |rule: &String| rule.rsplit('.').collect::<Vec<_>>().join(".");
    let lines: BTreeSet<_> = rules().iter().map(reversed).collect();
    let table = Vec::from_iter(lines).join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/public_suffixes.txt");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &table).expect("a writable checkout");
    }
    let expected = std::fs::read_to_string(&path).expect("a table");
    let (ours, theirs) = (table.lines(), expected.lines());
    let difference = ours.zip(theirs).find(|(ours, theirs)| ours != theirs);
    assert!(table == expected, "{}: {difference:?}", path.display());
}
