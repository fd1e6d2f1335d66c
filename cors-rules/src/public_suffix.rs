//! The [Public Suffix List](https://publicsuffix.org): domains below which anyone can register a name.

use psl::Psl;

/// Whether anyone can register a name below `domain`: it is on the list, ICANN's or the private part of it,
/// or all the names below it are.
///
/// A top-level domain that the list does not know is none: the list's default rule `*` would make
/// every internal name one.
///
/// The list is much code. It is compiled where this is called and nowhere else, so that a program without lists that are
/// filled at run time neither waits for it nor contains it.
#[inline]
pub fn is_public_suffix(domain: &str) -> bool {
    // The list has `*.ck`, and does not have `ck`.
    is_listed(domain) || is_listed(&format!("any-label.{domain}"))
}

#[inline]
fn is_listed(domain: &str) -> bool {
    let mut labels = domain.as_bytes().rsplit(|byte| *byte == b'.');
    // The list is code, made anew for each type of iterator: for this one, it takes the least time to compile.
    let labels: &mut dyn Iterator<Item = &[u8]> = &mut labels;
    let found = psl::List.find(labels);
    found.typ.is_some() && found.len == domain.len()
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
