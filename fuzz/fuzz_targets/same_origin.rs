//! Whether `Host` is where `Origin` is, by the way of `enforce`, against the URL parser.

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

/// An origin, and an authority; without one, the origin's own in a few spellings.
type Input<'a> = (&'a str, Option<&'a str>, u8);

fuzz_target!(|input: Input<'_>| {
    let (origin, authority, variant) = input;
    let own = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let authority = match authority {
        Some(authority) => authority.to_owned(),
        None => match variant % 8 {
            0 => own.to_owned(),
            1 => own.to_ascii_uppercase(),
            2 => format!("{own}:443"),
            3 => format!("{own}:80"),
            4 => format!("{own}."),
            5 => format!("user@{own}"),
            6 => format!("{own}:0443"),
            _ => own.split(':').next().unwrap_or_default().to_owned(),
        },
    };
    if origin.contains("xn--") || origin.contains("://") && !origin.starts_with("http") {
        return;
    }
    let host = [authority.as_bytes()];
    let hosts = if variant & 16 == 0 {
        host.to_vec()
    } else {
        vec![]
    };
    let target = (variant & 16 != 0).then_some(authority.as_str());
    let asked = Asked {
        method: "POST",
        authority: target,
        origins: vec![origin.as_bytes()],
        hosts,
        ..Asked::default()
    };
    let found = decide(*NOBODY, &["POST"], &asked).answered_by(|_, _| {
        unreachable!("no sources")
    });
    let runs = matches!(found, Decision::Run(_));
    assert_eq!(
        runs,
        is_at(origin, &authority),
        "{origin:?} at {authority:?}"
    );
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
    by_url::is_web_origin(origin)
        && written.contains(&lower)
        && url.origin().ascii_serialization() == origin
}
