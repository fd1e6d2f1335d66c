//! A check under way: its violations, and its hazards.

use crate::danger::Danger;
use crate::draft::Draft;
use crate::violation::{Rule, Violation};

/// A check under way.
pub(super) struct Check<'d, 'a> {
    pub(super) draft: &'d Draft<'a>,
    pub(super) violations: Vec<Violation>,
    /// See [`Checked::hazards`](crate::Checked::hazards).
    pub(super) hazards: Vec<Violation>,
    /// Any origin is reflected to requests with credentials.
    pub(super) reflects: bool,
}

impl Check<'_, '_> {
    pub(super) fn report(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// Keeps a hazard for policies that build on this one. Reports it if it is a violation here.
    pub(super) fn hazard(&mut self, violation: Violation) {
        let rule = violation.rule;
        let is_permitted = rule.danger().is_some_and(|danger| {
            let may_base_accept = self.draft.has_base && self.draft.dangers.is_empty();
            self.accepts(danger) || may_base_accept
        });
        if rule.applies(self.draft.credentials) && !is_permitted {
            self.report(violation.clone());
        }
        self.hazards.push(violation);
    }

    /// True if rules about credentials are evaluated: for this policy, or for one built on it.
    pub(super) fn may_have_credentials(&self) -> bool {
        self.draft.credentials || self.draft.can_be_base
    }

    /// True if something in the policy needs an accepted danger.
    pub(super) fn needs(&self, danger: Danger) -> bool {
        let needs =
            |rule: Rule| rule.danger() == Some(danger) && rule.applies(self.draft.credentials);
        match danger {
            Danger::ReflectAnyOrigin => self.reflects,
            _ => self.hazards.iter().any(|hazard| needs(hazard.rule)),
        }
    }

    pub(super) fn accepts(&self, danger: Danger) -> bool {
        (self.draft.dangers.iter()).any(|(accepted, _)| *accepted == danger)
    }
}
