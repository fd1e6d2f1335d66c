//! A policy that keeps the rules: parsed, split and sorted. Its texts are not parsed again by those
//! who write it out or search it.

use std::cmp::Ordering;

use crate::violation::{Place, Violation};

/// A policy without errors, ready to be written out or searched. Only [`check`](crate::check())
/// makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked<'a> {
    /// Who may read.
    pub origins: Origins<'a>,
    /// `allow_headers` has `"*"`.
    pub allow_any_header: bool,
    /// The names in `allow_headers`, in lower case, sorted; without `*`.
    pub allow_headers: Vec<String>,
    /// The names in `expose_headers`, in lower case, in the order in which they were written.
    pub expose_headers: Vec<String>,
    /// `max_age`, in seconds.
    pub max_age: Option<u32>,
    /// The violations of a policy that builds on this one, if it adds `credentials` or accepts no
    /// danger. Those about credentials are complete if the draft has them, or can be a base.
    pub hazards: Vec<Violation>,
}

/// The origins of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins<'a> {
    /// `["*"]`: anyone.
    Any,
    /// `danger(reflect_any_origin = "…")`: anyone, by name.
    Reflected,
    /// The origins of the base: this policy states none.
    Inherited,
    /// The origins of this list.
    Listed(List<'a>),
}

/// A list of origins, split by how its elements are looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List<'a> {
    /// Origins that are compared as a whole, `null` and `file://` among them; sorted by
    /// [`by_length`].
    pub exact: Vec<Entry<&'a str>>,
    /// Patterns, sorted in the same way.
    pub patterns: Vec<Entry<&'a str>>,
    /// The paths of sources that decide at run time, in the order in which they were written.
    pub sources: Vec<Entry<&'a str>>,
}

/// An element of a [`List`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<T> {
    /// The element.
    pub value: T,
    /// Where it was written: in `origins`, or in `dev_origins`.
    pub place: Place,
}

/// The order of lists that are searched: shorter first, so that most comparisons look at lengths
/// only.
pub fn by_length(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

impl List<'_> {
    pub(crate) fn sort(&mut self) {
        for list in [&mut self.exact, &mut self.patterns] {
            list.sort_by(|a, b| by_length(a.value.as_bytes(), b.value.as_bytes()));
        }
    }
}
