//! The annotated handlers of an app, and which of them a request may reach.

use std::collections::{BTreeSet, HashSet};
use std::iter;
use std::ptr;
use std::rc::Rc;

use actix_web::dev::{ResourceMap, ServiceResponse, Url};
use actix_web::test::TestRequest;
use actix_web::{Error, HttpRequest};

use super::marks::{Mark, prefix_mark, suffix, tail_without_marks};
use super::slashes;
use crate::core::decision::Endpoint;

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

/// The handlers that a request may reach.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// The annotated handlers, as far as guards let them.
    pub(super) handlers: Vec<Endpoint>,
    /// True if something without a policy of its own may take the request before them.
    pub(super) is_in_doubt: bool,
    /// True if only a path normalizer leads to the handlers.
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

    /// Finds the handlers that a request of this method for this path may reach. If the path has none,
    /// a path normalizer may lead to a handler.
    pub(super) fn expect(&self, path: &str, method: &str) -> Expected {
        let at_path = self.expect_at(path, method);
        if !at_path.handlers.is_empty() {
            return at_path;
        }
        let mut expected = Expected {
            handlers: Vec::new(),
            is_in_doubt: self.map.has_resource(path) && !self.is_annotated_at(path),
            is_respelled: true,
        };
        for path in slashes::respelled(path) {
            let other = self.expect_at(&path, method);
            expected.is_in_doubt |= other.is_in_doubt && !other.handlers.is_empty();
            expected.handlers.extend(other.handlers);
        }
        if expected.handlers.is_empty() {
            at_path
        } else {
            expected
        }
    }

    /// Finds the handlers of this very path.
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
            [] => it.pattern() == path,
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

    /// True if the response is that of a resource without a policy of its own.
    pub(super) fn was_left<B>(&self, response: &Result<ServiceResponse<B>, Error>) -> bool {
        let Ok(res) = response else { return false };
        let req = res.request();
        // Routing to a resource leaves nothing of the path, and routing to a scope what follows it:
        // nothing either, if the path is that of the scope.
        let is_routed = req.match_info().unprocessed().is_empty();
        is_routed && !self.is_annotated(req.match_name(), req.match_pattern())
    }

    /// True if the first resource at the path is annotated.
    fn is_annotated_at(&self, path: &str) -> bool {
        self.is_annotated(self.map.match_name(path), self.map.match_pattern(path))
    }

    /// True if the resource with this name and this pattern is annotated.
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
            let (handler, policy) = (endpoint.name(), endpoint.policy);
            format!("{} {method} {handler}: {policy}", it.pattern())
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
        let path = |name: &str, value: &str| {
            let url = map.url_for(req, name, iter::repeat(value)).ok()?;
            Some(Url::new(url.path().parse().ok()?).path().to_owned())
        };
        let whole = path(&mark.name, PARAMETER)?;
        let prefix = whole
            .strip_suffix(&outline(&marked_path))
            .unwrap_or_default();
        let (name, own_path) = if mark.has_prefix_mark() {
            let name = mark.prefix_name();
            let own_path = prefix_mark(&name);
            (name, own_path)
        } else {
            (mark.name.clone(), marked_path)
        };
        // The map tells the pattern of a path only, so a value has to fit the regular expressions.
        let prefix_pattern = values().find_map(|value| {
            let path = path(&name, &value).filter(|path| map.match_name(path) == Some(&name));
            let whole = map.match_pattern(&path?)?;
            Some(whole.strip_suffix(&own_path)?.to_owned())
        });
        Some(Self {
            mark: Rc::clone(mark),
            prefix: prefix.to_owned(),
            prefix_pattern,
        })
    }

    /// The pattern of the whole path, for people.
    fn pattern(&self) -> String {
        let prefix = self.prefix_pattern.as_ref().unwrap_or(&self.prefix);
        format!("{prefix}{}", self.mark.path)
    }

    /// True if both are the same, or at the same place in scopes with the same prefix.
    fn is_beside(&self, other: &Self) -> bool {
        let is_same_prefix = match (&self.prefix_pattern, &other.prefix_pattern) {
            (Some(one), Some(other)) => anonymous(one) == anonymous(other),
            _ => self.prefix == other.prefix,
        };
        let is_same_path = anonymous(&self.mark.path) == anonymous(&other.mark.path);
        ptr::eq(self, other) || is_same_prefix && is_same_path
    }
}

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

/// The pattern with [`PARAMETER`] for each parameter.
fn outline(pattern: &str) -> String {
    without(pattern, |_| true)
}

/// The pattern without the names of parameters.
fn anonymous(pattern: &str) -> String {
    without(pattern, |c| c != ':')
}

/// The pattern without the part of each parameter that is made of such characters, from its start.
fn without(pattern: &str, is_dropped: impl Fn(char) -> bool) -> String {
    let mut rest = String::new();
    let (mut depth, mut drops) = (0_usize, false);
    for c in pattern.chars() {
        match c {
            '{' => {
                depth += 1;
                drops |= depth == 1;
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_brace = depth == 0 || depth == 1 && c == '{';
        drops &= is_brace || is_dropped(c);
        if is_brace || !drops {
            rest.push(c);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_compared_without_names() {
        for (pattern, of_outline, of_anonymous) in [
            ("/a", "/a", "/a"),
            ("/{a}/b", "/{}/b", "/{}/b"),
            ("/{a:[0-9]{2}}/b", "/{}/b", "/{:[0-9]{2}}/b"),
            ("/v{a}.{b:x|y}", "/v{}.{}", "/v{}.{:x|y}"),
            ("/{tail}*", "/{}*", "/{}*"),
            ("/}{", "/}{", "/}{"),
        ] {
            assert_eq!(outline(pattern), of_outline, "{pattern}");
            assert_eq!(anonymous(pattern), of_anonymous, "{pattern}");
        }
    }
}
