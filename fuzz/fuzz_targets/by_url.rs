//! The grammar of origins as the `url` crate has it.

/// Whether a text is what a URL parser writes for an origin. Origins of apps and extensions are
/// opaque to the parser, so it has no say in them.
pub(crate) fn is_web_origin(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    // The parser takes characters, empty labels and lengths that no name in DNS has. A dot at the
    // end is the root's.
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && (label.chars()).all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    let is_name = name.len() <= 253 && name.split('.').all(is_label);
    ["https", "http"].contains(&url.scheme())
        && (is_name || host.starts_with('['))
        // Nothing listens on port 0.
        && url.port() != Some(0)
        && url.origin().ascii_serialization() == text
}
