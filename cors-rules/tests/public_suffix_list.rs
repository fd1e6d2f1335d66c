//! The Public Suffix List as a whole: each of its rules, in the form that a host has.
//!
//! `psl` compiles the list into a look-up that goes from a name upwards. Its package has the rules
//! as a text too, and the tests read that.
//!
//! `SNAPSHOTS=overwrite cargo test -p cors-rules` rewrites `private_parents.txt`, the domains above
//! private suffixes. Review the difference, and run the tests again: they were built with the old
//! table.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use cors_rules::draft::Element;
use cors_rules::{Draft, Rule, check, is_public_suffix};
use url::Host;

/// The form of a rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    /// `co.uk`
    Suffix,
    /// `*.ck`: each name below it is a suffix. We refuse `ck` as well.
    Wildcard,
    /// `!www.ck`: not a suffix.
    Exception,
}

/// The rules of the `psl` that the tests are built with, in Punycode.
fn rules() -> BTreeSet<(String, Kind)> {
    let path = package_of_psl().join("data/rules.txt");
    let text = std::fs::read_to_string(&path).expect("the package has the rules");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let rules: BTreeSet<_> = lines.map(rule).collect();
    assert!(rules.len() > 9_000, "{}: {}", path.display(), rules.len());
    rules
}

fn rule(line: &str) -> (String, Kind) {
    let (domain, kind) = if let Some(domain) = line.strip_prefix('!') {
        (domain, Kind::Exception)
    } else if let Some(domain) = line.strip_prefix("*.") {
        (domain, Kind::Wildcard)
    } else {
        (line, Kind::Suffix)
    };
    // The URL standard makes the host of an origin, so it says what the Punycode is.
    match Host::parse(domain) {
        Ok(Host::Domain(domain)) => (domain, kind),
        other => panic!("{line}: {other:?}"),
    }
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
    let (policy, violations) = check(&draft, is_public_suffix);
    let refused = violations
        .iter()
        .any(|violation| violation.rule == Rule::PublicSuffixWithCredentials);
    assert_eq!(policy.is_none(), refused, "{pattern}: {violations:?}");
    refused
}

#[test]
fn every_rule_and_every_domain_above_it_is_refused_and_the_names_below_are_not() {
    let rules = rules();
    let mut refused = BTreeSet::new();
    let mut wildcards = BTreeSet::new();
    let mut exceptions = BTreeSet::new();
    for (domain, kind) in &rules {
        refused.extend(above(domain));
        match kind {
            Kind::Suffix => _ = refused.insert(domain),
            Kind::Wildcard => {
                refused.insert(domain);
                wildcards.insert(&**domain);
            }
            Kind::Exception => _ = exceptions.insert(&**domain),
        }
    }
    let is_expected = |domain: &str| {
        let is_wild = above(domain)
            .next()
            .is_some_and(|it| wildcards.contains(it));
        refused.contains(domain) || (is_wild && !exceptions.contains(domain))
    };
    let mut wrong = BTreeSet::new();
    let mut idn = 0;
    for domain in refused.iter().chain(&exceptions) {
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
fn the_table_of_private_parents_is_what_the_list_says() {
    let rules = rules();
    let suffixes: BTreeSet<&str> = (rules.iter())
        .filter(|(_, kind)| *kind != Kind::Exception)
        .map(|(domain, _)| &**domain)
        .collect();
    let mut parents = BTreeMap::new();
    for suffix in &suffixes {
        for parent in above(suffix).take_while(|parent| !suffixes.contains(parent)) {
            // Of several suffixes, the shortest says most.
            let best = parents.entry(parent).or_insert(*suffix);
            if (suffix.len(), *suffix) < (best.len(), *best) {
                *best = suffix;
            }
        }
    }
    let lines = parents
        .iter()
        .map(|(parent, suffix)| format!("{parent} {suffix}\n"));
    let table: String = lines.collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/private_parents.txt");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &table).expect("a writable checkout");
    }
    let expected = std::fs::read_to_string(&path).expect("a table");
    let difference = table
        .lines()
        .zip(expected.lines())
        .find(|(ours, theirs)| ours != theirs);
    assert!(table == expected, "{}: {difference:?}", path.display());
}
