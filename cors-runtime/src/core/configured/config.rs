//! A policy as an operator states it.

use std::collections::BTreeMap;

use cors_rules::draft::{Element, Written};
use cors_rules::{Checked, Danger, Draft};

use crate::core::violations::Violations;

/// A policy as an operator states it, for [`ConfiguredPolicy::set`](crate::ConfiguredPolicy::set).
///
/// The fields are the arguments of the attribute. Each has a default, and the default of all allows
/// no one.
///
/// With the feature `serde`, it is read from TOML, YAML, JSON or the environment by whatever your
/// server uses. The environment has only text, so a list can be one text with commas between its
/// entries, and `credentials`, `enforce` and `max_age` can be the text of their value. An unknown
/// key is an error that says which one was most likely meant.
///
/// ```toml
/// [cors]
/// origins = ["https://app.example.com", "http://scanner.example.com"]
/// credentials = true
/// danger.insecure_origins = "the scanner is in our own network, and has no certificate"
/// ```
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

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

impl PolicyConfig {
    /// Checks it by the rules of the attribute, as [`Violations::check`] does.
    pub(super) fn check(&self) -> Result<(Checked<'_>, Violations), Violations> {
        let reflects = self.danger.contains_key(&Danger::ReflectAnyOrigin);
        let origins = self.origins.iter().map(|origin| Element::Text(origin));
        let has_origins = !self.origins.is_empty();
        let draft = Draft {
            origins: has_origins.then(|| origins.collect()),
            credentials: self.credentials,
            enforce: self.enforce,
            allow_headers: texts(&self.allow_headers),
            expose_headers: texts(&self.expose_headers),
            max_age: self.max_age.map(u64::from),
            dangers: self.dangers().collect(),
            // In an attribute, a policy without origins is a mistake. In a configuration it is how
            // CORS is switched off, and the rest may stay as it is.
            has_base: !has_origins && !reflects,
            release: !cfg!(debug_assertions),
            written: Written::Configuration,
            ..Draft::default()
        };
        Violations::check(&draft, Some(self.danger.keys().copied().collect()))
    }

    /// The accepted dangers, each with its reason.
    pub(super) fn dangers(&self) -> impl Iterator<Item = (Danger, &str)> {
        let dangers = self.danger.iter();
        dangers.map(|(danger, reason)| (*danger, reason.as_str()))
    }
}
