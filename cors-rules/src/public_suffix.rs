//! The [Public Suffix List](https://publicsuffix.org): domains below which anyone can register a name.

use psl::Psl;

/// Whether anyone can register a name below `domain`: it is on the list, ICANN's or the private part of it,
/// or all the names below it are.
///
/// A top-level domain that the list does not know is none: the list's default rule `*` would make
/// every internal name one.
pub(crate) fn is_public_suffix(domain: &str) -> bool {
    // The list has `*.ck`, and does not have `ck`.
    is_listed(domain) || is_listed(&format!("any-label.{domain}"))
}

fn is_listed(domain: &str) -> bool {
    psl::List
        .suffix(domain.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::is_public_suffix;

    #[test]
    fn names_that_anyone_can_have_a_name_below_are_public_suffixes() {
        for suffix in [
            "com",
            "co.uk",
            "github.io",
            "vercel.app",
            "ck",
            "any.ck",
            "xn--p1ai",
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
}
