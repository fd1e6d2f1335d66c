//! A policy as an operator states it.

use std::collections::BTreeMap;

use cors_rules::Danger;

/// A policy as an operator states it, for [`ConfiguredPolicy::set`](super::ConfiguredPolicy::set).
///
/// The fields are the arguments of the attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyConfig {
    /// The origins and patterns that may read. Empty allows no one; `"*"` alone allows anyone.
    pub origins: Vec<String>,
    /// True if cookies, TLS client certificates and HTTP authentication may be used.
    pub credentials: bool,
    /// The request headers that a page may send, beyond the safelisted ones.
    pub allow_headers: Vec<String>,
    /// The response headers that script may read, beyond the safelisted ones.
    pub expose_headers: Vec<String>,
    /// For how many seconds browsers may reuse the response to a preflight, at most 86,400.
    pub max_age: Option<u32>,
    /// True if handlers run only for same-origin requests and for allowed origins.
    pub enforce: bool,
    /// The accepted dangers, each with the reason why it is harmless.
    pub danger: BTreeMap<Danger, String>,
}
