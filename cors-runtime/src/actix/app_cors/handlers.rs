//! The annotated handlers of an app, and which of them a request may reach.

use std::collections::{BTreeSet, HashSet};
use std::iter;
use std::ptr;
use std::rc::Rc;

use actix_web::HttpRequest;
use actix_web::dev::{ResourceMap, Url};
use actix_web::test::TestRequest;

use super::super::endpoint::Endpoint;
use super::marks::{Mark, suffix, tail_without_marks};
use super::slashes;

/// Stands for a parameter of which nothing is known.
const PARAMETER: &str = "{}";

/// An annotated handler at one path, for one of its methods, in an app.
#[derive(Debug)]
struct Handler {
    mark: Rc<Mark>,
    /// The prefixes of scopes before its path, as [`outline`] makes them.
    prefix: String,
    /// The pattern of the whole path, for people.
    pattern: String,
}

/// The annotated handlers of an app.
#[derive(Debug)]
pub(super) struct Handlers {
    map: ResourceMap,
    /// In the order of registration, which is that of routing.
    all: Vec<Handler>,
    /// The names of the annotated resources, each with the [`outline`] of its pattern.
    resources: HashSet<(String, String)>,
}

/// What a request may reach.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// The annotated handlers, as far as guards let them.
    pub(super) handlers: Vec<Endpoint>,
    /// Whether something without a policy of its own may take the request before them.
    pub(super) is_in_doubt: bool,
    /// Whether only a path normalizer leads to the handlers.
    pub(super) is_respelled: bool,
}

impl Expected {
    /// All that must agree on the response. Without a default, nothing is known of what may take the
    /// request before the handlers, so that none of them may speak for it.
    pub(super) fn all(self, default: Option<Endpoint>) -> Vec<Endpoint> {
        match (self.is_in_doubt, default) {
            (false, _) => self.handlers,
            (true, None) => Vec::new(),
            (true, Some(default)) => iter::once(default).chain(self.handlers).collect(),
        }
    }
}

impl Handlers {
    /// Those of the app that has this resource map.
    pub(super) fn new(map: &ResourceMap, marks: &[Rc<Mark>]) -> Self {
        // Nothing that a client sent, such as `Host`, affects this.
        let req = TestRequest::default().to_http_request();
        let all: Vec<_> = marks
            .iter()
            .filter_map(|mark| Handler::locate(map, &req, mark))
            .collect();
        let resource = |it: &Handler| {
            let path = outline(&tail_without_marks(&it.mark.path));
            (it.mark.resource.clone(), it.prefix.clone() + &path)
        };
        Self {
            map: map.clone(),
            resources: all.iter().map(resource).collect(),
            all,
        }
    }

    /// What a request of this method for this path may reach. If there is nothing for it at the path,
    /// a path normalizer may lead to a handler.
    pub(super) fn expect(&self, path: &str, method: &str) -> Expected {
        let mut expected = self.expect_at(path, method);
        if !expected.handlers.is_empty() {
            return expected;
        }
        for path in slashes::respelled(path) {
            expected
                .handlers
                .extend(self.expect_at(&path, method).handlers);
        }
        if !expected.handlers.is_empty() {
            expected.is_respelled = true;
            expected.is_in_doubt = self.map.has_resource(path) && !self.is_annotated_at(path);
        }
        expected
    }

    /// What a request for this very path may reach.
    fn expect_at(&self, path: &str, method: &str) -> Expected {
        let marked = |suffix: &str| self.map.match_name(&format!("{path}{suffix}"));
        let of_method = || self.all.iter().filter(|it| it.mark.method == method);
        // The first without guards, and those with guards before it.
        let first = marked(&suffix(method));
        let first = first.and_then(|name| of_method().find(|it| it.mark.name == name));
        let found: Vec<_> = of_method()
            .filter(|it| it.mark.has_guards && marked(&it.mark.suffix()) == Some(&it.mark.name))
            .filter(|it| first.is_none_or(|first| it.mark.number < first.mark.number))
            .chain(first)
            .collect();
        // Guards of scopes cannot be seen, so others may be reached as well.
        let handlers = of_method().filter(|it| match found.as_slice() {
            [] => it.pattern == path,
            found => found.iter().any(|found| found.is_beside(it)),
        });
        Expected {
            handlers: handlers.map(|it| it.mark.endpoint).collect(),
            is_in_doubt: found.is_empty() || !self.is_annotated_at(path),
            is_respelled: false,
        }
    }

