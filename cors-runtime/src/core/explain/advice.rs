//! Advice: the line to write instead.

use cors_rules::origin::Host;
use cors_rules::pattern::host_text;
use cors_rules::{Danger, Origin};

use super::shown;
use crate::core::origins::{self, Origins};
use crate::core::policy::Policy;

/// The argument that would allow an origin; or why none should.
pub(super) fn allow_origin(policy: &Policy, origin: &[u8]) -> String {
    if origin == b"null" {
        return "a sandboxed page, a local file and some redirects send `null`; load the page from \
                a site of its own"
            .to_owned();
    }
    if origin == b"file://" {
        return "every local file has the origin `file://`; give the page a scheme of its own in \
                its app, or accept it: `origins = [\"file://\"], danger(file_origin = \"…\")`"
            .to_owned();
    }
    let text = match origins::parse(origin) {
        Ok(origin) => origin.as_str(),
        Err(why) => return format!("no browser sends this: {why}"),
    };
    let accepts = |danger| policy.dangers.iter().any(|(other, _)| *other == danger);
    if policy.credentials()
        && !accepts(Danger::InsecureOrigins)
        && let Some(violation) = cors_rules::insecure_with_credentials(text)
    {
        return format!("{}: {}", violation.what, violation.why);
    }
    let (literals, sources) = (policy.origins(), policy.sources());
    let literals = literals.iter().map(|literal| format!("{literal:?}"));
    let all: Vec<_> = literals
        .chain([format!("{text:?}")])
        .chain(sources.iter().map(ToString::to_string))
        .collect();
    format!("origins = [{}]", all.join(", "))
}

/// The argument that would allow these headers; or why none can.
pub(super) fn allow_headers(policy: &Policy, refused: &[String]) -> String {
    if refused.iter().any(|name| name == "*") {
        return "a page cannot send a header whose name is `*`: in a response, browsers would read \
                it as every header"
            .to_owned();
    }
    let listed = policy.allow_headers();
    let all: Vec<_> = (listed.iter().map(ToString::to_string))
        .chain(refused.iter().map(|name| name.to_ascii_lowercase()))
        .map(|name| format!("\"{name}\""))
        .collect();
    format!("allow_headers = [{}]", all.join(", "))
}

/// The attributes of a handler that would take a method.
pub(super) fn add_handler(method: &[u8]) -> String {
    let route = match method {
        b"GET" | b"POST" | b"PUT" | b"DELETE" | b"HEAD" | b"PATCH" => {
            format!("#[{}(…)]", shown(method).to_ascii_lowercase())
        }
        _ => format!("#[route(…, method = \"{}\")]", shown(method)),
    };
    format!("#[cors(…)] {route} on a handler of this path")
}

/// How a listed origin differs from the request's, if it is nearly the same.
pub(super) fn near_miss(policy: &Policy, origin: &Origin<'_>) -> Option<String> {
    let Origins::Listed { exact, .. } = policy.origins else {
        return None;
    };
    exact.iter().find_map(|text| {
        let listed = Origin::parse(text).ok()?;
        let what = difference(&listed, origin)?;
        Some(format!("`{text}` is listed, {what}"))
    })
}

fn difference(listed: &Origin<'_>, origin: &Origin<'_>) -> Option<String> {
    let same_scheme = listed.scheme() == origin.scheme();
    let same_port = listed.port() == origin.port();
    let same_host = listed.host() == origin.host();
    let both_local = listed.is_loopback() && origin.is_loopback();
    let www = |a: Host<'_>, b: Host<'_>| match (a, b) {
        (Host::Domain(a), Host::Domain(b)) => a.strip_prefix("www.") == Some(b),
        _ => false,
    };
    if same_host && same_port && !same_scheme {
        Some("which has another scheme".to_owned())
    } else if same_host && same_scheme && !same_port {
        Some("which has another port".to_owned())
    } else if same_scheme && same_port && both_local {
        let hosts = (host_text(listed), host_text(origin));
        Some(format!(
            "and `{}` and `{}` are two origins",
            hosts.0, hosts.1
        ))
    } else if same_scheme
        && same_port
        && (www(listed.host(), origin.host()) || www(origin.host(), listed.host()))
    {
        Some("and `www.` makes it another origin".to_owned())
    } else {
        None
    }
}
