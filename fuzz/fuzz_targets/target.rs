//! The host and path that a source sees: the same for a preflight and its request, with a host that
//! the URL parser finds too. And a cache: what it says is what its source would say.

#![no_main]

mod by_url;

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Mutex;
use std::time::Duration;

use actix_web::rt::{System, SystemRunner};
use arbitrary::Unstructured;
use cors_runtime::decision::{Field, Request, decide};
use cors_runtime::{
    AsyncOriginSource, Cached, Origin, OriginSource, Policy, SourceError, Target, policy,
};
use libfuzzer_sys::fuzz_target;

const ORIGINS: &[&str] = &["https://a.example", "https://b.example", "app://a"];
const HOSTS: &[&str] = &[
    "a.example",
    "A.example:443",
    "a.example:80",
    "a.example:8080",
    "a.example.",
    "[::1]:443",
    "[::1]",
    "127.0.0.1:80",
    "",
];
const SEGMENTS: &[&str] = &["", "t", "acme", "%61cme", "a%2Fb", "..", "\u{e4}"];

/// Its answers do not matter.
struct Asked;

impl OriginSource for Asked {
    fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Ok(false)
    }
}

static ASKED: Asked = Asked;
static POLICY: Policy = policy!(origins = [ASKED]);

#[derive(Debug, Clone)]
struct Sent<'a> {
    is_preflight: bool,
    authority: Option<&'a str>,
    hosts: Vec<&'a str>,
    path: &'a str,
    rest: &'a str,
}

impl Request for Sent<'_> {
    fn method(&self) -> &str {
        if self.is_preflight { "OPTIONS" } else { "PUT" }
    }

    fn authority(&self) -> Option<&str> {
        self.authority
    }

    fn path(&self) -> &str {
        self.path
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let lines = match (field, self.is_preflight) {
            (Field::Origin, _) => vec![ORIGINS[0]],
            (Field::Host, _) => self.hosts.clone(),
            (Field::AccessControlRequestMethod, true) => vec!["PUT"],
            (Field::AccessControlRequestHeaders, true)
            | (Field::ContentType | Field::Cookie, false) => vec![self.rest],
            _ => vec![],
        };
        lines.into_iter().map(str::as_bytes)
    }
}

/// The host and the path that sources are asked about.
fn seen(sent: &Sent<'_>) -> (Option<String>, String) {
    let mut seen = None;
    let decided = decide(&POLICY, &["PUT"], sent);
    let _ = decided.answered_by(|origin, target| {
        assert_eq!(origin.as_str(), ORIGINS[0]);
        seen = Some((target.host().map(str::to_owned), target.path().to_owned()));
        true
    });
    seen.expect("a question")
}

/// The host as the URL parser has it. The scheme is not known, so neither default port counts.
fn host_by_url(sent: &Sent<'_>) -> Option<String> {
    let text = match (sent.authority, &*sent.hosts) {
        (Some(authority), _) => authority,
        (None, [host]) => host,
        (None, _) => return None,
    };
    let lower = text.to_ascii_lowercase();
    let is_host = ["http", "https"]
        .iter()
        .any(|scheme| by_url::is_origin(&format!("{scheme}://{lower}")));
    let without = [":80", ":443"]
        .iter()
        .find_map(|port| lower.strip_suffix(port));
    is_host.then(|| without.unwrap_or(&lower).to_owned())
}

/// The origin, the host and the path that a source sees.
type Seen = (String, Option<String>, String);

/// Its result depends on all that it sees, and it notes that.
struct Noting {
    segments: usize,
    seen: Mutex<Vec<Seen>>,
}

impl AsyncOriginSource for Noting {
    async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        let host = target.host().map(str::to_owned);
        let seen = (origin.to_string(), host, target.path().to_owned());
        let result = result(&seen);
        self.seen.lock().expect("a list").push(seen);
        Ok(result)
    }

    fn path_segments(&self) -> usize {
        self.segments
    }
}

fn result(seen: &Seen) -> bool {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(seen) % 2 == 0
}

