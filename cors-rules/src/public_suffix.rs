//! The [Public Suffix List](https://publicsuffix.org): domains below which strangers get names.

use std::sync::LazyLock;

/// The rules of the list, in their order. Each domain is in Punycode, like every host, and its
/// labels are reversed: names below a domain follow it.
///
/// `tests/public_suffix_list.rs` writes this table, and compares it with `psl`. As code, which
/// `psl` makes of the list, it would take longer to compile than all else in these crates. The
/// list, and so the table, is under MPL-2.0: see `LICENSE-MPL-2.0`.
static RULES: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("public_suffixes.txt").lines().collect());

/// The public suffix at `domain` or below it: `github.io` for itself, and `s3.amazonaws.com` for
/// `amazonaws.com`. `None` if strangers get no names below `domain`.
///
/// The list has an ICANN and a private part, and both count. A top-level domain that the list does
/// not know is not a public suffix. The default rule of the list, `*`, would make every internal
/// name one.
pub(crate) fn public_suffix(domain: &str) -> Option<String> {
    let reversed = reversed(domain);
    if is_suffix(&reversed) {
        return Some(domain.to_owned());
    }
    let below = format!("{reversed}.");
    let rules = rules_from(&below)
        .iter()
        .take_while(|rule| rule.starts_with(&below));
    // The list has `*.ck`, and does not have `ck`.
    let suffixes = rules.map(|rule| rule.strip_suffix(".*").unwrap_or(rule));
    // Of several, the shortest says most.
    suffixes
        .min_by_key(|suffix| suffix.len())
        .map(self::reversed)
}

fn is_suffix(reversed: &str) -> bool {
    let Some((parent, label)) = reversed.rsplit_once('.') else {
        return is_rule(reversed);
    };
    let is_exception = || is_rule(&format!("{parent}.!{label}"));
    is_rule(reversed) || is_rule(&format!("{parent}.*")) && !is_exception()
}

fn is_rule(line: &str) -> bool {
    rules_from(line).first() == Some(&line)
}

/// The rules from where `line` is, or would be.
fn rules_from(line: &str) -> &'static [&'static str] {
    let at = RULES.partition_point(|rule| *rule < line);
    &RULES[at..]
}

fn reversed(domain: &str) -> String {
    let labels: Vec<_> = domain.rsplit('.').collect();
    labels.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below_which_strangers_get_names_are_public_suffixes() {
        for (domain, suffix) in [
            ("com", "com"),
            ("co.uk", "co.uk"),
            ("github.io", "github.io"),
            ("vercel.app", "vercel.app"),
            ("ck", "ck"),
            ("any.ck", "any.ck"),
            ("xn--p1ai", "xn--p1ai"),
            ("amazonaws.com", "s3.amazonaws.com"),
            ("core.windows.net", "web.core.windows.net"),
            ("windows.net", "web.core.windows.net"),
            (
                "xn--mre-og-romsdal-qqb.no",
                "sande.xn--mre-og-romsdal-qqb.no",
            ),
            ("xn--stfold-9xa.no", "xn--vler-qoa.xn--stfold-9xa.no"),
        ] {
            assert_eq!(public_suffix(domain).as_deref(), Some(suffix), "{domain}");
        }
        for name in [
            "example.com",
            "example.co.uk",
            "name.github.io",
            "www.ck",
            "internal",
            "corp.internal",
            "localhost",
            // It would be before the first line, or after the last.
            "0",
            "zzzz",
            "",
        ] {
            assert_eq!(public_suffix(name), None, "{name}");
        }
    }
}
