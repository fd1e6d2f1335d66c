//! A policy as it was written.

use crate::danger::Danger;

/// A policy as it was written, not yet checked.
///
/// ```
/// use cors_rules::{Draft, Rule, check, draft::Element, is_public_suffix};
///
/// let draft = Draft { origins: Some(vec![Element::Text("*")]), credentials: true, ..Draft::default() };
/// let (policy, violations) = check(&draft, is_public_suffix);
/// assert!(policy.is_none());
/// assert_eq!(violations[0].rule, Rule::WildcardWithCredentials);
/// ```
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools)] // each is an argument of its own
pub struct Draft<'a> {
    /// `origins`, if given.
    pub origins: Option<Vec<Element<'a>>>,
    /// `dev_origins`; empty if not given.
    pub dev_origins: Vec<Element<'a>>,
    /// `credentials` is given.
    pub credentials: bool,
    /// `enforce` is given.
    pub enforce: bool,
    /// `allow_headers`; empty if not given.
    pub allow_headers: Vec<&'a str>,
    /// `expose_headers`; empty if not given.
    pub expose_headers: Vec<&'a str>,
    /// `max_age`, in seconds.
    pub max_age: Option<u64>,
    /// `danger`: keys and reasons.
    pub dangers: Vec<(Danger, &'a str)>,
    /// Another policy states the arguments that are left out here: `..BASE`. The compiler checks the
    /// rules that depend on the base, once it has both.
    pub has_base: bool,
    /// Another policy can build on this one, so the check finds all its hazards.
    pub can_be_base: bool,
    /// The build has no `debug_assertions`.
    pub release: bool,
    /// True if it is a list alone, which changes while the program runs. A danger that no element
    /// needs may be for later ones, and what to write instead is said in terms of a list.
    pub is_list: bool,
}

impl Draft<'_> {
    /// True if an element of `origins` or `dev_origins` decides at run time.
    pub(crate) fn has_sources(&self) -> bool {
        let mut elements = self.origins.iter().flatten().chain(&self.dev_origins);
        elements.any(|element| matches!(element, Element::Source(_)))
    }
}

/// An element of a list of origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element<'a> {
    /// A literal.
    Text(&'a str),
    /// A source that decides at run time, by its path.
    Source(&'a str),
}
