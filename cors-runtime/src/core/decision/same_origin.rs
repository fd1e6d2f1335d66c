//! Tells requests of the server's own pages from others.

use cors_rules::Origin;
use cors_rules::pattern::host_text;

use super::request::{self, Field, OriginLine, Request, single};
use crate::core::authority::Authority;
use crate::core::origins::OriginValue;

/// True if the page that made a request has the origin that the request is for.
///
/// Pages cannot forge this: `Origin`, `Host` and `Sec-*` are [forbidden request-headers]. Proxies
/// add fields such as `X-Forwarded-Host`, which are not read: clients can send those too.
///
/// [forbidden request-headers]: https://fetch.spec.whatwg.org/#forbidden-request-header
pub(super) fn is_same_origin<R: Request>(origin: &OriginValue<'_>, request: &R) -> bool {
    if let Some(site) = single(request, Field::SecFetchSite) {
        // `none` is for what the user starts, with a bookmark for instance: `Host` decides.
        // https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
        if site != b"none" {
            return site == b"same-origin" && !has_own_scheme(origin);
        }
    }
    // The documentation of the crate says which requests lack `Sec-Fetch-Site`.
    match (origin.parsed(), request::authority(request)) {
        (Ok(origin), Some(authority)) => {
            let has_scheme = (request.scheme()).is_none_or(|scheme| scheme == origin.scheme());
            has_scheme && is_at(&origin, &authority)
        }
        _ => false,
    }
}

/// Who waits for the response to a request that has CORS headers or lacks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A page on another origin. Without CORS headers, it cannot read the response.
    OtherOrigin,
    /// A page on the server's own origin, which needs no permission.
    OwnPage,
    /// The same, but a proxy passed the request on under another host, as development servers do.
    OwnPageBehindProxy,
    /// A page of an extension that has a permission for the server's host. It reads every response.
    Extension,
    /// No page: it is a navigation, or a page that does not read. CORS does not apply.
    /// <https://fetch.spec.whatwg.org/#concept-request-mode>
    Nobody,
}

/// Tells who waits for the response to a request that is not a preflight.
pub(crate) fn reader<R: Request>(request: &R) -> Reader {
    let OriginLine::Once(origin) = request::origin(request) else {
        return Reader::OtherOrigin;
    };
    if is_same_origin(&origin, request) {
        return match (origin.parsed(), request::authority(request)) {
            (Ok(origin), Some(authority)) if !is_at(&origin, &authority) => {
                Reader::OwnPageBehindProxy
            }
            // A sandboxed page has the origin `null`.
            _ => Reader::OwnPage,
        };
    }
    if has_own_scheme(&origin)
        && matches!(
            single(request, Field::SecFetchSite),
            Some(b"none" | b"same-origin")
        )
    {
        return Reader::Extension;
    }
    match single(request, Field::SecFetchMode) {
        Some(b"navigate" | b"no-cors" | b"websocket") => Reader::Nobody,
        _ => Reader::OtherOrigin,
    }
}

/// True for the origin of an extension or an app, which no HTTP server has.
///
/// If an extension has a permission for the server's host, CORS does not apply to it. With its
/// origin, Chromium then sends `Sec-Fetch-Site: none`, and Firefox `same-origin`.
fn has_own_scheme(origin: &OriginValue<'_>) -> bool {
    let parsed = origin.parsed();
    parsed.is_ok_and(|origin| !matches!(origin.scheme(), "http" | "https"))
}

