//! Builds the constant policies that the macro writes.

use cors_rules::Danger;

use super::hazards::Hazard;
use super::origins::Origins;
use super::policy::{AllowHeaders, Configured, ExposeHeaders, Policy, SetPolicy};
use super::sources::Source;

/// Starts with a policy that allows no one.
pub const fn policy() -> PolicyBuilder {
    based_on(&Policy::FOR_NO_ONE)
}

/// A policy of the arguments that most policies state. The compiler takes time for each call, in
/// each policy: this is one call instead of five.
///
/// The arguments are those of [`PolicyBuilder::origins`], [`PolicyBuilder::credentials`],
/// [`PolicyBuilder::allow_headers`] and [`PolicyBuilder::max_age`].
pub const fn listed(
    exact: &'static [&'static str],
    patterns: &'static [&'static str],
    credentials: bool,
    any_header: bool,
    allow_headers: &'static [&'static str],
    max_age: &'static str,
) -> Policy {
    Policy {
        origins: Origins::Listed {
            exact,
            patterns,
            sources: &[],
        },
        credentials,
        allow_headers: AllowHeaders::new(any_header, allow_headers),
        max_age,
        ..Policy::FOR_NO_ONE
    }
}

/// `configured = path`: the path as written in the attribute, and a function that refers to the
/// `static` there.
pub const fn configured(path: &'static str, get: fn() -> &'static SetPolicy) -> Policy {
    Policy {
        configured: Some(Configured::new(path, get)),
        ..Policy::FOR_NO_ONE
    }
}

/// Starts with another policy.
pub const fn based_on(base: &Policy) -> PolicyBuilder {
    PolicyBuilder {
        policy: Policy { ..*base },
    }
}

/// The policy of `none`.
pub static NOBODY: Policy = policy().nobody().policy;

/// Builds a policy from arguments that the macro has checked and sorted.
#[must_use]
#[derive(Debug)]
pub struct PolicyBuilder {
    /// The policy so far. The compiler reads a field in less time than it evaluates a call.
    pub policy: Policy,
}

impl PolicyBuilder {
    /// `none`
    pub const fn nobody(self) -> Self {
        self.with_origins(Origins::Nobody)
    }

    /// `origins = ["*"]`
    pub const fn any_origin(self) -> Self {
        self.with_origins(Origins::Any)
    }

    /// `danger(reflect_any_origin = "…")`
    pub const fn reflect_any_origin(self) -> Self {
        self.with_origins(Origins::Reflected)
    }

    /// The origins and the patterns, each sorted by [`by_length`](cors_rules::checked::by_length).
    pub const fn origins(
        self,
        exact: &'static [&'static str],
        patterns: &'static [&'static str],
    ) -> Self {
        self.with_origins(Origins::Listed {
            exact,
            patterns,
            sources: &[],
        })
    }

    /// Replaces the origins of the base, and their hazards.
    const fn with_origins(mut self, origins: Origins) -> Self {
        self.policy.origins = origins;
        self.policy.hazards.origins = &[];
        self
    }

    /// The sources, after `origins`.
    pub const fn sources(mut self, new: &'static [Source]) -> Self {
        if let Origins::Listed { sources, .. } = &mut self.policy.origins {
            *sources = new;
        }
        self
    }

    /// `credentials`, or `credentials = false`
    pub const fn credentials(mut self, on: bool) -> Self {
        self.policy.credentials = on;
        self
    }

    /// `enforce`, or `enforce = false`
    pub const fn enforce(mut self, on: bool) -> Self {
        self.policy.enforce = on;
        self
    }

    /// `any` if `*` is listed, and the other names in lower case, sorted.
    pub const fn allow_headers(mut self, any: bool, names: &'static [&'static str]) -> Self {
        self.policy.allow_headers = AllowHeaders::new(any, names);
        self
    }

    /// The names, and the names as a header value.
    pub const fn expose_headers(
        mut self,
        names: &'static [&'static str],
        value: &'static str,
    ) -> Self {
        self.policy.expose_headers = ExposeHeaders { names, value };
        self.policy.hazards.expose_headers = &[];
        self
    }

    /// The seconds as a header value. It is empty if the policy does not state them.
    pub const fn max_age(mut self, value: &'static str) -> Self {
        self.policy.max_age = value;
        self
    }

    /// The accepted dangers, each with its reason.
    pub const fn dangers(mut self, dangers: &'static [(Danger, &'static str)]) -> Self {
        self.policy.dangers = dangers;
        self
    }

    /// The hazards of the arguments that are stated here. Called after those arguments.
    pub const fn hazards(
        mut self,
        origins: &'static [Hazard],
        expose_headers: &'static [Hazard],
    ) -> Self {
        let all = &mut self.policy.hazards;
        if !origins.is_empty() {
            all.origins = origins;
        }
        if !expose_headers.is_empty() {
            all.expose_headers = expose_headers;
        }
        self
    }
}
