//! The grammar of origins as the `url` crate has it.

/// Schemes that no origin with a host has.
const WITHOUT_ORIGINS: [&str; 8] = [
    "about",
    "blob",
    "data",
    "file",
    "ftp",
    "javascript",
    "ws",
    "wss",
];

/// True if a URL parser writes an origin with a host exactly so.
pub(crate) fn is_origin(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else {
        return false;
    };
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
        return false;
    };
    // Nothing listens on port 0.
    if url.port() == Some(0) || WITHOUT_ORIGINS.contains(&url.scheme()) {
        return false;
    }
    if !["https", "http"].contains(&url.scheme()) {
        // The parser leaves the host as it is, and makes no origin of the URL. A `*` is a wildcard.
        let port = url.port().map_or(String::new(), |port| format!(":{port}"));
        return !host.contains('*') && format!("{}://{host}{port}", url.scheme()) == text;
    }
    // The parser takes characters, empty labels and lengths that no name in DNS has. A dot at the
    // end is the root's.
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && (label.chars()).all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    let is_name = name.len() <= 253 && name.split('.').all(is_label);
    (is_name || host.starts_with('[')) && url.origin().ascii_serialization() == text
}
