//! Whether a request comes from the server's own pages.

use cors_rules::Origin;

/// Whether the page that made a request has the origin that the request is for.
///
/// A page on another origin can forge neither field: both `Origin` and `Sec-*` are [forbidden request-headers].
/// What a proxy adds (`X-Forwarded-Host`) is not read: a client can send that too.
///
/// [forbidden request-headers]: https://fetch.spec.whatwg.org/#forbidden-request-header
pub(crate) fn is_same_origin(
    fetch_site: Option<&[u8]>,
    origin: &[u8],
    host: Option<&[u8]>,
) -> bool {
    match fetch_site {
        // `none`: the user started it, by a bookmark or the address bar.
        // https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
        Some(site) => site == b"same-origin" || site == b"none",
        None => host.is_some_and(|host| is_for(origin, host)),
    }
}

/// Whether `host` is the host and port of `origin`.
///
/// The scheme of the request is not known, as a proxy may have ended TLS: `Origin: https://app.example.com` arrives with
/// `Host: app.example.com` on a plain connection. So a `Host` without a port is at the default port of either scheme.
fn is_for(origin: &[u8], host: &[u8]) -> bool {
    let Some(origin) = std::str::from_utf8(origin)
        .ok()
        .and_then(|text| Origin::parse(text).ok())
    else {
        return false;
    };
    let default = match origin.scheme() {
        "https" => 443,
        "http" => 80,
        _ => return false,
    };
    let Some(rest) = strip_prefix_ignoring_case(host, cors_rules::pattern::host_text(&origin))
    else {
        return false;
    };
    match rest {
        b"" => origin.port().is_none(),
        [b':', port @ ..] => {
            let port = std::str::from_utf8(port)
                .ok()
                .and_then(|port| port.parse::<u16>().ok());
            port == Some(origin.port().unwrap_or(default))
        }
        _ => false,
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a [u8], prefix: &str) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start
        .eq_ignore_ascii_case(prefix.as_bytes())
        .then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_compared_with_its_port_whatever_the_scheme() {
        for (origin, host, same) in [
            ("https://app.example.com", "app.example.com", true),
            ("http://app.example.com", "app.example.com", true),
            ("https://app.example.com", "APP.example.com:443", true),
            ("http://app.example.com", "app.example.com:80", true),
            ("http://app.example.com", "app.example.com:443", false),
            ("https://app.example.com:8443", "app.example.com:8443", true),
            ("https://app.example.com:8443", "app.example.com", false),
            ("https://app.example.com", "app.example.com:8443", false),
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
            let found = is_same_origin(None, origin.as_bytes(), Some(host.as_bytes()));
            assert_eq!(found, same, "{origin} at {host}");
        }
    }

    #[test]
    fn what_the_browser_says_of_the_site_goes_before_the_host() {
        for (site, same) in [
            ("same-origin", true),
            ("none", true),
            ("same-site", false),
            ("cross-site", false),
            ("", false),
            ("Same-Origin", false),
        ] {
            for host in ["app.example.com", "other.example"] {
                let found = is_same_origin(
                    Some(site.as_bytes()),
                    b"https://app.example.com",
                    Some(host.as_bytes()),
                );
                assert_eq!(found, same, "{site:?} at {host}");
            }
        }
    }
}
