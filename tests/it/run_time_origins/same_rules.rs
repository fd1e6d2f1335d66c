//! A list at run time and the attribute agree.

use super::*;

/// Entries as people write them into lists, right and wrong.
fn texts() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![8 => Just("https://"), 3 => Just("http://"), 1 => Just(""), 1 => Just("*://"), 1 => Just("app://"), 1 => Just("htps://"), 1 => Just("file://")];
    let label = prop_oneof![3 => Just(""), 2 => Just("*."), 1 => Just("a."), 1 => Just("*.a."), 1 => Just("x*."), 1 => Just("A.")];
    let host = prop_oneof![4 => Just("b.example"), 2 => Just("localhost"), 1 => Just("github.io"), 1 => Just("co.uk"), 1 => Just("127.0.0.1"), 1 => Just("[::1]"), 1 => Just("192.168.1.*"), 1 => Just("*"), 1 => Just("")];
    let port = prop_oneof![6 => Just(""), 2 => Just(":*"), 2 => Just(":8443"), 1 => Just(":443"), 1 => Just(":80"), 1 => Just(":0")];
    let tail = prop_oneof![12 => Just(""), 1 => Just("/"), 1 => Just(" ")];
    let written =
        (scheme, label, host, port, tail).prop_map(|(s, l, h, p, t)| format!("{s}{l}{h}{p}{t}"));
    prop_oneof![20 => written, 1 => Just("*".to_owned()), 1 => Just("null".to_owned()), 1 => any::<String>()]
}

/// The policy that the macro writes for such a list.
fn policy(origins: &[String], credentials: bool) -> &'static cors_runtime::Policy {
    use cors_runtime::__private as macros;
    let mut builder = macros::policy();
    if origins.iter().any(|origin| origin == "*") {
        builder = builder.any_origin();
    } else {
        let leaked = origins.iter().map(|origin| &*origin.clone().leak());
        let (mut exact, mut patterns): (Vec<&str>, Vec<&str>) =
            leaked.partition(|origin| Pattern::parse(origin).expect("checked").is_exact());
        for list in [&mut exact, &mut patterns] {
            list.sort_by(|a, b| by_length(a.as_bytes(), b.as_bytes()));
        }
        builder = builder.origins(exact.leak(), patterns.leak());
    }
    if credentials {
        builder = builder.credentials(true);
    }
    Box::leak(Box::new(builder.policy))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// The macro and the lists take the same texts, and then allow the same origins.
    #[test]
    fn the_macro_and_the_lists_agree(origins in proptest::collection::vec(texts(), 1..5), asking in texts(), credentials: bool) {
        let listed: Vec<_> = origins.iter().map(|origin| Element::Text(origin)).collect();
        let draft = Draft { origins: Some(listed), credentials, ..Draft::default() };
        let (_, mut by_macro) = cors_rules::check(&draft);
        by_macro.retain(|violation| violation.rule.severity() == Severity::Error);
        let (secure, public) = (Allowlist::new(), PublicAllowlist::new());
        let by_list = if credentials { secure.set(&origins) } else { public.set(&origins) };
        let by_list: Vec<_> = by_list.err().into_iter().flatten().collect();
        // A list words the reason and the help for lists.
        let verdict = |all: &[Violation]| all.iter().map(|found| (found.rule, found.place, found.what.clone())).collect::<Vec<_>>();
        prop_assert_eq!(verdict(&by_macro), verdict(&by_list));
        if by_macro.is_empty() && let Ok(asks) = Origin::parse(&asking) {
            let target = Target::new("", "/");
            let by_list = if credentials { secure.allows(&asks, &target) } else { public.allows(&asks, &target) };
            let policy = policy(&origins, credentials);
            let by_macro = Sent::get(asking.as_bytes()).decide(policy, &["GET"]);
            let by_macro = by_macro.refusal().is_none();
            prop_assert_eq!(by_macro, by_list.expect("a list does not fail"), "{} by {:?}", asking, origins);
        }
    }
}

#[test]
fn a_hundred_thousand_tenants_are_found_and_nobody_else() {
    let tenants: HashSet<_> = (0..100_000)
        .map(|i| format!("https://tenant-{i}.example"))
        .collect();
    let list = Allowlist::new();
    list.set(&tenants).expect("origins");
    for i in (0..200_000).step_by(97) {
        let origin = format!("https://tenant-{i}.example");
        let asks = Origin::parse(&origin).expect("an origin");
        assert_eq!(
            list.allows(&asks, &Target::new("", "/"))
                .expect("a list does not fail"),
            i < 100_000,
            "{origin}"
        );
    }
}
