//! The annotated handlers of an app, and which of them a request may reach.

use std::collections::{BTreeSet, HashSet};
use std::iter;
use std::ptr;
use std::rc::Rc;

use actix_web::HttpRequest;
use actix_web::dev::{ResourceMap, Url};
use actix_web::test::TestRequest;

use super::super::endpoint::Endpoint;
use super::marks::{Mark, registered_path, suffix};

/// What stands for a parameter of which nothing is known.
const PARAMETER: &str = "{}";

/// An annotated handler and one of its methods, in an app.
#[derive(Debug)]
struct Handler {
    mark: Rc<Mark>,
    /// The prefixes of scopes before its path, as [`outline`] makes them.
    prefix: String,
    /// The pattern of the whole path, for people.
    pattern: String,
}

/// The annotated handlers of an app, and the policy of what has none.
#[derive(Debug)]
pub(super) struct Handlers {
    map: ResourceMap,
    /// In the order of registration, which is that of routing.
    all: Vec<Handler>,
    /// The names of the annotated resources, each with the [`outline`] of its pattern.
    resources: HashSet<(String, String)>,
    otherwise: Option<Endpoint>,
}

/// What a request may reach.
#[derive(Debug)]
pub(super) struct Expected {
    /// The annotated handlers, as far as guards let them.
    pub(super) handlers: Vec<Endpoint>,
    /// The default, if something without a policy may take the request before them.
    pub(super) default: Option<Endpoint>,
}

impl Handlers {
    /// Those of the app that has this resource map.
    pub(super) fn new(map: &ResourceMap, marks: &[Rc<Mark>], otherwise: Option<Endpoint>) -> Self {
        // Nothing that a client sent, such as `Host`, affects this.
        let req = TestRequest::default().to_http_request();
        let all = marks
            .iter()
            .filter_map(|mark| Handler::locate(map, &req, mark));
        let all: Vec<_> = all.collect();
        let resource = |it: &Handler| {
            let path = outline(&registered_path(&it.mark.path));
            (it.mark.resource.clone(), it.prefix.clone() + &path)
        };
        Self {
            map: map.clone(),
            resources: all.iter().map(resource).collect(),
            all,
            otherwise,
        }
    }

    /// What a request of this method for this path may reach.
    pub(super) fn expect(&self, path: &str, method: &str) -> Expected {
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
        let resource = (self.map.match_name(path), self.map.match_pattern(path));
        let is_in_doubt = found.is_empty() || !self.is_annotated(resource);
        let default = self.default_for(method).filter(|_| is_in_doubt);
        // Without a default, nothing is known of what may take the request before them.
        let handlers = handlers.filter(|_| !is_in_doubt || default.is_some());
        Expected {
            handlers: handlers.map(|it| it.mark.endpoint).collect(),
            default,
        }
    }

    /// The policy of what has none, if it is one for this method.
    pub(super) fn default_for(&self, method: &str) -> Option<Endpoint> {
        self.otherwise
            .filter(|it| it.methods.contains(method.as_bytes()))
    }

    /// The annotated handlers of a path, whatever their methods.
    pub(super) fn on_path(&self, path: &str) -> Vec<Endpoint> {
        let methods: BTreeSet<_> = self.all.iter().map(|it| it.mark.method).collect();
        let handlers = methods
            .into_iter()
            .map(|method| self.expect(path, method).handlers);
        handlers.flatten().collect()
    }

    /// Whether a request was routed to something without a policy.
    pub(super) fn was_left(&self, req: &HttpRequest) -> bool {
        // Routing to a resource leaves nothing of the path, and routing to a scope what follows it:
        // nothing either, if the path is that of the scope.
        let is_routed = req.match_info().unprocessed().is_empty();
        is_routed && !self.is_annotated((req.match_name(), req.match_pattern()))
    }

    /// Whether the resource with this name and this pattern is annotated.
    fn is_annotated(&self, resource: (Option<&str>, Option<String>)) -> bool {
        let (Some(name), Some(pattern)) = resource else {
            return false;
        };
        (self.resources).contains(&(name.to_owned(), outline(&pattern)))
    }

    /// A line for each handler and method, sorted, and one for the default.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |it: &Handler| {
            let (method, endpoint) = (it.mark.method, it.mark.endpoint);
            let (handler, policy) = (endpoint.handler.name(), endpoint.policy);
            format!("{} {method} {handler}: {policy}", it.pattern)
        };
        let mut lines: Vec<_> = self.all.iter().map(line).collect();
        lines.sort();
        let otherwise =
            |it: Endpoint| format!("otherwise {}: {}", it.methods.listed().join(" "), it.policy);
        lines.extend(self.otherwise.map(otherwise));
        lines
    }
}

impl Handler {
    /// `None` if the mark is that of another app.
    fn locate(map: &ResourceMap, req: &HttpRequest, mark: &Rc<Mark>) -> Option<Self> {
        let pattern = mark.pattern();
        let path = |value: &str| {
            let url = map.url_for(req, &mark.name, iter::repeat(value)).ok()?;
            Some(Url::new(url.path().parse().ok()?).path().to_owned())
        };
        let whole = path(PARAMETER)?;
        let prefix = whole.strip_suffix(&outline(&pattern)).unwrap_or_default();
        // The map tells the pattern of a path only. Most parameters take this value, and people can
        // read the outline of the others.
        let path = path("1").filter(|path| map.match_name(path) == Some(&mark.name));
        let known = path.and_then(|path| map.match_pattern(&path));
        let known = known
            .as_deref()
            .and_then(|whole| whole.strip_suffix(&pattern));
        Some(Self {
            mark: Rc::clone(mark),
            prefix: prefix.to_owned(),
            pattern: known.unwrap_or(prefix).to_owned() + &mark.path,
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
