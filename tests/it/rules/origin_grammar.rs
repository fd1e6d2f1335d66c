//! The grammar of origins against the `url` crate's: a text is an exact origin exactly if it is
//! what a URL parser writes for it.

#[path = "../../../fuzz/fuzz_targets/by_url.rs"]
mod by_url;

use cors_rules::draft::Element;
use cors_rules::{Draft, Origin, Pattern, Rule, check};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use self::by_url::is_origin as is_origin_by_url;

/// Texts that are origins, or nearly.
fn texts() -> impl Strategy<Value = String> {
    let scheme = select(vec![
        "https",
        "http",
        "https",
        "http",
        "HTTPS",
        "ws",
        "wss",
        "ftp",
        "file",
        "data",
        "htt ps",
        "",
        "app",
        "app",
        "App",
        "moz-extension",
        "htps",
        "about",
        "blob",
        "javascript",
    ]);
    let label = prop_oneof![
        4 => "[a-z0-9]{1,8}",
        1 => select(vec!["xn--bcher-kva", "a_b", "a-b", "-a", "a-", "Ab", "bücher", "", "*", "0x7f", "127", "01", "256", "%41", "%"])
            .prop_map(str::to_owned),
        1 => "[a-z]{60,66}",
        1 => "[!-~]{1,3}",
    ];
    let domain = prop::collection::vec(label, 1..5).prop_map(|labels| labels.join("."));
    let address =
        any::<[u16; 8]>().prop_map(|segments| format!("[{}]", std::net::Ipv6Addr::from(segments)));
    let sparse = prop::collection::vec(select(vec![0_u16, 0, 0, 1, 0xffff, 0x1234]), 8).prop_map(
        |segments| {
            let segments: [u16; 8] = segments.try_into().expect("eight");
            let written: Vec<_> = segments
                .iter()
                .map(|segment| format!("{segment:x}"))
                .collect();
            format!("[{}]", written.join(":"))
        },
    );
    let short =
        prop::collection::vec(select(vec![0_u16, 0, 0, 1, 0xffff]), 8).prop_map(|segments| {
            let segments: [u16; 8] = segments.try_into().expect("eight");
            format!("[{}]", std::net::Ipv6Addr::from(segments))
        });
    let v4 = any::<[u8; 4]>().prop_map(|bytes| std::net::Ipv4Addr::from(bytes).to_string());
    let host = prop_oneof![6 => domain, 1 => address, 1 => sparse, 1 => short, 1 => v4];
    let port = prop_oneof![
        4 => Just(String::new()),
        2 => any::<u16>().prop_map(|port| format!(":{port}")),
        1 => select(vec![":80", ":443", ":0", ":00080", ":65536", ":", ":x", ":8o"]).prop_map(str::to_owned),
    ];
    let tail =
        prop_oneof![8 => Just(""), 1 => select(vec!["/", "/a", "?", "#", " ", "\\", "\n", "@x"])];
    let whole = (scheme, host, port, tail)
        .prop_map(|(scheme, host, port, tail)| format!("{scheme}://{host}{port}{tail}"));
    prop_oneof![
        8 => whole.clone(),
        2 => (whole.clone(), any::<Index>(), any::<char>()).prop_map(|(text, at, c)| {
            let mut chars: Vec<_> = text.chars().collect();
            chars.insert(at.index(chars.len() + 1), c);
            chars.into_iter().collect()
        }),
        1 => ".{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_origin_is_what_a_url_parser_writes(text in texts()) {
        // It takes punycode apart; we take a label that starts with `xn--` for what it says it is,
        // as no browser sends one that is not punycode.
        let may_differ = text.contains("xn--") && Origin::parse(&text).is_ok();
        prop_assert!(may_differ || Origin::parse(&text).is_ok() == is_origin_by_url(&text), "{text:?}");
    }

    /// A list refuses a label that starts with `xn--` and is not Punycode.
    #[test]
    fn a_list_takes_an_exact_origin_only_if_a_url_parser_writes_it(text in texts()) {
        if (text.starts_with("http://") || text.starts_with("https://")) && !text.contains('*') {
            let draft = Draft { origins: Some(vec![Element::Text(&text)]), ..Draft::default() };
            let taken = !check(&draft).1.iter().any(|violation| violation.rule == Rule::MalformedOrigin);
            prop_assert_eq!(taken, is_origin_by_url(&text), "{:?}", text);
        }
    }

    /// The correction in a message is not refused in its turn.
    #[test]
    fn a_correction_is_correct(text in texts()) {
        let mistakes = |text: &str| {
            let draft = Draft { origins: Some(vec![Element::Text(text)]), ..Draft::default() };
            let (_, mut mistakes) = check(&draft);
            mistakes.retain(|violation| [Rule::MalformedOrigin, Rule::MisplacedWildcard].contains(&violation.rule));
            mistakes
        };
        for violation in mistakes(&text) {
            let help = violation.help.unwrap_or_default();
            // An example in general is not for this text.
            let literal = help.strip_prefix('"').and_then(|help| help.strip_suffix('"'));
            if let Some(literal) = literal.filter(|literal| !literal.contains('"')) {
                prop_assert_eq!(mistakes(literal), vec![], "{:?} for {:?}", literal, text);
            }
        }
    }

    #[test]
    fn what_is_an_origin_is_an_exact_pattern_that_matches_itself_only(text in texts(), other in texts()) {
        let Ok(origin) = Origin::parse(&text) else { return Ok(()) };
        let pattern = Pattern::parse(&text);
        prop_assert!(pattern.is_ok_and(|pattern| pattern.is_exact() && pattern.to_string() == text));
        let pattern = pattern.expect("just seen");
        prop_assert!(pattern.matches(&origin));
        if let Ok(other_origin) = Origin::parse(&other) {
            prop_assert_eq!(pattern.matches(&other_origin), text == other);
        }
    }

    #[test]
    fn a_pattern_covers_another_only_if_it_matches_all_that_the_other_matches(
        host in "[ab]{1,2}(\\.[ab]{1,2}){0,2}",
        (star_a, star_b) in any::<(bool, bool)>(),
        (port_a, port_b) in (select(vec!["", ":*", ":1", ":2"]), select(vec!["", ":*", ":1", ":2"])),
        suffix in "[ab]{1,2}(\\.[ab]{1,2}){0,2}",
        probe in "[ab]{1,2}(\\.[ab]{1,2}){0,4}",
        probe_port in select(vec!["", ":1", ":2"]),
    ) {
        let text = |star: bool, host: &str, port: &str| format!("https://{}{host}{port}", if star { "*." } else { "" });
        let (a, b) = (text(star_a, &suffix, port_a), text(star_b, &host, port_b));
        let (a, b) = (Pattern::parse(&a).expect("a pattern"), Pattern::parse(&b).expect("a pattern"));
        let under_b = format!("https://{probe}.{host}{probe_port}");
        for probe in [text(false, &probe, probe_port), text(false, &host, probe_port), under_b] {
            let probe = Origin::parse(&probe).expect("an origin");
            prop_assert!(!a.covers(&b) || !b.matches(&probe) || a.matches(&probe), "{a} covers {b}, but {probe}");
        }
    }
}