    /// The annotated handlers of a path, whatever their methods.
    pub(super) fn on_path(&self, path: &str) -> Vec<Endpoint> {
        let methods: BTreeSet<_> = self.all.iter().map(|it| it.mark.method).collect();
        (methods.into_iter())
            .flat_map(|method| self.expect(path, method).all(None))
            .collect()
    }

    /// Whether a request was routed to something without a policy of its own.
    pub(super) fn was_left(&self, req: &HttpRequest) -> bool {
        // Routing to a resource leaves nothing of the path, and routing to a scope what follows it:
        // nothing either, if the path is that of the scope.
        let is_routed = req.match_info().unprocessed().is_empty();
        is_routed && !self.is_annotated(req.match_name(), req.match_pattern())
    }

    /// Whether the first resource at the path is annotated.
    fn is_annotated_at(&self, path: &str) -> bool {
        self.is_annotated(self.map.match_name(path), self.map.match_pattern(path))
    }

    /// Whether the resource with this name and this pattern is annotated.
    fn is_annotated(&self, name: Option<&str>, pattern: Option<String>) -> bool {
        match (name, pattern) {
            (None, _) => false,
            (Some(name), Some(pattern)) => {
                (self.resources).contains(&(name.to_owned(), outline(&pattern)))
            }
            // A resource with several paths has no pattern.
            (Some(name), None) => self.resources.iter().any(|(other, _)| other == name),
        }
    }

    /// A line for each handler and method, sorted.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |it: &Handler| {
            let (method, endpoint) = (it.mark.method, it.mark.endpoint);
            let (handler, policy) = (endpoint.handler.name(), endpoint.policy);
            format!("{} {method} {handler}: {policy}", it.pattern)
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
        let path = |value: &str| {
            let url = map.url_for(req, &mark.name, iter::repeat(value)).ok()?;
            Some(Url::new(url.path().parse().ok()?).path().to_owned())
        };
        let whole = path(PARAMETER)?;
        let prefix = whole
            .strip_suffix(&outline(&marked_path))
            .unwrap_or_default();
        // The map tells the pattern of a path only. Most parameters take one of these values; of the
        // others, people see the outline.
        let known = ["1", "a"].into_iter().find_map(|value| {
            let path = path(value).filter(|path| map.match_name(path) == Some(&mark.name));
            let whole = map.match_pattern(&path?)?;
            Some(whole.strip_suffix(&marked_path)?.to_owned())
        });
        Some(Self {
            mark: Rc::clone(mark),
            prefix: prefix.to_owned(),
            pattern: known.unwrap_or_else(|| prefix.to_owned()) + &mark.path,
        })
    }

    /// Whether both are the same, or known to be at the same place in scopes with the same prefix.
    fn is_beside(&self, other: &Self) -> bool {
        let is_known = !self.prefix.contains(PARAMETER);
        let is_same = (&self.mark.path, &self.prefix) == (&other.mark.path, &other.prefix);
        ptr::eq(self, other) || is_known && is_same
    }
}

/// The pattern with [`PARAMETER`] for each parameter.
fn outline(pattern: &str) -> String {
    let mut outline = String::new();
    let mut depth = 0_usize;
    for c in pattern.chars() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                outline += if depth == 0 { PARAMETER } else { "" };
            }
            c if depth == 0 => outline.push(c),
            _ => {}
        }
    }
    outline
}
