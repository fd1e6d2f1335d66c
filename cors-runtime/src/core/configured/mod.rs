//! A policy that is set when the program starts.

mod config;
#[cfg(feature = "serde")]
mod deserialize;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use cors_rules::{Origin, Pattern};

use super::sources::{CredentialSafe, OriginSource, SourceError};
use super::violations::Violations;

pub use self::config::PolicyConfig;

/// A policy that is set when the program starts.
#[derive(Debug, Default)]
pub struct ConfiguredPolicy(ArcSwapOption<PolicyConfig>);

impl ConfiguredPolicy {
    /// A policy that allows no one until it is set.
    #[must_use]
    pub const fn new() -> Self {
        Self(ArcSwapOption::const_empty())
    }

    /// Sets the policy.
    pub fn set(&self, config: PolicyConfig) -> Result<(), Violations> {
        config.check()?;
        self.0.store(Some(Arc::new(config)));
        Ok(())
    }
}

impl OriginSource for ConfiguredPolicy {
    fn allows(&self, origin: &Origin<'_>, _: Option<&str>) -> Result<bool, SourceError> {
        let matches = |text: &String| {
            text == "*" || Pattern::parse(text).is_ok_and(|pattern| pattern.matches(origin))
        };
        Ok((self.0.load().as_ref()).is_some_and(|config| config.origins.iter().any(matches)))
    }
}

impl CredentialSafe for ConfiguredPolicy {}
