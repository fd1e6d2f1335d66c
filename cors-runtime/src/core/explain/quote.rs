//! Parts of a request in a text.

/// The most bytes of a part of a request that are shown.
const SHOWN: usize = 256;

/// A part of a request, escaped and cut.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let cut = &bytes[..bytes.len().min(SHOWN)];
    let ellipsis = if cut.len() < bytes.len() { "…" } else { "" };
    format!("{}{ellipsis}", cut.escape_ascii())
}

/// The same in quotes, so that it ends where it seems to end: a client may send blanks and `=`.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    format!("\"{}\"", shown(bytes))
}

/// A part of a request in a sentence: in backticks, unless it could end them.
pub(super) fn named(bytes: &[u8]) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !b"`\"\\".contains(byte);
    if bytes.iter().all(is_plain) {
        format!("`{}`", shown(bytes))
    } else {
        quoted(bytes)
    }
}
