//! Advice: what to write instead, or what else to do.

use std::fmt;

use cors_rules::header::is_forbidden_request;
use cors_rules::method::{Mistake, is_standard, mistake};
use cors_rules::{Danger, Origin};

use super::quote::shown;
use super::similar::Similar;
use crate::core::decision::Endpoint;
use crate::core::origins::{self, Origins};
use crate::core::policy::Current;
use crate::core::sources::List;

/// Advice to the developer whose request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Advice {
    /// Code to paste.
    Write(String),
    Say(String),
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Write(text) | Self::Say(text)) = self;
        f.write_str(text)
    }
}

/// How to allow an origin; or why that is not possible. `None` if the policy is `none`, and for a
/// look-alike of a listed origin: nobody should allow that.
///
/// It names the one origin, never the whole list: a policy does not know which of its literals
/// are `dev_origins`.
pub(super) fn allow_origin(
    current: Current<'_>,
    origin: &[u8],
    similar: Option<&Similar>,
) -> Option<Advice> {
    let is_look_alike = matches!(similar, Some(Similar::LookAlike(_)));
    if is_look_alike || current.policy.origins == Origins::Nobody {
        return None;
    }
    if let Some(path) = current.not_set() {
        return Some(say(format!(
            "set `{path}` when the server starts, with the origins that you trust"
        )));
    }
    Some(match (origin, origins::parse(origin)) {
        (b"null", _) => say(
            "a sandboxed page, a local file and some redirects send `null`; load the page from a site \
             of its own",
        ),
        (b"file://", _) => say(
            "every local file has the origin `file://`; give the page a scheme of its own in its app",
        ),
        (_, Ok(origin)) => allow(current, &origin),
        (_, Err(why)) => say(format!("no browser sends this: {why}")),
    })
}

fn allow(current: Current<'_>, origin: &Origin<'_>) -> Advice {
    let policy = current.policy;
    let text = origin.as_str();
    let insecure = cors_rules::insecure_with_credentials(text);
    let accepts = |danger| policy.dangers().iter().any(|(other, _)| *other == danger);
    if policy.credentials()
        && !accepts(Danger::InsecureOrigins)
        && let Some(violation) = &insecure
    {
        return say(format!("{}: {}", violation.what, violation.why));
    }
    if let Some(path) = current.configured {
        return say(format!(
            "add `{text:?}` to `origins` in the configuration of `{path}`, if you trust it"
        ));
    }
    if origin.is_loopback() && matches!(origin.scheme(), "http" | "https") {
        return say(format!("add `{text:?}` to `dev_origins`"));
    }
    let takes_it = |list: &List| {
        let accepts_it = || {
            let mut dangers = list.dangers().into_iter();
            dangers.any(|(danger, _)| danger == Danger::InsecureOrigins)
        };
        insecure.is_none() || !list.is_credentialed || accepts_it()
    };
    let lists: Vec<_> = (policy.origins.sources().iter())
        .filter(|source| source.list().is_some_and(takes_it))
        .map(|source| source.path)
        .collect();
    if lists.is_empty() {
        say(format!("add `{text:?}` to `origins`, if you trust it"))
    } else {
        let lists = lists.join("`, or of `");
        say(format!(
            "the `set` of `{lists}` takes `{text:?}` at run time, if you trust it"
        ))
    }
}

/// The argument that would allow these headers; or why none can.
pub(super) fn allow_headers(current: Current<'_>, refused: &[String]) -> Advice {
    if refused.iter().any(|name| name == "*") {
        return say(
            "a page cannot send a header whose name is `*`: in a response, browsers would read it as \
             every header",
        );
    }
    let forbidden = (refused.iter()).find(|name| is_forbidden_request(&name.to_ascii_lowercase()));
    if let Some(name) = forbidden {
        return say(format!("no page can set `{name}`: the browser alone does"));
    }
    if let Some(path) = current.configured {
        let names: Vec<_> = (refused.iter())
            .map(|name| format!("`\"{}\"`", name.to_ascii_lowercase()))
            .collect();
        let names = names.join(" and ");
        return say(format!(
            "add {names} to `allow_headers` in the configuration of `{path}`"
        ));
    }
    let listed = current.policy.allow_headers();
    let all: Vec<_> = (listed.iter().map(ToString::to_string))
        .chain(refused.iter().map(|name| name.to_ascii_lowercase()))
        .map(|name| format!("\"{name}\""))
        .collect();
    Advice::Write(format!("allow_headers = [{}]", all.join(", ")))
}