/// The first segments of a path, joined again.
fn first_segments(path: &str, count: usize) -> String {
    let slash = if path.starts_with('/') { "/" } else { "" };
    let segments: Vec<_> = path[slash.len()..].split('/').collect();
    match count {
        0 => String::new(),
        count => format!("{slash}{}", segments[..count.min(segments.len())].join("/")),
    }
}

fn text<'a>(input: &mut Unstructured<'a>) -> arbitrary::Result<&'a str> {
    let len = input.int_in_range(0..=40)?;
    let bytes = input.bytes(len.min(input.len()))?;
    Ok(str::from_utf8(bytes).unwrap_or_default())
}

fn host<'a>(input: &mut Unstructured<'a>) -> arbitrary::Result<&'a str> {
    if input.arbitrary()? {
        return Ok(input.choose(HOSTS)?);
    }
    text(input)
}

fn path(input: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let mut path = String::new();
    for _ in 0..input.int_in_range(0..=4)? {
        path.push('/');
        path.push_str(input.choose(SEGMENTS)?);
    }
    if input.ratio(1, 4)? {
        path.push_str(text(input)?);
    }
    if input.ratio(1, 32)? {
        path.push_str(&"a".repeat(1_024));
    }
    Ok(path)
}

fn compare_targets(input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let path = path(input)?;
    let hosts = (0..[1, 1, 1, 0, 2][input.int_in_range(0..=4)?]).map(|_| host(input));
    let hosts = hosts.collect::<arbitrary::Result<_>>()?;
    let authority = if input.ratio(1, 3)? {
        Some(host(input)?)
    } else {
        None
    };
    let request = Sent {
        is_preflight: false,
        authority,
        hosts,
        path: &path,
        rest: text(input)?,
    };
    let preflight = Sent {
        is_preflight: true,
        rest: text(input)?,
        ..request.clone()
    };
    let by_request = seen(&request);
    assert_eq!(by_request, seen(&preflight), "{request:?}");
    assert_eq!(by_request.1, path);
    let (authority, hosts) = (request.authority.into_iter(), &request.hosts);
    // The URL parser takes Punycode apart.
    let is_punycode = |host: &str| host.to_ascii_lowercase().contains("xn--");
    if !(authority.chain(hosts.iter().copied())).any(is_punycode) {
        assert_eq!(by_request.0, host_by_url(&request), "{request:?}");
    }
    Ok(())
}

async fn compare_cached(input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let noting = Noting {
        segments: input.int_in_range(0..=4)?,
        seen: Mutex::default(),
    };
    let segments = noting.segments;
    let cached = Cached::new(noting, 100, Duration::from_secs(3_600));
    let mut expected = HashSet::new();
    for _ in 0..input.int_in_range(1..=8)? {
        let origin = Origin::parse(input.choose(ORIGINS)?).expect("an origin");
        let (host, path) = (host(input)?, path(input)?);
        let target = Target::new(host, &path);
        let shown = first_segments(&path, segments);
        let is_remembered = shown.len() <= 1_024;
        let seen = (
            origin.to_string(),
            target.host().map(str::to_owned),
            shown.clone(),
        );
        for target in [&target, &Target::new(host, &shown)] {
            let result = cached.allows(&origin, target).await.expect("a result");
            assert_eq!(result, self::result(&seen), "{seen:?}");
        }
        let mut asked = cached.source().seen.lock().expect("a list");
        if is_remembered {
            expected.insert(seen);
        } else {
            // It is shown the same twice, and neither is remembered.
            let both = asked.split_off(expected.len());
            assert_eq!(both, [seen.clone(), seen]);
        }
        assert_eq!(asked.len(), expected.len(), "{asked:?}");
        assert!(
            asked.iter().all(|seen| expected.contains(seen)),
            "{asked:?}"
        );
    }
    Ok(())
}

thread_local! {
    static SYSTEM: SystemRunner = System::new();
}

fuzz_target!(|bytes: &[u8]| {
    let mut input = Unstructured::new(bytes);
    let _ = compare_targets(&mut input);
    let _ = SYSTEM.with(|system| system.block_on(compare_cached(&mut input)));
});
