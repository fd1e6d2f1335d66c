//! Tokens: methods and header names are tokens.

/// True if it is a token: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
pub(super) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| is_tchar(*byte))
}

fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
