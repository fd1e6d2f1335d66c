//! The rules about header names.

use std::collections::HashSet;

use super::pass::Check;
use crate::draft::Written;
use crate::violation::{Place, Violation};
use crate::{header, suggest, wording};

impl Check<'_, '_> {
    /// Checks `allow_headers`. Returns whether `*` is listed, and the names in lower case, sorted.
    pub(super) fn allow_headers(&mut self) -> (bool, Vec<String>) {
        let list = &self.draft.allow_headers;
        let form = self.draft.written;
        let has_wildcard = list.contains(&"*");
        // https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
        let is_covered = |name: &str| has_wildcard && name != "authorization";
        let judge = |place, written: &str, name: &str| {
            Some(if header::is_forbidden_request(name) {
                let help = match name {
                    "cookie" | "cookie2" => {
                        "remove it: the browser sends cookies where the policy has `credentials`"
                    }
                    _ => "remove it",
                };
                wording::forbidden_request_header(place, written, help)
            } else if header::is_cors_response(name) {
                wording::response_header_in_request(place, written)
            } else if is_covered(name) {
                wording::header_beside_wildcard(place, written, form, " but `authorization`")
            } else if header::is_safelisted_request(name) {
                wording::safelisted_request_header(place, written)
            } else {
                return None;
            })
        };
        // The response to a preflight lists the names that the preflight asks for. It never has
        // `*`, which Fetch takes for the name of a header if there are credentials.
        let mut names = self.names(list, Place::AllowHeader, None, judge);
        names.retain(|name| name != "*");
        names.sort_unstable();
        (has_wildcard, names)
    }

    /// Checks `expose_headers`. Returns the names in lower case.
    pub(super) fn expose_headers(&mut self) -> Vec<String> {
        let list = &self.draft.expose_headers;
        let form = self.draft.written;
        let has_wildcard = list.contains(&"*");
        let judge = |place, written: &str, name: &str| {
            Some(if header::is_forbidden_response(name) {
                wording::forbidden_response_header(place, written)
            } else if header::is_cors_request(name) {
                wording::request_header_in_response(place, written)
            } else if has_wildcard {
                wording::header_beside_wildcard(place, written, form, "")
            } else if header::is_safelisted_response(name) {
                wording::safelisted_response_header(place, written)
            } else {
                return None;
            })
        };
        let wildcard = wording::wildcard_expose_with_credentials;
        self.names(list, Place::ExposeHeader, Some(wildcard), judge)
    }

    /// Reads a list of names. Reports duplicates, texts that are not names, the violations that
    /// `judge` finds, and the wildcard where it is a hazard.
    fn names(
        &mut self,
        list: &[&str],
        place: fn(usize) -> Place,
        wildcard: Option<fn(Place, &str, Written) -> Violation>,
        judge: impl Fn(Place, &str, &str) -> Option<Violation>,
    ) -> Vec<String> {
        let form = self.draft.written;
        // A search for each name would take quadratic time.
        let listed: HashSet<_> = list.iter().map(|name| name.to_ascii_lowercase()).collect();
        let mut seen = HashSet::new();
        let mut names = Vec::new();
        for (i, written) in list.iter().enumerate() {
            let name = written.to_ascii_lowercase();
            let place = place(i);
            if !seen.insert(name.clone()) {
                self.report(wording::duplicate_header(place, written));
                continue;
            }
            let decorated = suggest::undecorated(&name).filter(|(_, inner)| {
                let is_quoted =
                    name.starts_with(suggest::is_mark) && name.ends_with(suggest::is_mark);
                (is_quoted || !header::is_valid(&name)) && (inner == "*" || is_name(inner))
            });
            if name == "*" {
                if let Some(wildcard) = wildcard {
                    self.hazard(wildcard(place, written, form));
                }
            } else if decorated.is_some() || !header::is_valid(&name) {
                let accepts = |name: &str| is_name(name) && judge(place, name, name).is_none();
                let meant = meant(&name, &listed, accepts);
                self.report(match decorated {
                    Some((mistake, inner)) => {
                        wording::decorated_header(place, written, form, &mistake, &inner, &meant)
                    }
                    None => wording::invalid_header(place, written, form, &meant),
                });
            } else if header::is_placeholder(&name) {
                self.report(wording::any_header(place, written, form));
            } else if name.contains('*') {
                self.report(wording::pattern_of_headers(place, written, form));
            } else if let Some(meant) = header::misspelt(&name)
                && judge(place, meant, meant).is_none()
            {
                let is_listed = listed.contains(meant);
                let violation = wording::misspelt_header(place, written, form, meant, is_listed);
                self.report(violation);
            } else if let Some(violation) = judge(place, written, &name) {
                self.report(violation);
            }
            names.push(name);
        }
        names
    }
}

/// True if it is the name of a header, and most likely the one that was meant.
fn is_name(name: &str) -> bool {
    header::is_valid(name)
        && !header::is_placeholder(name)
        && !name.contains('*')
        && header::misspelt(name).is_none()
}

/// The names in a string that holds several, as far as they can be listed.
fn meant(written: &str, listed: &HashSet<String>, accepts: impl Fn(&str) -> bool) -> Vec<String> {
    // `content-type: application/json` is a field, and a list takes its name.
    let (names, _) = written.split_once(':').unwrap_or((written, ""));
    let mut seen = HashSet::new();
    (names.split([',', ' ', ';']))
        .map(|name| name.trim_matches(suggest::is_mark))
        .map(|name| header::misspelt(name).unwrap_or(name))
        .filter(|name| *name != "*" && accepts(name) && seen.insert(*name))
        .filter(|name| !listed.contains(*name))
        .map(str::to_owned)
        .collect()
}
