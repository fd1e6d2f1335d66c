//! The rules about origins.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::pass::Check;
use crate::checked::{Entry, List, Origins};
use crate::danger::Danger;
use crate::draft::{Element, Written};
use crate::origin::Malformed;
use crate::pattern::{NotAPattern, Pattern};
use crate::public_suffix::public_suffix;
use crate::suggest::{self, Suggestion};
use crate::violation::{Place, Violation};
use crate::{expression, wording};

/// An element that is an origin or a pattern.
struct Parsed<'a> {
    text: &'a str,
    pattern: Pattern<'a>,
    place: Place,
}

/// The elements of a list, by kind.
#[derive(Default)]
struct Elements<'a> {
    any: bool,
    /// `null` and `file://`, which name nobody.
    unnamed: Vec<Entry<&'a str>>,
    parsed: Vec<Parsed<'a>>,
    sources: Vec<Entry<&'a str>>,
    malformed: Vec<(&'a str, Place, NotAPattern)>,
}

impl<'a> Check<'_, 'a> {
    pub(super) fn origins(&mut self) -> Origins<'a> {
        let draft = self.draft;
        let written = draft.written;
        let reflected = draft.origins.is_none() && self.accepts(Danger::ReflectAnyOrigin);
        self.reflects = reflected && draft.credentials;
        match draft.origins.as_deref() {
            None if reflected || draft.has_base => {}
            None => self.report(wording::missing_origins(Place::Policy, "")),
            Some([]) if written != Written::Attribute => {}
            Some([]) => self.report(wording::empty_origins(Place::Origins, "[]")),
            Some(_) => {}
        }
        let elements = self.read();
        let allows_all = if elements.any {
            Some(written.pick("origins = [\"*\"]", "*"))
        } else {
            reflected.then_some("reflect_any_origin")
        };
        if let Some(allows_all) = allows_all.filter(|_| draft.enforce) {
            self.report(wording::needless_enforce(
                Place::Enforce,
                "enforce",
                written,
                allows_all,
            ));
        }
        if reflected && !draft.has_base {
            for i in 0..draft.dev_origins.len() {
                self.report(wording::beside_reflection(Place::DevOrigin(i), ""));
            }
            return Origins::Reflected;
        }
        let index = Index::new(&elements.parsed);
        for parsed in &elements.parsed {
            self.parsed(parsed, &index);
            if let Some(wider) = index.wider(&parsed.pattern, parsed.place) {
                self.report(wording::covered_origin(
                    parsed.place,
                    parsed.text,
                    wider.text,
                ));
            }
        }
        for (text, place, why) in &elements.malformed {
            self.malformed(text, *place, *why, &index);
        }
        if elements.any {
            return Origins::Any;
        }
        if draft.origins.is_none() && draft.has_base && draft.dev_origins.is_empty() {
            return Origins::Inherited;
        }
        let mut list = List {
            sources: elements.sources,
            ..List::default()
        };
        list.exact.extend(elements.unnamed);
        for Parsed {
            text,
            pattern,
            place,
        } in elements.parsed
        {
            let group = if pattern.is_exact() {
                &mut list.exact
            } else {
                &mut list.patterns
            };
            group.push(Entry { value: text, place });
        }
        list.sort();
        Origins::Listed(list)
    }

    /// Reads each element once.
    fn read(&mut self) -> Elements<'a> {
        let draft = self.draft;
        let origins = draft.origins.as_deref().unwrap_or_default();
        let count = origins.len() + draft.dev_origins.len();
        let places = (origins
            .iter()
            .enumerate()
            .map(|(i, element)| (*element, Place::Origin(i))))
        .chain(
            (draft.dev_origins.iter().enumerate())
                .map(|(i, element)| (*element, Place::DevOrigin(i))),
        );
        let mut seen = HashSet::new();
        let mut elements = Elements::default();
        for (element, place) in places {
            let (Element::Text(text) | Element::Source(text)) = element;
            if !seen.insert(element) {
                self.report(wording::duplicate_origin(place, text));
                continue;
            }
            if matches!(element, Element::Source(_)) {
                elements.sources.push(Entry { value: text, place });
                continue;
            }
            match text {
                "*" => {
                    elements.any = true;
                    self.wildcard(place, count);
                }
                "null" => {
                    elements.unnamed.push(Entry { value: text, place });
                    self.hazard(wording::null_origin(place, text, draft.written));
                }
                "file://" => {
                    elements.unnamed.push(Entry { value: text, place });
                    self.hazard(wording::file_origin(place, text, draft.written));
                }
                text => match read(text) {
                    Ok(pattern) => elements.parsed.push(Parsed {
                        text,
                        pattern,
                        place,
                    }),
                    Err(why) => elements.malformed.push((text, place, why)),
                },
            }
        }
        elements
    }

    fn wildcard(&mut self, place: Place, count: usize) {
        let written = self.draft.written;
        self.hazard(wording::wildcard_with_credentials(place, "*", written));
        if count > 1 {
            self.report(wording::wildcard_with_other_origins(place, "*", written));
        }
    }

    /// The rules about one well-formed element.
    fn parsed(&mut self, parsed: &Parsed<'a>, index: &Index<'_, 'a>) {
        let Parsed {
            text,
            pattern,
            place,
        } = *parsed;
        let written = self.draft.written;
        if suggest::has_placeholder(pattern.host) {
            self.report(wording::placeholder_origin(place, text));
        }
        let misspelt = suggest::misspelt_scheme(pattern.scheme);
        if self.may_have_credentials() && !pattern.is_secure() {
            let correction = match misspelt {
                Some(_) => suggest::correct_origin(text),
                None => pattern.has_domains().then(|| suggest::secure(&pattern)),
            };
            let correction = self.suggest(index, place, true, correction);
            self.hazard(insecure(place, text, &pattern, written, correction));
        }
        let is_reported = (self.violations.last()).is_some_and(|last| last.place == place);
        if let Some(meant) = misspelt.filter(|_| !is_reported) {
            let correction = suggest::correct_origin(text);
            let correction = self.suggest(index, place, self.draft.credentials, correction);
            let violation = wording::misspelt_scheme(place, text, written, meant, correction);
            self.report(violation);
        }
        if self.may_have_credentials()
            && let Some(suffix) = suffix_of_strangers(&pattern)
        {
            let domain = without_dot(pattern.host);
            let violation =
                wording::public_suffix_with_credentials(place, text, written, &suffix, domain);
            self.hazard(violation);
        }
        let is_of_development = pattern.is_loopback_site() && !pattern.is_app_webview();
        if self.draft.release && matches!(place, Place::Origin(_)) && is_of_development {
            self.report(wording::loopback_origin_in_release(place, text, written));
        }
    }

    fn malformed(&mut self, text: &str, place: Place, why: NotAPattern, index: &Index<'_, 'a>) {
        let written = self.draft.written;
        let suggest = |correction| self.suggest(index, place, self.draft.credentials, correction);
        if let Some(kind) = expression::other_pattern(text) {
            let suggestion = suggest(expression::from_expression(text));
            let suggestion = without_strangers(suggestion);
            self.report(wording::other_pattern(
                place, text, written, kind, suggestion,
            ));
            return;
        }
        if let Some(several) = suggest::split_origins(text) {
            let offered: Vec<_> = (several.into_iter())
                .filter_map(|part| match suggest(Some(part)) {
                    Suggestion::Write(part) => Some(part),
                    _ => None,
                })
                .collect();
            let offered = suggest::without_redundant(&offered);
            self.report(wording::several_origins(place, text, written, &offered));
            return;
        }
        if let Some((mistake, inner)) = suggest::undecorated(text) {
            let is_entry = is_unnamed(&inner)
                || read(&inner).is_ok_and(|pattern| !suggest::has_placeholder(pattern.host));
            let suggestion = suggest(suggest::correct_origin(&inner).or(Some(inner.clone())));
            if is_entry || suggestion != Suggestion::Nothing {
                self.report(wording::decorated_origin(
                    place, text, written, &mistake, &inner, suggestion,
                ));
                return;
            }
        }
        if suggest::is_address_range(text) {
            self.report(wording::address_range(place, text, written));
            return;
        }
        match why {
            NotAPattern::Malformed(why) => {
                let suggestion = suggest(suggest::correct_origin(text));
                self.report(wording::malformed_origin(
                    place, text, written, why, suggestion,
                ));
            }
            NotAPattern::Misplaced(why) => {
                let suggestion = suggest(suggest::correct_wildcard(text, why));
                let suggestion = without_strangers(suggestion);
                self.report(wording::misplaced_wildcard(
                    place, text, written, why, suggestion,
                ));
            }
        }
    }

    /// Holds a correction to the rules of a policy with or without `credentials` before it is
    /// offered, and corrects it again if that helps.
    fn suggest(
        &self,
        index: &Index<'_, 'a>,
        place: Place,
        credentials: bool,
        correction: Option<String>,
    ) -> Suggestion {
        let Some(mut text) = correction else {
            return Suggestion::Nothing;
        };
        let takes_insecure = !credentials || self.accepts(Danger::InsecureOrigins);
        if let Ok(pattern) = Pattern::parse(&text)
            && !takes_insecure
            && !pattern.is_secure()
        {
            text = suggest::secure(&pattern);
        }
        let Ok(pattern) = Pattern::parse(&text) else {
            return Suggestion::Nothing;
        };
        let is_taken = (takes_insecure || pattern.is_secure())
            && (!credentials
                || self.accepts(Danger::PublicSuffixes)
                || suffix_of_strangers(&pattern).is_none())
            && read(&text).is_ok()
            && !suggest::has_placeholder(pattern.host);
        if !is_taken {
            return Suggestion::Nothing;
        }
        match index.twin(&pattern, place) {
            Some(twin) => Suggestion::Remove(twin.text.to_owned()),
            None if index.has_covered(&pattern, place) => Suggestion::Nothing,
            None => Suggestion::Write(text),
        }
    }
}

