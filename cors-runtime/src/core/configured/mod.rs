//! A policy that is set when the program starts.

mod build;
mod config;
#[cfg(feature = "serde")]
mod deserialize;
mod moment;

use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::policy::{Policy, SetPolicy};
use super::violations::Violations;

pub use self::config::PolicyConfig;
pub(crate) use self::moment::Moment;

/// A policy that the operator of the server states, in a file, in the environment or on the command
/// line.
///
/// Make it a `static`, name it with `configured = …`, and [`set`](Self::set) it when the server
/// starts, before it takes requests. The rules are those of the attribute: an unsafe configuration
/// does not start the server.
///
/// ```
/// use actix_web::get;
/// use cors_runtime::{ConfiguredPolicy, PolicyConfig, cors};
///
/// pub static API: ConfiguredPolicy = ConfiguredPolicy::new();
///
/// #[cors(configured = crate::API)]
/// #[get("/items")]
/// async fn items() -> &'static str {
///     "items"
/// }
///
/// # fn main() {
/// assert_eq!(items::POLICY.to_string(), "configured = crate::API (not set)");
///
/// let config = PolicyConfig {
///     origins: vec!["https://app.example.com".to_owned()],
///     credentials: true,
///     ..PolicyConfig::default()
/// };
/// API.set(config.clone()).unwrap();
/// assert_eq!(
///     items::POLICY.to_string(),
///     r#"configured = crate::API (origins = ["https://app.example.com"], credentials)"#,
/// );
///
/// let unsafe_config = PolicyConfig { origins: vec!["*".to_owned()], ..config };
/// assert!(API.set(unsafe_config).is_err());
/// assert_eq!(items::POLICY.origins(), ["https://app.example.com"]); // It did not change.
/// # }
/// ```
///
/// # Off
/// Until it is set, and while it has no origins, it allows no one. It answers like a list in which
/// nothing matches, `Vary: Origin` included. That it is not set is logged once, at the first
/// request that misses it.
///
/// # Reloads
/// Set it again at any time. Each request is handled under one policy from beginning to end: the
/// one that is set when the request arrives. Reading it takes no lock.
///
/// Each different configuration stays in memory until the program ends, since requests may still
/// use it. Setting an earlier one again takes no more memory. That is fine for a file that people
/// edit; for a list that programs change by the minute, name an [`Allowlist`](crate::Allowlist) in
/// a policy that the attribute states.
///
/// # One per process
/// A `static` belongs to the process. Two apps of one process that need two policies need two of
/// these.
#[derive(Default)]
pub struct ConfiguredPolicy {
    /// Policies that name this one look here.
    pub(crate) current: SetPolicy,
    /// All that were ever set, each once, with what states them.
    known: Mutex<Vec<(&'static PolicyConfig, &'static Policy)>>,
}

impl ConfiguredPolicy {
    /// A policy that allows no one until it is set.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            current: SetPolicy::new(),
            known: Mutex::new(Vec::new()),
        }
    }

    /// Checks the configuration by the rules, and handles requests under it from now on.
    ///
    /// Warnings, such as one of a header that need not be listed, go to the log.
    ///
    /// # Errors
    /// All violations of the rules, each with its place in the configuration. The policy that was
    /// set before stays in force.
    #[allow(clippy::needless_pass_by_value)] // the caller has no further use for it
    pub fn set(&self, config: PolicyConfig) -> Result<(), Violations> {
        let (checked, warnings) = config.check()?;
        if !warnings.is_empty() {
            tracing::warn!("a policy is configured with this:\n{warnings}");
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let config = build::normalized(&config, &checked);
        let earlier = known.iter().find(|(earlier, _)| **earlier == config);
        let policy = earlier.map(|(_, policy)| *policy);
        let policy = policy.unwrap_or_else(|| {
            let config = Box::leak(Box::new(config));
            let policy = build::leaked(config, &checked);
            known.push((config, policy));
            policy
        });
        // Under the lock, so that of two calls the later one counts.
        self.current.set(policy);
        Ok(())
    }
}

