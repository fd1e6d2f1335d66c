//! `Host` compared with `Origin`, by the way of `enforce`, against the URL parser.

#![no_main]

mod by_url;
#[allow(dead_code)]
#[path = "../../cors-runtime/tests/exhaustive/model.rs"]
mod model;

use std::sync::LazyLock;

use cors_runtime::Policy;
use cors_runtime::decision::{Decision, Methods, decide};
use libfuzzer_sys::fuzz_target;
use model::{Asked, Plain, Who};

static NOBODY: LazyLock<&'static Policy> = LazyLock::new(|| {
    let plain = Plain {
        who: Who::Listed(vec![]),
        credentials: true,
        enforce: true,
        allow_headers: vec![],
        methods: Methods::These(&["POST"]),
    };
    plain.policy()
});

// The first line is an origin, the second an authority. Each input also tries the origin's own
// authority, in several spellings.
fuzz_target!(|input: &str| {
    let (origin, authority) = input.split_once('\n').unwrap_or((input, ""));
    // The URL parser takes Punycode apart, and requests do not.
    if origin.contains("xn--") {
        return;
    }
    let own = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    for authority in [
        authority,
        own,
        &own.to_ascii_uppercase(),
        &format!("{own}:443"),
        &format!("{own}:80"),
        &format!("{own}."),
        &format!("user@{own}"),
        &format!("{own}:0443"),
        own.split(':').next().unwrap_or_default(),
    ] {
        let host = Asked {
            hosts: vec![authority.as_bytes()],
            ..Asked::default()
        };
        let target = Asked {
            authority: Some(authority),
            ..Asked::default()
        };
        for place in [host, target] {
            let asked = Asked {
                method: "POST",
                origins: vec![origin.as_bytes()],
                ..place
            };
            let found =
                decide(*NOBODY, &["POST"], &asked).answered_by(|_, _| unreachable!("no sources"));
            let runs = matches!(found, Decision::Run(_));
            assert_eq!(runs, is_at(origin, authority), "{asked:?}");
        }
    }
});

/// What a URL parser says: the authority in a URL of that scheme has that origin. An authority has
/// no other spelling than in upper case, and may have a default port.
fn is_at(origin: &str, authority: &str) -> bool {
    let scheme = origin.split_once("://").map_or("", |(scheme, _)| scheme);
    let lower = authority.to_ascii_lowercase();
    let Ok(url) = url::Url::parse(&format!("{scheme}://{lower}")) else {
        return false;
    };
    let written = [
        url[url::Position::BeforeHost..url::Position::AfterPort].to_owned(),
        format!(
            "{}:{}",
            url.host_str().unwrap_or_default(),
            url.port_or_known_default().unwrap_or_default()
        ),
    ];
    by_url::is_origin(origin)
        && written.contains(&lower)
        && url.origin().ascii_serialization() == origin
}