/// The elements of a list by what they stand for. A search takes the same time however many there
/// are.
struct Index<'e, 'a> {
    elements: HashMap<Pattern<'a>, Vec<&'e Parsed<'a>>>,
    /// The patterns that would make an element redundant, and whether it is one of development.
    /// Most lists need none of them.
    covering: OnceCell<HashMap<Pattern<'a>, bool>>,
}

impl<'e, 'a> Index<'e, 'a> {
    fn new(parsed: &'e [Parsed<'a>]) -> Self {
        let mut elements: HashMap<_, Vec<_>> = HashMap::new();
        for parsed in parsed {
            elements.entry(parsed.pattern).or_default().push(parsed);
        }
        Self {
            elements,
            covering: OnceCell::new(),
        }
    }

    /// The first element that covers a pattern and is at such a place.
    fn cover(
        &self,
        pattern: &Pattern<'_>,
        mut is_such: impl FnMut(Place) -> bool,
    ) -> Option<&'e Parsed<'a>> {
        (pattern.wider())
            .filter_map(|wider| self.elements.get(&wider))
            .flatten()
            .copied()
            .find(|cover| is_such(cover.place))
    }

    /// The pattern that makes an element redundant.
    fn wider(&self, pattern: &Pattern<'a>, place: Place) -> Option<&'e Parsed<'a>> {
        self.cover(pattern, |cover| is_in_force(cover, place))
    }

    /// True if a correction makes another element redundant. It never covers the element that it
    /// corrects, which is malformed or differs in its scheme.
    fn has_covered(&self, pattern: &Pattern<'_>, place: Place) -> bool {
        let covering = self.covering.get_or_init(|| {
            let mut covering = HashMap::new();
            for (pattern, parsed) in &self.elements {
                let is_of_development =
                    |parsed: &&Parsed<'_>| matches!(parsed.place, Place::DevOrigin(_));
                let is_of_development = parsed.iter().any(is_of_development);
                for wider in pattern.wider() {
                    *covering.entry(wider).or_default() |= is_of_development;
                }
            }
            covering
        });
        (covering.get(pattern))
            .is_some_and(|of_development| matches!(place, Place::Origin(_)) || *of_development)
    }

    /// The element that makes a correction redundant.
    fn twin(&self, pattern: &Pattern<'_>, place: Place) -> Option<&'e Parsed<'a>> {
        let mut same = self.elements.get(pattern).into_iter().flatten().copied();
        same.find(|twin| twin.place != place).or_else(|| {
            let is_redundant = |cover| cover != place && is_in_force(cover, place);
            self.cover(pattern, is_redundant)
        })
    }
}

