//! The annotated handlers of an app, and which of them a request may reach.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::iter;
use std::ptr;
use std::rc::Rc;

use actix_web::dev::{ResourceDef, ResourceMap, ServiceResponse, Url};
use actix_web::test::TestRequest;
use actix_web::{Error, HttpRequest};

use super::super::registered::Registered;
use super::candidate::Candidate;
use super::marks::{Mark, suffix, tail_without_marks};
use super::slashes::{self, Slashes};
use crate::core::configured::Moment;
use crate::core::decision::{Endpoint, handler_name};
use crate::core::policy::Policy;

/// Stands for a parameter of which nothing is known.
const PARAMETER: &str = "{}";

/// An annotated handler at one path, for one of its methods, in an app.
#[derive(Debug)]
struct Handler {
    mark: Rc<Mark>,
    /// The [`outline`] of the prefixes of scopes before its path.
    prefix: String,
    /// The pattern of these prefixes, unless their regular expressions keep it secret.
    prefix_pattern: Option<String>,
    /// The prefixes as far as they are known, [`numbered`].
    numbered_prefix: String,
    /// The path, [`numbered`].
    numbered_path: String,
    /// Matches the paths of the handler, if one pattern can.
    paths: OnceCell<Option<ResourceDef>>,
    /// Matches the paths that its scopes take, if their prefixes are known.
    scopes: OnceCell<Option<ResourceDef>>,
}

#[derive(Debug)]
pub(super) struct Handlers {
    map: ResourceMap,
    /// In the order of registration, which is that of routing.
    all: Vec<Handler>,
    /// The configured policies of these and of the default, to be read for each request.
    configured: Moment,
}

/// The handlers that a request may reach.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// The annotated handlers, as far as guards let them.
    pub(super) handlers: Vec<Candidate>,
    /// Those behind a scope that takes the path and has nothing there. A request reaches them only
    /// if a guard of that scope declines.
    hidden: Vec<Candidate>,
    /// Something without a policy of its own may take the request before them.
    pub(super) is_in_doubt: bool,
    /// The guards of all of them may decline, or only a path normalizer leads to them.
    pub(super) may_be_missed: bool,
}

impl Expected {
    /// All that must agree on the response. If something without a policy may take the request
    /// first, the default must agree too. Without a default, there are none.
    pub(super) fn all(self, default: Option<Endpoint>) -> Vec<Candidate> {
        match (self.is_in_doubt, default) {
            (false, _) => self.handlers,
            (true, None) => Vec::new(),
            (true, Some(default)) => iter::once(default.into()).chain(self.handlers).collect(),
        }
    }
}

impl Handlers {
    /// The handlers of the app that has this resource map, and the default policy beside them.
    pub(super) fn new(
        map: &ResourceMap,
        marks: &[Rc<Mark>],
        default: Option<&'static Policy>,
    ) -> Self {
        // Nothing that a client sent, such as `Host`, affects this.
        let req = TestRequest::default().to_http_request();
        let all: Vec<_> = (marks.iter())
            .filter_map(|mark| Handler::locate(map, &req, mark))
            .collect();
        let policies = all.iter().map(|it| it.mark.registered.policy);
        Self {
            configured: Moment::of(policies.chain(default)),
            map: map.clone(),
            all,
        }
    }