/// True if `origin` has the host and port of `authority`.
///
/// An authority without a port has the default port of the origin's scheme: that of the request may
/// be unknown.
fn is_at(origin: &Origin<'_>, authority: &Authority<'_>) -> bool {
    let default = match origin.scheme() {
        "https" => 443,
        "http" => 80,
        _ => return false,
    };
    let port = |port: Option<u16>| port.unwrap_or(default);
    host_text(origin) == authority.host() && port(origin.port()) == port(authority.port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::decision::sent::Sent;

    const APP: &str = "https://app.example.com";

    /// A POST request with these lines of `Sec-Fetch-Site` and `Host`.
    fn sent<'a>(origin: &'a str, sites: &[&'a str], hosts: &[&'a str]) -> Sent<'a> {
        Sent::new("POST", &[(Field::Origin, origin)])
            .with(Field::SecFetchSite, sites)
            .with(Field::Host, hosts)
    }

    fn is_same(sent: &Sent<'_>) -> bool {
        let OriginLine::Once(origin) = request::origin(sent) else {
            panic!("`Origin` has one line");
        };
        is_same_origin(&origin, sent)
    }

    #[test]
    fn without_sec_fetch_site_host_and_port_decide() {
        for (origin, host, same) in [
            ("https://app.example.com", "app.example.com", true),
            ("http://app.example.com", "app.example.com", true),
            ("https://app.example.com", "APP.example.com:443", true),
            ("http://app.example.com", "app.example.com:80", true),
            ("http://app.example.com", "app.example.com:443", false),
            ("https://app.example.com", "app.example.com:80", false),
            ("https://app.example.com:80", "app.example.com:80", true),
            ("https://app.example.com:80", "app.example.com", false),
            ("https://app.example.com:8443", "app.example.com:8443", true),
            ("https://app.example.com:8443", "app.example.com", false),
            ("https://app.example.com", "app.example.com:8443", false),
            ("https://app.example.com", "app.example.com:+443", false),
            ("https://app.example.com", "app.example.com:0443", false),
            (
                "https://app.example.com",
                "app.example.com.evil.example",
                false,
            ),
            ("https://app.example.com", "evil-app.example.com", false),
            ("https://app.example.com", "app.example.com:", false),
            ("https://app.example.com", "app.example.com:443@evil", false),
            ("https://app.example.com", "", false),
            ("http://[::1]:8080", "[::1]:8080", true),
            ("http://[::1]", "[::1]", true),
            ("chrome-extension://app", "app", false),
            ("null", "null", false),
            ("", "", false),
        ] {
            let sent = sent(origin, &[], &[host]);
            assert_eq!(is_same(&sent), same, "{origin} at {host}");
        }
    }

    #[test]
    fn sec_fetch_site_overrides_the_host_unless_it_is_none() {
        for (sites, same) in [
            (&["same-origin"][..], true),
            (&["same-site"], false),
            (&["cross-site"], false),
            (&[""], false),
            (&["Same-Origin"], false),
            (&["same-origin", "same-origin"], false),
        ] {
            for host in ["app.example.com", "other.example"] {
                let sent = sent(APP, sites, &[host]);
                assert_eq!(is_same(&sent), same, "{sites:?} at {host}");
            }
        }
        for (host, same) in [("app.example.com", true), ("other.example", false)] {
            let sent = sent(APP, &["none"], &[host]);
            assert_eq!(is_same(&sent), same, "{host}");
        }
    }

    #[test]
    fn an_extension_that_browsers_let_read_everything_is_not_the_server() {
        use Reader::{Extension, OtherOrigin, OwnPage, OwnPageBehindProxy};
        for (origin, site, same, expected) in [
            ("moz-extension://9b2f", "same-origin", false, Extension),
            ("moz-extension://9b2f", "cross-site", false, OtherOrigin),
            ("chrome-extension://mhjf", "none", false, Extension),
            (APP, "same-origin", true, OwnPageBehindProxy),
            (APP, "none", false, OtherOrigin),
            ("null", "same-origin", true, OwnPage),
            ("null", "none", false, OtherOrigin),
        ] {
            let sent = sent(origin, &[site], &["api.example.com"]);
            assert_eq!(is_same(&sent), same, "{origin} {site}");
            assert_eq!(reader(&sent), expected, "{origin} {site}");
        }
    }

    #[test]
    fn the_request_target_overrides_host_and_host_must_have_one_line() {
        let app = "app.example.com";
        for (target, hosts, same) in [
            (Some(app), &["other.example"][..], true),
            (Some("other.example"), &[app], false),
            (Some("user@app.example.com"), &[app], false),
            (None, &[app], true),
            (None, &[app, app], false),
            (None, &[], false),
        ] {
            let sent = Sent {
                authority: target,
                ..sent(APP, &[], hosts)
            };
            assert_eq!(is_same(&sent), same, "{target:?} {hosts:?}");
        }
    }

    #[test]
    fn the_scheme_counts_where_the_server_knows_it() {
        for (origin, scheme, same) in [
            ("https://app.example.com", None, true),
            ("http://app.example.com", None, true),
            ("https://app.example.com", Some("https"), true),
            ("http://app.example.com", Some("https"), false),
            ("http://app.example.com:443", Some("https"), false),
            ("https://app.example.com", Some("http"), false),
            ("http://app.example.com", Some("http"), true),
        ] {
            for sites in [&[][..], &["none"]] {
                let sent = Sent {
                    scheme,
                    ..sent(origin, sites, &["app.example.com"])
                };
                assert_eq!(is_same(&sent), same, "{origin} by {scheme:?}");
            }
        }
        // The browser's word is enough.
        let sent = Sent {
            scheme: Some("https"),
            ..sent("http://app.example.com", &["same-origin"], &[])
        };
        assert!(is_same(&sent));
    }
}