/// How script may read responses to requests with cookies.
pub(crate) fn allow_credentials(current: Current<'_>) -> Advice {
    let flag = match current.configured {
        Some(path) => format!("set `credentials` to `true` in the configuration of `{path}`"),
        None if current.policy.allows_any_origin() => "add `credentials`".to_owned(),
        None => return Advice::Write("credentials".to_owned()),
    };
    if current.policy.allows_any_origin() {
        say(format!(
            "list the origins that you trust instead of `*`, and {flag}"
        ))
    } else {
        say(flag)
    }
}

/// The attributes of a handler that would take a method, or the default policy that would. `None`
/// if nothing can.
pub(super) fn take_method(endpoint: Endpoint, method: &[u8]) -> Option<Advice> {
    let method = std::str::from_utf8(method).ok()?;
    match mistake(method) {
        Some(Mistake::Miscased(standard)) => return Some(write_in_upper_case(standard)),
        Some(_) => return None,
        None => {}
    }
    if !endpoint.is_handler() {
        let name = endpoint.name();
        return Some(say(format!(
            "let `{name}` take `{}`",
            shown(method.as_bytes())
        )));
    }
    if endpoint.current().configured.is_some() {
        return Some(say(
            "a handler of this path would have to take it: methods are no matter of the configuration",
        ));
    }
    let route = if is_standard(method) && !matches!(method, "OPTIONS" | "QUERY") {
        format!("#[{}(…)]", method.to_ascii_lowercase())
    } else {
        format!("#[route(…, method = \"{}\")]", shown(method.as_bytes()))
    };
    Some(say(format!("#[cors(…)] {route} on a handler of this path")))
}

/// The page has a method in lower case.
pub(super) fn write_in_upper_case(method: &str) -> Advice {
    say(format!(
        "the page must write `{method}`: methods are case-sensitive"
    ))
}

pub(super) fn say(text: impl Into<String>) -> Advice {
    Advice::Say(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::builder::{PolicyBuilder, policy};
    use crate::core::sources::{Allowlist, PublicAllowlist, Source};

    static PLAIN: Allowlist = Allowlist::new();
    static SCANNERS: Allowlist =
        Allowlist::new().danger(Danger::InsecureOrigins, "no certificates");
    static TEAMS: Allowlist = Allowlist::new().danger(Danger::PublicSuffixes, "all are ours");
    static PUBLIC: PublicAllowlist = PublicAllowlist::new();

    static LISTS: [[Source; 1]; 4] = [
        [Source::new("PLAIN", || crate::__private::source(&PLAIN))],
        [Source::new("SCANNERS", || {
            crate::__private::source(&SCANNERS)
        })],
        [Source::new("TEAMS", || crate::__private::source(&TEAMS))],
        [Source::new("PUBLIC", || crate::__private::source(&PUBLIC))],
    ];

    fn advice(policy: &PolicyBuilder, origin: &str) -> String {
        let policy = &policy.policy;
        let similar = super::super::similar::similar(policy, origin.as_bytes());
        let advice = allow_origin(policy.current(), origin.as_bytes(), similar.as_ref());
        advice.map_or(String::new(), |advice| advice.to_string())
    }

    #[test]
    fn an_insecure_origin_is_added_where_that_is_accepted() {
        let add = "add `\"http://b.example\"` to `origins`, if you trust it";
        let set = |list| {
            format!(
                "the `set` of `{list}` takes `\"http://b.example\"` at run time, if you trust it"
            )
        };
        let origin = "http://b.example";
        let with = |sources: &'static [Source]| policy().sources(sources);
        let [plain, scanners, teams, public] = &LISTS;
        for (what, policy, expected) in [
            ("without credentials", policy(), add.to_owned()),
            (
                "accepted",
                policy()
                    .credentials(true)
                    .dangers(&[(Danger::InsecureOrigins, "x")]),
                add.to_owned(),
            ),
            ("a list that refuses it", with(plain), add.to_owned()),
            ("a list that accepts it", with(scanners), set("SCANNERS")),
            (
                "a list that accepts another danger",
                with(teams),
                add.to_owned(),
            ),
            ("a list without credentials", with(public), set("PUBLIC")),
        ] {
            assert_eq!(advice(&policy, origin), expected, "{what}");
        }
        for dangers in [&[][..], &[(Danger::NullOrigin, "x")]] {
            let said = advice(&policy().credentials(true).dangers(dangers), origin);
            assert!(said.contains("is not secure"), "{said}");
        }
        let said = advice(&with(plain), "https://b.example");
        assert!(said.starts_with("the `set` of `PLAIN`"), "{said}");
    }

    #[test]
    fn credentials_are_added_to_origins_that_are_listed() {
        let advice = |policy: PolicyBuilder| allow_credentials(policy.policy.current());
        assert_eq!(advice(policy()), Advice::Write("credentials".to_owned()));
        let listed_first = "list the origins that you trust instead of `*`, and add `credentials`";
        assert_eq!(advice(policy().any_origin()), say(listed_first));
    }
}
