//! From a draft to a checked policy, or to everything that is wrong with it.

mod headers;
mod origins;
mod pass;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod texts;

use self::origins::insecure;
use self::pass::Check;
use crate::checked::Checked;
use crate::draft::{Draft, Written};
use crate::method::{self, Mistake};
use crate::pattern::Pattern;
use crate::suggest::{self, Suggestion};
use crate::violation::{Place, Severity, Violation};
use crate::{max_age, wording};

/// The violation that [`check`] reports of an insecure origin beside `credentials`; `None` if the
/// origin is secure.
///
/// `origin` is the serialization of an origin, as browsers send it. This does not need the large
/// tables of Unicode, so a program that calls it and not [`check`] does not contain them.
///
/// ```
/// let violation = cors_rules::insecure_with_credentials("http://app.example.com").unwrap();
/// assert_eq!(violation.rule.name(), "insecure_origin_with_credentials");
/// assert!(cors_rules::insecure_with_credentials("https://app.example.com").is_none());
/// ```
pub fn insecure_with_credentials(origin: &str) -> Option<Violation> {
    let pattern = Pattern::parse(origin).ok()?;
    (!pattern.is_secure()).then(|| {
        let written = Written::Attribute;
        insecure(
            Place::Origin(0),
            origin,
            &pattern,
            written,
            Suggestion::Nothing,
        )
    })
}

/// Checks a policy by all rules.
///
/// Returns every violation, errors and warnings, in the order of their places, so that a user
/// can fix everything at once. The policy is `None` if one of them is an error.
pub fn check<'a>(draft: &Draft<'a>) -> (Option<Checked<'a>>, Vec<Violation>) {
    let mut check = Check {
        draft,
        violations: Vec::new(),
        hazards: Vec::new(),
        reflects: false,
    };
    let origins = check.origins();
    let (allow_any_header, allow_headers) = check.allow_headers();
    let expose_headers = check.expose_headers();
    let max_age = check.max_age();
    check.dangers();
    let (mut violations, mut hazards) = (check.violations, check.hazards);
    violations.sort_by_key(|violation| violation.place);
    hazards.sort_by_key(|hazard| hazard.place);
    let sound = (violations.iter()).all(|violation| violation.rule.severity() != Severity::Error);
    let policy = sound.then_some(Checked {
        origins,
        allow_any_header,
        allow_headers,
        expose_headers,
        max_age,
        hazards,
    });
    (policy, violations)
}

/// Checks the methods of a handler. The places of the violations are [`Place::Method`].
pub fn check_methods(methods: &[&str]) -> Vec<Violation> {
    let check = |i| check_method(methods, i);
    (0..methods.len()).filter_map(check).collect()
}

fn check_method(methods: &[&str], i: usize) -> Option<Violation> {
    let (written, place) = (methods[i], Place::Method(i));
    let meant = || suggest::methods(written, methods);
    if methods[..i].contains(&written) {
        return Some(wording::duplicate_method(place, written));
    }
    Some(match method::mistake(written)? {
        Mistake::Forbidden => wording::forbidden_method(place, written),
        Mistake::Placeholder => wording::any_method(place, written),
        Mistake::Several => wording::several_methods(place, written, &meant()),
        Mistake::Misspelt(meant) => {
            wording::misspelt_method(place, written, meant, methods.contains(&meant))
        }
        Mistake::Miscased(standard) => {
            wording::miscased_method(place, written, standard, methods.contains(&standard))
        }
        Mistake::Invalid => wording::invalid_method(place, written, &meant()),
    })
}

impl Check<'_, '_> {
    fn max_age(&mut self) -> Option<u32> {
        let seconds = self.draft.max_age?;
        let written = seconds.to_string();
        if seconds > max_age::MOST {
            self.report(wording::max_age_too_large(Place::MaxAge, &written));
        } else if seconds > max_age::MOST_IN_CHROMIUM {
            self.report(wording::max_age_beyond_browsers(Place::MaxAge, &written));
        }
        u32::try_from(seconds).ok()
    }

    /// Runs last: all hazards are known then.
    fn dangers(&mut self) {
        let written = self.draft.written;
        for (i, (danger, reason)) in self.draft.dangers.iter().enumerate() {
            let key = danger.key();
            if !is_reason(reason) {
                self.report(wording::empty_reason(
                    Place::Reason(i),
                    reason,
                    written,
                    key,
                ));
            }
            if !self.needs(*danger) && !self.draft.has_base && written != Written::List {
                self.report(wording::needless_danger(
                    Place::Danger(i),
                    key,
                    written,
                    *danger,
                    self.draft.origins.is_some(),
                    self.draft.has_sources(),
                    self.draft.dangers.len() == 1,
                ));
            }
        }
    }
}

/// A reason has a word in it, and is not the placeholder of a help.
fn is_reason(reason: &str) -> bool {
    reason.chars().any(char::is_alphanumeric) && reason.trim() != wording::PLACEHOLDER_REASON
}