    pub(super) fn moment(&self) -> Moment {
        self.configured.now()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Finds the handlers that a request of this method for this path may reach, which arrived at
    /// this moment. If there is nothing at the path, a path normalizer may lead to a handler.
    pub(super) fn expect(&self, path: &str, method: &str, moment: &Moment) -> Expected {
        let mut expected = self.expect_at(path, Slashes::AsSent, method, moment);
        if !expected.is_in_doubt {
            return expected;
        }
        let is_free = !self.map.has_resource(path) || self.is_annotated_at(path);
        let is_free = is_free && expected.handlers.is_empty();
        let others = slashes::respelled(path);
        let mut others: Vec<_> = (others.iter())
            .map(|(slashes, other)| self.expect_at(other, *slashes, method, moment))
            .collect();
        if !is_free || others.iter().all(|other| other.handlers.is_empty()) {
            for found in iter::once(&mut expected).chain(&mut others) {
                found.handlers.append(&mut found.hidden);
            }
        }
        others.retain(|other| !other.handlers.is_empty());
        if !others.is_empty() {
            expected.is_in_doubt = !is_free || others.iter().any(|other| other.is_in_doubt);
            expected.may_be_missed = true;
        }
        (expected.handlers).extend(others.into_iter().flat_map(|other| other.handlers));
        expected
    }

    /// Finds the handlers at this path alone, whose slashes are as stated.
    fn expect_at(&self, path: &str, slashes: Slashes, method: &str, moment: &Moment) -> Expected {
        let marked = |suffix: &str| self.map.match_name(&format!("{path}{suffix}"));
        let of_method = || self.all.iter().filter(|it| it.mark.method == method);
        let first = marked(&suffix(method));
        let first = first.and_then(|name| of_method().find(|it| it.mark.name == name));
        let is_guarded = |it: &&Handler| {
            it.mark.registered.is_guarded
                && it.may_match(path)
                && first.is_none_or(|first| it.mark.number < first.mark.number)
                && marked(&it.mark.suffix()) == Some(&it.mark.name)
        };
        // The first without guards, and those with guards before it.
        let found: Vec<_> = of_method().filter(is_guarded).chain(first).collect();
        // A tail without a policy takes the request, whatever comes after it.
        let is_taken = || {
            let taken_by = self.map.match_pattern(path);
            let marked = format!("{path}{}", suffix(method));
            taken_by.is_some()
                && taken_by == self.map.match_pattern(&marked)
                && !self.is_annotated_at(path)
        };
        let is_hidden = found.is_empty() && !is_taken();
        let may_be_reached = |it: &&Handler| {
            if found.is_empty() {
                is_hidden && it.may_match(path)
            } else {
                // Guards of scopes cannot be seen, so those beside them may be reached as well.
                found.iter().any(|found| found.is_beside(it))
            }
        };
        // If there is nothing at the path, a scope takes it. A scope also takes it if it is known
        // to be registered before the handler.
        let is_empty = is_hidden && !self.map.has_resource(path);
        let is_behind_scope = |it: &&Handler| {
            let is_before = |other: &Handler| other.is_in_scopes_before(it, path);
            is_hidden && (is_empty || self.all.iter().any(is_before))
        };
        let (hidden, handlers): (Vec<_>, Vec<_>) = of_method()
            .filter(may_be_reached)
            .partition(is_behind_scope);
        let candidate = |it: &Handler| Candidate {
            endpoint: it.mark.registered.at(moment),
            slashes,
        };
        Expected {
            handlers: handlers.into_iter().map(candidate).collect(),
            hidden: hidden.into_iter().map(candidate).collect(),
            is_in_doubt: found.is_empty() || !self.is_annotated_at(path),
            may_be_missed: first.is_none(),
        }
    }

    /// True if a path normalizer may lead from this path to something without a policy.
    pub(super) fn may_lead_away(&self, path: &str) -> bool {
        (slashes::respelled(path).iter())
            .any(|(_, other)| self.map.has_resource(other) && !self.is_annotated_at(other))
    }

    /// The annotated handlers of a path, whatever their methods.
    pub(super) fn on_path(&self, path: &str, moment: &Moment) -> Vec<Candidate> {
        let methods: BTreeSet<_> = self.all.iter().map(|it| it.mark.method).collect();
        (methods.into_iter())
            .flat_map(|method| self.expect(path, method, moment).all(None))
            .collect()
    }

    /// True if the response is that of a resource without a policy of its own.
    pub(super) fn was_left<B>(&self, response: &Result<ServiceResponse<B>, Error>) -> bool {
        let Ok(res) = response else { return false };
        let req = res.request();
        // Routing to a resource leaves nothing of the path. Routing to a scope leaves what follows
        // its prefix: nothing either, if the path is the prefix.
        let is_routed = req.match_info().unprocessed().is_empty();
        is_routed && !self.is_annotated(req.match_name(), || req.match_pattern())
    }

    /// True if the first resource at the path is annotated.
    fn is_annotated_at(&self, path: &str) -> bool {
        self.is_annotated(self.map.match_name(path), || self.map.match_pattern(path))
    }

    /// True if the resource with this name and this pattern is annotated. One with several paths
    /// has no pattern.
    fn is_annotated(&self, name: Option<&str>, pattern: impl FnOnce() -> Option<String>) -> bool {
        let mut named = (self.all.iter())
            .filter(|it| Some(&*it.mark.resource) == name)
            .peekable();
        named.peek().is_some()
            && pattern().is_none_or(|pattern| named.any(|it| it.has_pattern(&pattern)))
    }

    /// A line for each handler and method, sorted.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |it: &Handler| {
            let Registered { id, policy, .. } = it.mark.registered;
            let (method, handler) = (it.mark.method, handler_name(id));
            let prefix = it.prefix_pattern.as_ref().unwrap_or(&it.prefix);
            format!("{prefix}{} {method} {handler}: {policy}", it.mark.path)
        };
        let mut lines: Vec<_> = self.all.iter().map(line).collect();
        lines.sort();
        lines
    }
}

