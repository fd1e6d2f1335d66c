//! The annotated handlers of an app, and which of them would take a request, before it is routed.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ptr;
use std::rc::Rc;

use actix_web::dev::{ResourceDef, ResourceMap};

use super::super::endpoint::Endpoint;
use super::marks::{self, Asker, LocatedMark, may_overlap};

/// A handler and one of its methods.
#[derive(Debug)]
struct Route {
    /// The index of its mark.
    index: usize,
    endpoint: Endpoint,
    method: &'static str,
    /// The pattern of the whole path.
    pattern: String,
    resource: Resource,
    /// What matches its paths, if the resource map has no mark of it.
    unmarked: Option<ResourceDef>,
    /// The handlers that a request for it may reach, each of which must agree.
    endpoints: Rc<[Endpoint]>,
}

/// The name of a resource, and the pattern of its whole path.
type Resource = (String, String);

/// The handlers that would take a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidates {
    pub(super) endpoints: Rc<[Endpoint]>,
    /// Whether an unannotated resource may take the request before them.
    pub(super) is_in_doubt: bool,
}

/// The annotated handlers of one app.
#[derive(Debug)]
pub(super) struct Handlers {
    map: ResourceMap,
    /// In the order of routing, which is that of their indices.
    routes: Vec<Route>,
    /// The annotated resources.
    resources: HashSet<Resource>,
    /// The methods of all routes.
    methods: BTreeSet<&'static str>,
    /// Each path without parameters, its methods, and what was found when it was first requested.
    fixed: HashMap<String, Vec<(&'static str, OnceCell<Candidates>)>>,
}

impl Handlers {
    /// The annotated handlers of the app that has this resource map and this `AppCors`.
    pub(super) fn of_app(map: &ResourceMap, asker: Asker) -> Self {
        let marks = marks::of_app(map, asker);
        let mut by_method = HashMap::<_, Vec<_>>::new();
        let mut same = HashMap::<_, Vec<_>>::new();
        let mut resources = HashSet::new();
        let mut fixed = HashMap::<_, Vec<_>>::new();
        for found in &marks {
            let (pattern, mark) = (&found.pattern, &found.mark);
            by_method.entry(mark.method).or_default().push(found);
            let key = (pattern, mark.method);
            same.entry(key).or_default().push(mark.endpoint);
            let registered = marks::without_marks(pattern).into_owned();
            if !registered.contains('{') {
                let methods = fixed.entry(registered.clone()).or_default();
                methods.push((mark.method, OnceCell::new()));
            }
            resources.insert((mark.resource.clone(), registered));
        }
        let route = |found: &LocatedMark| {
            let (pattern, mark) = (&found.pattern, &found.mark);
            let mut endpoints = same[&(pattern, mark.method)].clone();
            let later = (by_method[mark.method].iter())
                .filter(|other| other.index > found.index && other.pattern != *pattern)
                .filter(|other| {
                    other.hidden_by.contains(&found.index)
                        || mark.has_guards && may_overlap(&other.pattern, pattern)
                });
            endpoints.extend(later.map(|other| other.mark.endpoint));
            // Handlers with the same policy decide alike.
            let mut policies = Vec::new();
            endpoints.retain(|endpoint| {
                let is_new = !policies.iter().any(|seen| ptr::eq(*seen, endpoint.policy));
                policies.push(endpoint.policy);
                is_new
            });
            let registered = marks::without_marks(pattern).into_owned();
            Route {
                index: found.index,
                endpoint: mark.endpoint,
                method: mark.method,
                pattern: pattern.clone(),
                unmarked: (!mark.is_placed).then(|| ResourceDef::new(&*registered)),
                resource: (mark.resource.clone(), registered),
                endpoints: endpoints.into(),
            }
        };
        Self {
            map: map.clone(),
            routes: marks.iter().map(route).collect(),
            resources,
            methods: by_method.into_keys().collect(),
            fixed,
        }
    }