/// The public suffix below which strangers can get a name that the pattern matches.
fn suffix_of_strangers(pattern: &Pattern<'_>) -> Option<String> {
    let has_names = pattern.subdomains && pattern.has_domains();
    has_names
        .then(|| public_suffix(without_dot(pattern.host)))
        .flatten()
}

/// The suggestion, unless it allows all names below a public suffix: nobody asked for that.
fn without_strangers(suggestion: Suggestion) -> Suggestion {
    match suggestion {
        Suggestion::Write(text)
            if Pattern::parse(&text)
                .is_ok_and(|pattern| suffix_of_strangers(&pattern).is_some()) =>
        {
            Suggestion::Nothing
        }
        suggestion => suggestion,
    }
}

/// A host without the dot of the root.
fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// True if an element at `wider` is in force wherever one at `place` is. A release build has no
/// development origins.
fn is_in_force(wider: Place, place: Place) -> bool {
    matches!(wider, Place::Origin(_)) || matches!(place, Place::DevOrigin(_))
}

/// Reads an origin or a pattern. Refuses more than [`Pattern::parse`], which also reads what
/// clients send. Requests skip the check: invalid Punycode matches no listed origin.
fn read(text: &str) -> Result<Pattern<'_>, NotAPattern> {
    let pattern = Pattern::parse(text)?;
    if pattern.has_domains() && !is_punycode(pattern.host) {
        return Err(Malformed::Punycode.into());
    }
    Ok(pattern)
}

/// True for an element that names no origin.
fn is_unnamed(text: &str) -> bool {
    matches!(text, "*" | "null" | "file://")
}

/// True if a browser writes each label that starts with `xn--` for an internationalized label.
fn is_punycode(host: &str) -> bool {
    !host.contains("xn--") || url::Host::parse(host).is_ok_and(|parsed| parsed.to_string() == host)
}

pub(super) fn insecure(
    place: Place,
    text: &str,
    pattern: &Pattern<'_>,
    written: Written,
    correction: Suggestion,
) -> Violation {
    if pattern.has_domains() {
        wording::insecure_http_with_credentials(place, text, written, correction)
    } else if pattern.is_any_host() {
        wording::any_host_with_credentials(place, text, written, pattern.is_extension())
    } else {
        wording::insecure_app_with_credentials(place, text, written, correction)
    }
}
