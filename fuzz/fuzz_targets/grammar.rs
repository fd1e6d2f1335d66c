//! The grammar of origins against the `url` crate; patterns and corrections against the grammar.

#![no_main]

mod by_url;

use cors_rules::draft::Element;
use cors_rules::{Draft, Origin, Pattern, Rule, check, correct_origin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = Origin::parse(text);
    let by_url = by_url::is_origin(text);
    // The parser takes Punycode apart. Requests skip that, and a list does not.
    assert!(parsed.is_ok() == by_url || text.contains("xn--") && parsed.is_ok());
    if !text.contains('*') && text != "null" && text != "file://" {
        let mistakes = mistakes(text);
        // Origins that a browser could send, but nobody means: the scheme is a slip for a known
        // one.
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let is_slip = !text.starts_with("http://")
            && !text.starts_with("https://")
            && self::mistakes(&format!("app://{rest}")).is_empty()
            || mistakes.iter().any(|it| it.what.contains("a placeholder"));
        assert!(
            mistakes.is_empty() == by_url || by_url && is_slip,
            "{mistakes:?}"
        );
    }
    let pattern = Pattern::parse(text);
    if let Ok(origin) = parsed {
        let pattern = pattern.expect("an origin is a pattern");
        assert!(pattern.is_exact() && pattern.matches(&origin));
        assert_eq!(pattern, Pattern::of(&origin));
        assert_eq!(origin.to_string(), text);
    }
    if let Ok(pattern) = pattern {
        assert_eq!(pattern.to_string(), text);
        assert!(pattern.covers(&pattern) == !pattern.is_exact() || pattern.is_exact());
        for wider in pattern.wider() {
            assert!(wider.covers(&pattern) && wider != pattern);
        }
    }
    if let Some(corrected) = correct_origin(text) {
        assert!(Pattern::parse(&corrected).is_ok() && corrected != text);
    }
    // What a message says to write instead is not refused in its turn.
    for violation in mistakes(text) {
        let help = violation.help.unwrap_or_default();
        let literal = help
            .strip_prefix('"')
            .and_then(|help| help.strip_suffix('"'));
        if let Some(literal) = literal.filter(|literal| !literal.contains('"')) {
            assert_eq!(mistakes(literal), []);
        }
    }
});

fn mistakes(text: &str) -> Vec<cors_rules::Violation> {
    let draft = Draft {
        origins: Some(vec![Element::Text(text)]),
        ..Draft::default()
    };
    let (_, mut mistakes) = check(&draft);
    let rules = [Rule::MalformedOrigin, Rule::MisplacedWildcard];
    mistakes.retain(|violation| rules.contains(&violation.rule));
    mistakes
}