    /// The handlers of a path, whatever their methods.
    pub(super) fn of_path(&self, path: &str) -> Vec<Endpoint> {
        (self.methods.iter())
            .flat_map(|method| self.find(path, method).endpoints.to_vec())
            .collect()
    }

    /// The handlers that would take a request of this method for this path, as far as their guards
    /// let them.
    pub(super) fn find(&self, path: &str, method: &str) -> Candidates {
        let fixed = (self.fixed.get(path).into_iter().flatten())
            .find(|(of_handler, _)| *of_handler == method);
        match fixed {
            Some((_, found)) => found.get_or_init(|| self.search(path, method)).clone(),
            None => self.search(path, method),
        }
    }

    fn search(&self, path: &str, method: &str) -> Candidates {
        let first = self.first_resource(path);
        let is_annotated = |first| self.is_annotated(path, first);
        let is_in_doubt = !first.as_ref().is_some_and(is_annotated);
        let marked = marks::marked_path(path, method);
        let by_mark = self.by_mark(&marked);
        let by_path = self.routes.iter().find(|route| {
            let resource = (route.unmarked.as_ref()).filter(|_| route.method == method);
            resource.is_some_and(|resource| resource.is_match(path))
        });
        // Behind another annotated resource, it would have a mark. So that one is in a scope, and
        // routing does not leave a scope.
        let by_path =
            by_path.filter(|route| is_in_doubt || first.as_ref() == Some(&route.resource));
        let Some(route) = by_path.into_iter().chain(by_mark).min_by_key(|it| it.index) else {
            return Candidates::default();
        };
        if is_in_doubt && by_mark.is_none() && self.map.match_pattern(&marked).is_some() {
            return Candidates::default(); // a resource with a tail takes it, or a scope that has one
        }
        Candidates {
            endpoints: Rc::clone(&route.endpoints),
            is_in_doubt,
        }
    }

    /// The route whose mark the map finds on such a path.
    fn by_mark(&self, marked: &str) -> Option<&Route> {
        let index = marks::index(self.map.match_name(marked)?)?;
        let found = (self.routes).binary_search_by_key(&index, |route| route.index);
        self.routes.get(found.ok()?)
    }

    /// Whether a resource that matches a path is annotated.
    pub(super) fn is_annotated(&self, path: &str, resource: &Resource) -> bool {
        // Of a prefix with an unusual regular expression, only a path that it matches tells the
        // pattern.
        let is_marked = |method: &&str| {
            let marked = marks::marked_path(path, method);
            let pattern = self.map.match_pattern(&marked);
            let of_mark = marks::marked_path(&resource.1, method);
            self.by_mark(&marked)
                .is_some_and(|route| route.resource.0 == resource.0)
                && pattern == Some(of_mark)
        };
        self.resources.contains(resource) || self.methods.iter().any(is_marked)
    }

    /// Handlers that may take a request of this method for this path, although [`Self::find`] does
    /// not find them: behind the guards of a scope with the same prefix, or behind a resource with
    /// a tail.
    pub(super) fn find_hidden(&self, path: &str, method: &str) -> Candidates {
        let first = self.map.match_pattern(path);
        if first.is_some() && first == self.map.match_pattern(&marks::marked_path(path, method)) {
            return Candidates::default(); // a resource with a tail, which takes the request
        }
        let hidden = (self.routes.iter())
            .filter(|route| route.method == method && may_overlap(&route.pattern, path));
        let endpoints: Rc<[_]> = hidden.map(|route| route.endpoint).collect();
        Candidates {
            is_in_doubt: !endpoints.is_empty(),
            endpoints,
        }
    }

    /// A line for each handler and method, sorted.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |route: &Route| {
            let Endpoint {
                handler, policy, ..
            } = route.endpoint;
            let handler = handler.name();
            format!("{} {} {handler}: {policy}", route.pattern, route.method)
        };
        let mut lines: Vec<_> = self.routes.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// The first resource that matches the path, if it has a name.
    fn first_resource(&self, path: &str) -> Option<Resource> {
        let name = self.map.match_name(path)?.to_owned();
        Some((name, self.map.match_pattern(path)?))
    }
}