impl Handler {
    /// `None` if the mark is that of another app.
    fn locate(map: &ResourceMap, req: &HttpRequest, mark: &Rc<Mark>) -> Option<Self> {
        let marked_path = mark.marked_path();
        let path = |name: &str, [first, others]: [&str; 2]| {
            let values = iter::once(first).chain(iter::repeat(others));
            let url = map.url_for(req, name, values).ok()?;
            Some(Url::new(url.path().parse().ok()?).path().to_owned())
        };
        let whole = path(&mark.name, [PARAMETER; 2])?;
        let prefix = whole
            .strip_suffix(&outline(&marked_path))
            .unwrap_or_default();
        let prefix_pattern = if prefix.contains(PARAMETER) {
            prefix_pattern(map, mark, path)
        } else {
            Some(prefix.to_owned())
        };
        let known_prefix = prefix_pattern.as_deref().unwrap_or(prefix);
        Some(Self {
            mark: Rc::clone(mark),
            numbered_prefix: numbered(known_prefix),
            numbered_path: numbered(&mark.path),
            prefix: prefix.to_owned(),
            prefix_pattern,
            paths: OnceCell::new(),
            scopes: OnceCell::new(),
        })
    }

    /// True if this is the pattern of its resource, as it is registered.
    fn has_pattern(&self, pattern: &str) -> bool {
        let own = tail_without_marks(&self.mark.path);
        match &self.prefix_pattern {
            Some(prefix) => pattern.strip_prefix(&**prefix) == Some(&own),
            None => outline(pattern) == self.prefix.clone() + &outline(&own),
        }
    }

    /// True unless the pattern is known not to match the path.
    fn may_match(&self, path: &str) -> bool {
        let paths = self.paths.get_or_init(|| {
            // An unknown parameter may match anything, and nothing: `{rest:.*}`.
            let unknown = || rewritten(&self.prefix, |_, _| "_:.*".to_owned());
            let prefix = self.prefix_pattern.clone().unwrap_or_else(unknown);
            let pattern = prefix + &tail_without_marks(&self.mark.path);
            is_plain(&pattern).then(|| ResourceDef::new(numbered(&pattern)))
        });
        paths.as_ref().is_none_or(|paths| paths.is_match(path))
    }

    /// True if its scopes are known to take the path, and to come before `other`, which is in none
    /// of them.
    fn is_in_scopes_before(&self, other: &Self, path: &str) -> bool {
        let scopes = self.scopes.get_or_init(|| {
            let prefix = self.prefix_pattern.as_ref()?;
            is_plain(prefix).then(|| ResourceDef::root_prefix(&self.numbered_prefix))
        });
        self.mark.number < other.mark.number
            && !other.numbered_prefix.starts_with(&self.numbered_prefix)
            && (scopes.as_ref()).is_some_and(|scopes| scopes.find_match(path).is_some())
    }

