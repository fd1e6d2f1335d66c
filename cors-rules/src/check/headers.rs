//! The rules about header names.

use std::collections::HashSet;

use super::Check;
use crate::violation::{Place, Violation};
use crate::{header, wording};

impl Check<'_, '_> {
    /// Whether `*` is listed, and the names in lower case, sorted.
    pub(super) fn allow_headers(&mut self) -> (bool, Vec<String>) {
        let draft = self.draft;
        let wildcard = draft.allow_headers.contains(&"*");
        let mut names = self.names(
            &draft.allow_headers,
            Place::AllowHeader,
            |check, place, written, name| {
                let accepts = |name: &str| {
                    header::is_valid(name)
                        && !header::is_forbidden_request(name)
                        && !header::is_cors_response(name)
                        && !header::is_safelisted_request(name)
                        && (!wildcard || name == "authorization")
                };
                if name == "*" {
                    check
                        .draft
                        .credentials
                        .then(|| wording::wildcard_headers_with_credentials(place))
                } else if !header::is_valid(name) {
                    let meant = meant(name, &draft.allow_headers, accepts);
                    Some(wording::invalid_header(place, written, &meant))
                } else if header::is_forbidden_request(name) {
                    Some(wording::forbidden_request_header(place, written, name))
                } else if header::is_cors_response(name) {
                    Some(wording::response_header_in_request(place, written))
                } else if wildcard && name != "authorization" {
                    // https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
                    Some(wording::header_beside_wildcard(place, written))
                } else if header::is_safelisted_request(name) {
                    Some(wording::safelisted_request_header(place, written))
                } else {
                    None
                }
            },
        );
        names.retain(|name| name != "*");
        names.sort_unstable();
        (wildcard, names)
    }

    /// The names in lower case.
    pub(super) fn expose_headers(&mut self) -> Vec<String> {
        let draft = self.draft;
        let wildcard = draft.expose_headers.contains(&"*");
        self.names(
            &draft.expose_headers,
            Place::ExposeHeader,
            |check, place, written, name| {
                let accepts = |name: &str| {
                    header::is_valid(name)
                        && !header::is_forbidden_response(name)
                        && !header::is_cors_request(name)
                        && !header::is_safelisted_response(name)
                        && !wildcard
                };
                if name == "*" {
                    check
                        .draft
                        .credentials
                        .then(|| wording::wildcard_expose_with_credentials(place))
                } else if !header::is_valid(name) {
                    let meant = meant(name, &draft.expose_headers, accepts);
                    Some(wording::invalid_header(place, written, &meant))
                } else if header::is_forbidden_response(name) {
                    Some(wording::forbidden_response_header(place, written))
                } else if header::is_cors_request(name) {
                    Some(wording::request_header_in_response(place, written))
                } else if wildcard {
                    Some(wording::header_beside_wildcard(place, written))
                } else if header::is_safelisted_response(name) {
                    Some(wording::safelisted_response_header(place, written))
                } else {
                    None
                }
            },
        )
    }

    /// Reads a list of names, and reports duplicates.
    fn names(
        &mut self,
        list: &[&str],
        place: fn(usize) -> Place,
        judge: impl Fn(&Self, Place, &str, &str) -> Option<Violation>,
    ) -> Vec<String> {
        let mut seen = HashSet::new();
        let mut names = Vec::new();
        for (i, written) in list.iter().enumerate() {
            let name = written.to_ascii_lowercase();
            if seen.insert(name.clone()) {
                if let Some(violation) = judge(self, place(i), written, &name) {
                    self.report(violation);
                }
                names.push(name);
            } else {
                self.report(wording::duplicate_header(place(i), written));
            }
        }
        names
    }
}

/// The names in a string that holds several, as far as they can be listed.
fn meant(written: &str, list: &[&str], accepts: impl Fn(&str) -> bool) -> Vec<String> {
    // `content-type: application/json` is a field, and a list takes its name.
    let (names, _) = written.split_once(':').unwrap_or((written, ""));
    let mut seen = HashSet::new();
    (names.split([',', ' ', ';']))
        .filter(|name| *name != "*" && accepts(name) && seen.insert(*name))
        .filter(|name| !list.iter().any(|other| other.eq_ignore_ascii_case(name)))
        .map(str::to_owned)
        .collect()
}
