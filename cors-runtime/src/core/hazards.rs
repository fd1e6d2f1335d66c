//! The hazards of a policy, which policies that build on it must know.

use cors_rules::Rule;

/// A rule that an argument violates if credentials are added or no danger is accepted, and the
/// violation as the compiler shows it.
pub(crate) type Hazard = (Rule, &'static str);

/// The hazards of a policy, by argument.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hazards {
    pub(crate) origins: &'static [Hazard],
    pub(crate) expose_headers: &'static [Hazard],
}

impl Hazards {
    pub(crate) const NONE: Self = Self {
        origins: &[],
        expose_headers: &[],
    };
}

/// Two policies that state the same are equal, even if only one of them can be a base.
impl PartialEq for Hazards {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Hazards {}
