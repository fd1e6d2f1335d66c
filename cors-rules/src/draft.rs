//! A policy as it was written.

use std::fmt::Display;

use crate::danger::Danger;

/// A policy as it was written, not yet checked.
///
/// ```
/// use cors_rules::{Draft, Rule, check, draft::Element};
///
/// let draft = Draft { origins: Some(vec![Element::Text("*")]), credentials: true, ..Draft::default() };
/// let (policy, violations) = check(&draft);
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
    /// Another policy states the arguments that are left out here: `..BASE`. The compiler checks
    /// the rules that depend on the base, once it has both.
    pub has_base: bool,
    /// Another policy can build on this one, so the check finds all its hazards.
    pub can_be_base: bool,
    /// The build has no `debug_assertions`.
    pub release: bool,
    /// Where it was written: what a reader of the messages can change.
    pub written: Written,
}

/// Where a policy was written. The rules are the same; the reason and the help are in the terms of
/// the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Written {
    /// In code: as the arguments of an attribute.
    #[default]
    Attribute,
    /// A list of origins alone, which is replaced while the program runs. It may be empty, and a
    /// danger that no element needs may be for later ones.
    List,
    /// In a configuration: a file, the environment, a command line. Without origins, it allows no
    /// one.
    Configuration,
}

impl Written {
    /// Code for a programmer, or else words for an operator, who may not see the code.
    pub(crate) fn pick<T>(self, code: T, words: T) -> T {
        match self {
            Self::Attribute => code,
            Self::List | Self::Configuration => words,
        }
    }

    /// The help to write these texts: literals to paste, or the texts themselves. In a variable of
    /// the environment, quotation marks would be a part of the text.
    pub(crate) fn write<T: Display>(self, texts: &[T]) -> String {
        let text = |text| self.pick(format!("\"{text}\""), format!("`{text}`"));
        let texts: Vec<_> = texts.iter().map(text).collect();
        format!("{}{}", self.pick("", "write "), texts.join(", "))
    }
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