    /// True if both are the same, or have the same path in scopes with the same prefix.
    fn is_beside(&self, other: &Self) -> bool {
        let are_known = self.prefix_pattern.is_some() && other.prefix_pattern.is_some();
        let is_same_prefix = if are_known {
            self.numbered_prefix == other.numbered_prefix
        } else {
            self.prefix == other.prefix
        };
        ptr::eq(self, other) || is_same_prefix && self.numbered_path == other.numbered_path
    }
}

/// The pattern of the prefixes before a mark. The map tells the pattern of a path only, so a value
/// has to fit the regular expressions. `path` makes the path of a name in the map, with a value for
/// the first parameter and one for the others.
fn prefix_pattern(
    map: &ResourceMap,
    mark: &Mark,
    path: impl Fn(&str, [&str; 2]) -> Option<String>,
) -> Option<String> {
    let (name, own_path) = match &mark.prefix_name {
        Some(name) => (name, suffix(name)),
        None => (&mark.name, mark.marked_path()),
    };
    let values: Vec<_> = values().collect();
    let alike = values.iter().map(|value| [&**value; 2]);
    // Another scope may take the path if all are alike.
    let pairs = (DIFFERENT.iter()).flat_map(|first| DIFFERENT.map(|others| [*first, others]));
    alike.chain(pairs).find_map(|values| {
        let path = path(name, values).filter(|path| map.match_name(path) == Some(name));
        let whole = map.match_pattern(&path?)?;
        Some(whole.strip_suffix(&own_path)?.to_owned())
    })
}

/// Values that fit different parameters.
const DIFFERENT: [&str; 4] = ["1", "a", "A", "v1"];

/// Values of parameters, most of which fit one of these. If none fits, people see an [`outline`].
fn values() -> impl Iterator<Item = String> {
    let lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
    let repeated = lengths.map(|length| ["1", "a"].map(|digit| digit.repeat(length)));
    let others = [
        "A",
        "v1",
        "a-1",
        "1.1",
        "2000-01-01",
        "11111111-1111-4111-8111-111111111111",
    ];
    (repeated.into_iter().flatten()).chain(others.map(str::to_owned))
}

/// True if actix-web takes the pattern. It takes no more parameters in one, and matches a prefix
/// with a slash at its end in another way.
fn is_plain(pattern: &str) -> bool {
    pattern.matches('{').count() <= 16 && !pattern.contains("//")
}

/// The pattern with [`PARAMETER`] for each parameter.
fn outline(pattern: &str) -> String {
    rewritten(pattern, |_, _| String::new())
}

/// The pattern with numbers for the names of parameters. Names do not matter, and those of several
/// scopes may be the same.
fn numbered(pattern: &str) -> String {
    rewritten(pattern, |number, rule| format!("p{number}{rule}"))
}

/// Rewrites what is between the braces of each parameter, given its number and what follows its
/// name.
fn rewritten(pattern: &str, rewrite: impl Fn(usize, &str) -> String) -> String {
    let (mut whole, mut parameter) = (String::new(), String::new());
    let (mut depth, mut number) = (0_usize, 0);
    for c in pattern.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (c, depth) {
            ('}', 0) if whole.ends_with('{') => {
                let rule = parameter.find(':').map_or("", |colon| &parameter[colon..]);
                whole += &rewrite(number, rule);
                whole.push(c);
                number += 1;
                parameter.clear();
            }
            ('{', 1) | (_, 0) => whole.push(c),
            _ => parameter.push(c),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_compared_without_names() {
        for (pattern, expected) in [
            ("/a", ["/a", "/a"]),
            ("/{a}/b", ["/{}/b", "/{p0}/b"]),
            ("/{a:[0-9]{2}}/b", ["/{}/b", "/{p0:[0-9]{2}}/b"]),
            ("/v{a}.{a:x|y}", ["/v{}.{}", "/v{p0}.{p1:x|y}"]),
            ("/{tail}*", ["/{}*", "/{p0}*"]),
            ("/}", ["/}", "/}"]),
        ] {
            let found = [outline(pattern), numbered(pattern)];
            assert_eq!(found, expected, "{pattern}");
        }
    }
}
