//! A policy as it is written, and the check of it.

use std::collections::{HashMap, HashSet};

use crate::danger::Danger;
use crate::origin::Malformed;
use crate::pattern::{NotAPattern, Pattern, suffixes};
use crate::violation::{Place, Violation};
use crate::wording;
use crate::{header, max_age, method};

/// A policy as somebody wrote it.
///
/// ```
/// use cors_rules::{Draft, Rule, check, draft::Listed, is_public_suffix};
///
/// let draft = Draft { origins: Some(&[Listed::Text("*")]), credentials: true, ..Draft::default() };
/// let violations = check(&draft, is_public_suffix);
/// assert_eq!(violations[0].rule, Rule::WildcardWithCredentials);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Draft<'a> {
    /// `origins`, if given.
    pub origins: Option<&'a [Listed<'a>]>,
    /// `dev_origins`; empty if not given.
    pub dev_origins: &'a [Listed<'a>],
    /// Whether `credentials` is given.
    pub credentials: bool,
    /// `allow_headers`; empty if not given.
    pub allow_headers: &'a [&'a str],
    /// `expose_headers`; empty if not given.
    pub expose_headers: &'a [&'a str],
    /// `max_age`, in seconds.
    pub max_age: Option<u64>,
    /// `methods`, or those of the route attributes.
    pub methods: &'a [&'a str],
    /// `danger`: keys and reasons.
    pub dangers: &'a [(Danger, &'a str)],
    /// Whether the build has no `debug_assertions`.
    pub release: bool,
}

/// An element of a list of origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listed<'a> {
    /// A literal.
    Text(&'a str),
    /// A source that decides at run time, by its path.
    Source(&'a str),
}

/// All violations of all rules, errors and warnings, that a policy shows by itself.
///
/// They are in the order of their places. Nothing stops at the first: whoever reads the answer mends everything at once.
pub fn check(draft: &Draft<'_>, is_public_suffix: fn(&str) -> bool) -> Vec<Violation> {
    let mut check = Check {
        draft,
        is_public_suffix,
        violations: Vec::new(),
        needed: Vec::new(),
    };
    check.origins();
    check.allow_headers();
    check.expose_headers();
    check.max_age();
    check.methods();
    check.dangers();
    check.violations.sort_by_key(|violation| violation.place);
    check.violations
}

/// Whether what starts with `xn--` is what a browser writes for some internationalized label. Requests are not asked:
/// what no list holds, nobody is granted.
fn is_punycode(host: &str) -> bool {
    !host.contains("xn--") || url::Host::parse(host).is_ok_and(|parsed| parsed.to_string() == host)
}

struct Check<'a> {
    draft: &'a Draft<'a>,
    is_public_suffix: fn(&str) -> bool,
    violations: Vec<Violation>,
    /// The dangers that something in the policy needs.
    needed: Vec<Danger>,
}

/// An element of a list of origins that could be read.
struct Entry<'a> {
    text: &'a str,
    pattern: Pattern<'a>,
    place: Place,
}

