//! The configured policies of an app at one moment.

use crate::core::policy::{Configured, Policy};

/// The configured policies of an app, as they are when a request arrives.
///
/// Several handlers and a default policy can have a say in one response. If each read its policy
/// for itself, a reload in between would mix two policies in that response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moment(Vec<(Configured, &'static Policy)>);

impl Moment {
    /// Finds the configured ones among policies, each once, as they are now.
    pub(crate) fn of(policies: impl Iterator<Item = &'static Policy>) -> Self {
        let mut found = Self::default();
        for policy in policies {
            if let Some(configured) = policy.configured
                && found.get(configured).is_none()
            {
                found.0.push((configured, configured.now()));
            }
        }
        found
    }

    /// The same ones, as they are now.
    pub(crate) fn now(&self) -> Self {
        let configured = self.0.iter().map(|(configured, _)| *configured);
        Self(configured.map(|it| (it, it.now())).collect())
    }

    /// The policy that is in force at this moment where `policy` is stated.
    pub(crate) fn in_force(&self, policy: &'static Policy) -> &'static Policy {
        match policy.configured {
            Some(configured) => self.get(configured).unwrap_or_else(|| configured.now()),
            None => policy,
        }
    }

    /// True if one of them is not set.
    pub(crate) fn lacks_one(&self) -> bool {
        self.0.iter().any(|(_, policy)| !policy.is_set())
    }

    fn get(&self, configured: Configured) -> Option<&'static Policy> {
        let found = self
            .0
            .iter()
            .find(|(other, _)| other.is_filled_as(configured));
        found.map(|(_, policy)| *policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::builder::configured;
    use crate::core::configured::{ConfiguredPolicy, PolicyConfig};

    #[test]
    fn each_configured_policy_is_read_once_and_one_that_is_not_set_is_missed() {
        static SET: ConfiguredPolicy = ConfiguredPolicy::new();
        static NOT_SET: ConfiguredPolicy = ConfiguredPolicy::new();
        static POLICIES: [Policy; 3] = [
            configured("SET", || &SET.current),
            configured("crate::SET", || &SET.current),
            configured("NOT_SET", || &NOT_SET.current),
        ];

        SET.set(PolicyConfig::default()).expect("off");
        let of = |count| Moment::of(POLICIES.iter().take(count));
        for (count, read, lacks_one) in [(0, 0, false), (1, 1, false), (2, 1, false), (3, 2, true)]
        {
            let moment = of(count);
            assert_eq!(moment.0.len(), read, "{count}");
            assert_eq!(moment.lacks_one(), lacks_one, "{count}");
            assert_eq!(moment.now().lacks_one(), lacks_one, "{count}");
        }
    }
}