/// Writes the policy that is set.
impl fmt::Debug for ConfiguredPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConfiguredPolicy({})", self.current.now())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::core::builder::configured;

    static API: ConfiguredPolicy = ConfiguredPolicy::new();
    static STATED: Policy = configured("API", || &API.current);

    fn config(credentials: bool, max_age: u32) -> PolicyConfig {
        PolicyConfig {
            origins: vec!["https://app.example".to_owned()],
            credentials,
            max_age: Some(max_age),
            ..PolicyConfig::default()
        }
    }

    /// Small enough for Miri: `cargo +nightly miri test -p cors-runtime --lib configured`.
    #[test]
    fn a_reader_sees_one_of_the_policies_that_are_set_meanwhile_as_a_whole() {
        API.set(config(true, 1)).expect("a policy");
        thread::scope(|scope| {
            for (credentials, max_age) in [(true, 1), (false, 2)] {
                scope.spawn(move || {
                    for _ in 0..3 {
                        API.set(config(credentials, max_age)).expect("a policy");
                    }
                });
            }
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let policy = STATED.now();
                        assert!(
                            [(true, "1"), (false, "2")]
                                .contains(&(policy.credentials, policy.max_age)),
                            "{policy}"
                        );
                        thread::yield_now();
                    }
                });
            }
        });
    }

    #[test]
    fn configured_policies_are_equal_if_they_are_named_alike_and_set_together() {
        static OTHER: ConfiguredPolicy = ConfiguredPolicy::new();
        for (what, other, is_equal) in [
            ("the same", configured("API", || &API.current), true),
            (
                "by another path",
                configured("crate::API", || &API.current),
                false,
            ),
            (
                "of the same name",
                configured("API", || &OTHER.current),
                false,
            ),
        ] {
            assert_eq!(STATED == other, is_equal, "{what}");
        }
    }

    #[test]
    fn a_policy_that_was_set_before_is_the_same_one() {
        let api = ConfiguredPolicy::new();
        assert!(!api.current.now().is_set());
        let set = |config| {
            api.set(config).expect("a policy");
            api.current.now()
        };
        let full = || PolicyConfig {
            origins: vec![
                "https://*.b.example".to_owned(),
                "https://a.example".to_owned(),
            ],
            allow_headers: vec!["X-A".to_owned()],
            expose_headers: vec!["x-b".to_owned(), "x-c".to_owned()],
            ..config(true, 1)
        };
        let changed = |change: fn(&mut PolicyConfig)| {
            let mut config = full();
            change(&mut config);
            config
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let all = [
            full(),
            PolicyConfig {
                origins: texts(&["https://*.b.example", "https://c.example"]),
                ..full()
            },
            PolicyConfig {
                origins: texts(&["https://*.c.example", "https://a.example"]),
                ..full()
            },
            PolicyConfig {
                allow_headers: texts(&["*"]),
                ..full()
            },
            changed(|it| it.origins.clear()),
            changed(|it| it.credentials = false),
            changed(|it| it.enforce = true),
            changed(|it| it.expose_headers.reverse()),
            changed(|it| it.max_age = None),
            changed(|it| {
                it.origins.push("null".to_owned());
                let reason = "no state".to_owned();
                it.danger.insert(cors_rules::Danger::NullOrigin, reason);
            }),
        ];
        let policies = all.clone().map(set);
        for (i, policy) in policies.iter().enumerate() {
            let others = &policies[..i];
            assert!(
                !others.iter().any(|other| std::ptr::eq(*other, *policy)),
                "{policy}"
            );
            assert!(std::ptr::eq(set(all[i].clone()), *policy), "{policy}");
        }
        // In another order and another case, it says the same.
        let mut config = full();
        config.origins.reverse();
        config.allow_headers = vec!["x-a".to_owned()];
        assert!(std::ptr::eq(set(config), policies[0]));
        assert_eq!(api.known.lock().expect("no panic").len(), policies.len());
    }
}