impl<'a> Check<'a> {
    fn report(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// Reports unless the danger is accepted.
    fn report_unless(&mut self, danger: Danger, violation: Violation) {
        if self.accepts(danger) {
            self.needed.push(danger);
        } else {
            self.report(violation);
        }
    }

    fn accepts(&self, danger: Danger) -> bool {
        self.draft
            .dangers
            .iter()
            .any(|(accepted, _)| *accepted == danger)
    }

    fn origins(&mut self) {
        let draft = self.draft;
        match draft.origins {
            None if self.accepts(Danger::ReflectAnyOrigin) => {
                if draft.credentials {
                    self.needed.push(Danger::ReflectAnyOrigin);
                }
            }
            None => self.report(wording::missing_origins()),
            Some([]) => self.report(wording::empty_origins()),
            Some(_) => {}
        }
        let listed: Vec<(Listed<'a>, Place)> =
            (draft.origins.unwrap_or_default().iter().enumerate())
                .map(|(i, listed)| (*listed, Place::Origin(i)))
                .chain(
                    draft
                        .dev_origins
                        .iter()
                        .enumerate()
                        .map(|(i, listed)| (*listed, Place::DevOrigin(i))),
                )
                .collect();
        let mut seen = HashSet::new();
        let mut entries = Vec::new();
        for (element, place) in &listed {
            let (Listed::Text(text) | Listed::Source(text)) = *element;
            if !seen.insert(*element) {
                self.report(wording::duplicate_origin(*place, text));
                continue;
            }
            if matches!(element, Listed::Source(_)) {
                continue;
            }
            match text {
                "*" => self.wildcard(*place, listed.len()),
                "null" => self.report_unless(Danger::NullOrigin, wording::null_origin(*place)),
                text => match Pattern::parse(text) {
                    Ok(pattern) if !is_punycode(pattern.host) => {
                        self.report(wording::malformed_origin(*place, text, Malformed::Punycode));
                    }
                    Ok(pattern) => entries.push(Entry {
                        text,
                        pattern,
                        place: *place,
                    }),
                    Err(NotAPattern::Malformed(why)) => {
                        self.report(wording::malformed_origin(*place, text, why));
                    }
                    Err(NotAPattern::Misplaced(why)) => {
                        self.report(wording::misplaced_wildcard(*place, text, why));
                    }
                },
            }
        }
        for entry in &entries {
            self.entry(entry);
        }
        self.covered(&entries);
    }

    fn wildcard(&mut self, place: Place, listed: usize) {
        if self.draft.credentials {
            self.report(wording::wildcard_with_credentials(place));
        }
        if listed > 1 {
            self.report(wording::wildcard_with_other_origins(place));
        }
    }

    /// What one well-formed element shows by itself.
    fn entry(&mut self, entry: &Entry<'a>) {
        let Entry {
            text,
            pattern,
            place,
        } = entry;
        if self.draft.credentials && pattern.scheme != "https" && !pattern.is_loopback() {
            self.report_unless(
                Danger::InsecureOrigins,
                wording::insecure_origin_with_credentials(*place, text),
            );
        }
        if self.draft.credentials && pattern.subdomains && (self.is_public_suffix)(pattern.host) {
            self.report_unless(
                Danger::PublicSuffixes,
                wording::public_suffix_with_credentials(*place, text, pattern.host),
            );
        }
        if self.draft.release && matches!(place, Place::Origin(_)) && pattern.is_loopback() {
            self.report(wording::loopback_origin_in_release(*place, text));
        }
    }

    /// Only patterns cover others, and there are few of them: a list is mostly exact origins.
    fn covered(&mut self, entries: &[Entry<'a>]) {
        let same_list =
            |a: Place, b: Place| matches!(a, Place::Origin(_)) == matches!(b, Place::Origin(_));
        let mut by_host: HashMap<&str, Vec<&Entry<'a>>> = HashMap::new();
        for entry in entries.iter().filter(|entry| !entry.pattern.is_exact()) {
            by_host.entry(entry.pattern.host).or_default().push(entry);
        }
        if by_host.is_empty() {
            return;
        }
        for entry in entries {
            let cover = suffixes(entry.pattern.host)
                .filter_map(|host| by_host.get(host))
                .flatten()
                .find(|other| {
                    other.place != entry.place
                        && same_list(other.place, entry.place)
                        && other.pattern.covers(&entry.pattern)
                });
            if let Some(cover) = cover {
                self.report(wording::covered_origin(entry.place, entry.text, cover.text));
            }
        }
    }

    fn allow_headers(&mut self) {
        let draft = self.draft;
        let wildcard = draft.allow_headers.contains(&"*");
        let mut seen = HashSet::new();
        for (i, written) in draft.allow_headers.iter().enumerate() {
            let place = Place::AllowHeader(i);
            let name = written.to_ascii_lowercase();
            if !seen.insert(name.clone()) {
                self.report(wording::duplicate_header(place, written));
            } else if name == "*" {
                if draft.credentials {
                    self.report(wording::wildcard_headers_with_credentials(place));
                }
            } else if !header::is_valid(&name) {
                self.report(wording::invalid_header(place, written));
            } else if header::is_forbidden_request(&name) {
                self.report(wording::forbidden_request_header(place, written, &name));
            } else if header::is_cors_response(&name) {
                self.report(wording::response_header_in_request(place, written));
            } else if wildcard && name != "authorization" {
                // `*` stands for all names but this one: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
                self.report(wording::header_beside_wildcard(place, written));
            } else if header::is_safelisted_request(&name) {
                self.report(wording::safelisted_request_header(place, written));
            }
        }
    }

    fn expose_headers(&mut self) {
        let draft = self.draft;
        let wildcard = draft.expose_headers.contains(&"*");
        let mut seen = HashSet::new();
        for (i, written) in draft.expose_headers.iter().enumerate() {
            let place = Place::ExposeHeader(i);
            let name = written.to_ascii_lowercase();
            if !seen.insert(name.clone()) {
                self.report(wording::duplicate_header(place, written));
            } else if name == "*" {
                if draft.credentials {
                    self.report(wording::wildcard_expose_with_credentials(place));
                }
            } else if !header::is_valid(&name) {
                self.report(wording::invalid_header(place, written));
            } else if header::is_forbidden_response(&name) {
                self.report(wording::forbidden_response_header(place, written));
            } else if header::is_cors_request(&name) {
                self.report(wording::request_header_in_response(place, written));
            } else if wildcard {
                self.report(wording::header_beside_wildcard(place, written));
            } else if header::is_safelisted_response(&name) {
                self.report(wording::safelisted_response_header(place, written));
            }
        }
    }

    fn max_age(&mut self) {
        match self.draft.max_age {
            Some(seconds) if seconds > max_age::MOST => {
                self.report(wording::max_age_too_large(seconds));
            }
            Some(seconds) if seconds > max_age::MOST_IN_BROWSERS => {
                self.report(wording::max_age_beyond_browsers(seconds));
            }
            _ => {}
        }
    }

    fn methods(&mut self) {
        for (i, written) in self.draft.methods.iter().enumerate() {
            let place = Place::Method(i);
            if self.draft.methods[..i].contains(written) {
                self.report(wording::duplicate_method(place, written));
            } else if method::is_forbidden(written) {
                self.report(wording::forbidden_method(place, written));
            } else if let Some(standard) = method::miscased(written) {
                self.report(wording::miscased_method(place, written, standard));
            } else if !method::is_valid(written) {
                self.report(wording::invalid_method(place, written));
            }
        }
    }

    fn dangers(&mut self) {
        for (i, (danger, reason)) in self.draft.dangers.iter().enumerate() {
            if reason.trim().is_empty() {
                self.report(wording::empty_reason(Place::Reason(i), *danger, reason));
            }
            if !self.needed.contains(danger) {
                self.report(wording::needless_danger(
                    Place::Danger(i),
                    *danger,
                    self.draft.origins.is_some(),
                ));
            }
        }
    }
}
