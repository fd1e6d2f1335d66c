//! Tells requests of the server's own pages from others.

use cors_rules::Origin;
use cors_rules::pattern::host_text;

use super::authority::Authority;
use super::request::{self, Field, Request, Single};
use crate::core::origins::OriginValue;

/// True if the page that made a request has the origin that the request is for.
///
/// Pages cannot forge this: `Origin`, `Host` and `Sec-*` are [forbidden request-headers]. Proxies
/// add fields such as `X-Forwarded-Host`, which are not read: clients can send those too.
///
/// [forbidden request-headers]: https://fetch.spec.whatwg.org/#forbidden-request-header
pub(super) fn is_same_origin<R: Request>(origin: &OriginValue<'_>, request: &R) -> bool {
    if let Some(site) = request::fetch_site(request) {
        // `none` is for what the user starts, with a bookmark for instance. No browser sends it with
        // the origin of another page, so `Host` decides.
        // https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
        if site != b"none" {
            return site == b"same-origin";
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
    /// No page: it is a navigation, or a page that does not read. CORS does not apply.
    /// <https://fetch.spec.whatwg.org/#concept-request-mode>
    Nobody,
}

/// Tells who waits for the response to a request that is not a preflight.
pub(crate) fn reader<R: Request>(request: &R) -> Reader {
    let Single::Once(origin) = request::origin(request) else {
        return Reader::OtherOrigin;
    };
    if is_same_origin(&origin, request) {
        let is_at_host = match (origin.parsed(), request::authority(request)) {
            (Ok(origin), Some(authority)) => is_at(&origin, &authority),
            // A sandboxed page has the origin `null`.
            _ => true,
        };
        return if is_at_host {
            Reader::OwnPage
        } else {
            Reader::OwnPageBehindProxy
        };
    }
    match request::single(request, Field::SecFetchMode) {
        Single::Once(b"navigate" | b"no-cors" | b"websocket") => Reader::Nobody,
        _ => Reader::OtherOrigin,
    }
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
    host_text(origin) == authority.host() && port(origin.port()) == port(authority.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request with these lines of `Sec-Fetch-Site` and `Host`.
    struct Sent<'a> {
        sites: &'a [&'a str],
        target: Option<&'a str>,
        hosts: &'a [&'a str],
        scheme: Option<&'a str>,
    }

    impl Request for Sent<'_> {
        fn method(&self) -> &'static str {
            "POST"
        }
        fn path(&self) -> &'static str {
            "/"
        }
        fn authority(&self) -> Option<&str> {
            self.target
        }
        fn scheme(&self) -> Option<&str> {
            self.scheme
        }
        fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
            let lines = match field {
                Field::SecFetchSite => self.sites,
                Field::Host => self.hosts,
                _ => &[],
            };
            lines.iter().map(|line| line.as_bytes())
        }
    }

    fn is_same(origin: &str, sent: &Sent<'_>) -> bool {
        is_same_origin(&OriginValue::new(origin.as_bytes()), sent)
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
            let sent = Sent {
                sites: &[],
                target: None,
                hosts: &[host],
                scheme: None,
            };
            assert_eq!(is_same(origin, &sent), same, "{origin} at {host}");
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
                let sent = Sent {
                    sites,
                    target: None,
                    hosts: &[host],
                    scheme: None,
                };
                let found = is_same("https://app.example.com", &sent);
                assert_eq!(found, same, "{sites:?} at {host}");
            }
        }
        for (host, same) in [("app.example.com", true), ("other.example", false)] {
            let sent = Sent {
                sites: &["none"],
                target: None,
                hosts: &[host],
                scheme: None,
            };
            assert_eq!(is_same("https://app.example.com", &sent), same, "{host}");
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
                sites: &[],
                target,
                hosts,
                scheme: None,
            };
            let found = is_same("https://app.example.com", &sent);
            assert_eq!(found, same, "{target:?} {hosts:?}");
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
                    sites,
                    target: None,
                    hosts: &["app.example.com"],
                    scheme,
                };
                assert_eq!(is_same(origin, &sent), same, "{origin} by {scheme:?}");
            }
        }
        // The browser's word is enough.
        let sent = Sent {
            sites: &["same-origin"],
            target: None,
            hosts: &[],
            scheme: Some("https"),
        };
        assert!(is_same("http://app.example.com", &sent));
    }
}
