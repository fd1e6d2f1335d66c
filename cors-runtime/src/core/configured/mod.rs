//! A policy that is set when the program starts.

mod config;

use super::sources::Violations;

pub use self::config::PolicyConfig;

/// A policy that is set when the program starts.
#[derive(Debug, Default)]
pub struct ConfiguredPolicy {}

impl ConfiguredPolicy {
    /// Sets the policy.
    pub fn set(&self, _: PolicyConfig) -> Result<(), Violations> {
        todo!("the skeleton that both halves start from")
    }
}
