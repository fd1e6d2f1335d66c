//! The [Public Suffix List](https://publicsuffix.org): domains below which strangers get names.

use std::collections::HashMap;
use std::sync::LazyLock;

use psl::Psl;

/// True if strangers get names below `domain`: it is on the list, in its ICANN or its private part,
/// or names below it are.
///
/// A top-level domain that the list does not know is not a public suffix. The default rule of the
/// list, `*`, would make every internal name one.
///
/// The list is much code. It is compiled where this function is called and nowhere else, so a
/// program that fills no list at run time neither waits for it nor contains it.
#[inline]
pub fn is_public_suffix(domain: &str) -> bool {
    // The list has `*.ck`, and does not have `ck`.
    is_listed(domain)
        || is_listed(&format!("any-label.{domain}"))
        || private_suffix_below(domain).is_some()
}

#[inline]
fn is_listed(domain: &str) -> bool {
    let mut labels = domain.as_bytes().rsplit(|byte| *byte == b'.');
    // The list is code, generated anew for each type of iterator. This type compiles fastest.
    let labels: &mut dyn Iterator<Item = &[u8]> = &mut labels;
    let found = psl::List.find(labels);
    found.typ.is_some() && found.len == domain.len()
}

/// A public suffix below `domain`, if `domain` is not one itself: `s3.amazonaws.com` for
/// `amazonaws.com`.
///
/// `psl` cannot tell: it searches from a name upwards. So `tests/public_suffix_list.rs` extracts
/// these domains from the rules that `psl` ships. Like every host, they are in Punycode.
pub(crate) fn private_suffix_below(domain: &str) -> Option<&'static str> {
    // A macro's own code is compiled without optimization, so the text is read once, and not for
    // each pattern.
    static SUFFIXES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let parents = include_str!("private_parents.txt").lines();
        parents.filter_map(|line| line.split_once(' ')).collect()
    });
    SUFFIXES.get(domain).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below_which_strangers_get_names_are_public_suffixes() {
        for suffix in [
            "com",
            "co.uk",
            "github.io",
            "vercel.app",
            "ck",
            "any.ck",
            "xn--p1ai",
            "amazonaws.com",
            "core.windows.net",
            "windows.net",
            "xn--mre-og-romsdal-qqb.no",
            "xn--stfold-9xa.no",
        ] {
            assert!(is_public_suffix(suffix), "{suffix}");
        }
        for name in [
            "example.com",
            "example.co.uk",
            "name.github.io",
            "www.ck",
            "internal",
            "corp.internal",
            "localhost",
        ] {
            assert!(!is_public_suffix(name), "{name}");
        }
    }

    /// The table says what the list says.
    #[test]
    fn each_private_parent_is_above_a_suffix_and_is_none_itself() {
        let mut count = 0;
        for line in include_str!("private_parents.txt").lines() {
            assert!(line.is_ascii(), "{line}: a host is in Punycode");
            let (parent, suffix) = line.split_once(' ').expect("two domains");
            let is_suffix = |domain: &str| is_listed(domain) || is_listed(&format!("any.{domain}"));
            assert!(is_suffix(suffix), "{suffix} is not on the list");
            assert!(!is_listed(parent), "{parent} is on the list itself");
            assert!(suffix.ends_with(&format!(".{parent}")), "{line}");
            assert_eq!(private_suffix_below(parent), Some(suffix), "{parent}");
            count += 1;
        }
        assert!(count > 400, "{count}");
    }
}
