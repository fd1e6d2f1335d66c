//! What a base tells the policies that build on it.

use cors_rules::Danger;

/// What would be wrong with an argument if nothing accepted it.
#[derive(Debug, Clone, Copy)]
pub struct Hazard {
    /// The violation, as the compiler shows it.
    pub message: &'static str,
    /// True if it is wrong only with `credentials`.
    pub only_with_credentials: bool,
    /// The danger that permits it.
    pub danger: Option<Danger>,
}

/// The hazards of a policy, by argument.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hazards {
    pub(crate) origins: &'static [Hazard],
    pub(crate) allow_headers: &'static [Hazard],
    pub(crate) expose_headers: &'static [Hazard],
}

impl Hazards {
    pub(crate) const NONE: Self = Self {
        origins: &[],
        allow_headers: &[],
        expose_headers: &[],
    };
}

/// Two policies that state the same are the same, whether or not they can be a base.
impl PartialEq for Hazards {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Hazards {}
