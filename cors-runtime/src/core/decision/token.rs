//! Tokens: methods and header names are tokens.

/// True if it is a token: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
pub(super) fn is_token(bytes: &[u8]) -> bool {
    let is_tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !bytes.is_empty() && bytes.iter().all(is_tchar)
}
