//! Where the annotated resources of an app are.
//!
//! Nobody tells a resource the prefixes of the scopes that it is in, nor what was registered before
//! it. So an annotated resource registers a mark beside itself for each of its methods: a resource
//! with the same pattern and `//\0METHOD` after it, that takes no request. The resource map of the app
//! then finds it by the path of a request and the method, just where routing would find the resource.
//! A parameter is not empty, so none matches what follows the path.
//!
//! A router looks at every mark that it has. So a resource has none if it is outside scopes and no
//! annotated resource before it may match its paths: then it takes them if the map finds it first.
//! An app has a mark of its own only if its annotated resources differ from those of the first app on
//! the thread: of apps that are alike, the same is known.

use std::any::Any;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::iter;
use std::ptr;
use std::rc::{Rc, Weak};

use actix_web::dev::{AppService, HttpServiceFactory, ResourceDef, ResourceMap, Url};
use actix_web::test::TestRequest;
use actix_web::{HttpRequest, HttpResponse, Resource, guard};

use super::super::endpoint::Endpoint;

thread_local! {
    /// Each `AppCors` on this thread that may not have been built into an app yet.
    static ASKING: RefCell<Vec<Asker>> = const { RefCell::new(Vec::new()) };
    static NEXT_ASKER: Cell<usize> = const { Cell::new(0) };
    /// The marks of all apps that were built on this thread, in the order of registration.
    static MARKS: RefCell<Vec<Mark>> = const { RefCell::new(Vec::new()) };
    static APPS: RefCell<Vec<MarkedApp>> = const { RefCell::new(Vec::new()) };
}

/// The number of an `AppCors` on this thread.
pub(super) type Asker = usize;

/// An app with annotated resources.
struct MarkedApp {
    /// Its default service: each app has another. While this lives, no other has its address.
    default: Weak<dyn Any>,
    /// The only one that it may have around it, if there is only one.
    asked_by: Option<Asker>,
    /// Whether the resource map has a mark of the app itself.
    is_placed: bool,
}

/// An annotated handler, one of its methods, and where it was registered.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// The index of its app.
    app: usize,
    pub(super) endpoint: Endpoint,
    pub(super) method: &'static str,
    /// The pattern, without the prefixes of scopes.
    pub(super) path: String,
    /// The name of its resource.
    pub(super) resource: String,
    /// Whether the route has guards of its own, so that a later one may take the request.
    pub(super) has_guards: bool,
    is_in_scope: bool,
    /// Whether the resource map has it.
    pub(super) is_placed: bool,
    /// The index of the first mark of its resource, by which its place is named.
    place: usize,
}

impl Mark {
    /// Whether the same is known of both, were they in one app.
    fn is_like(&self, other: &Self) -> bool {
        self.endpoint.is_same(other.endpoint)
            && self.method == other.method
            && self.path == other.path
            && self.resource == other.resource
            && self.has_guards == other.has_guards
            && self.is_in_scope == other.is_in_scope
    }
}

/// A mark in its app.
#[derive(Debug)]
pub(super) struct LocatedMark {
    pub(super) index: usize,
    pub(super) mark: Mark,
    /// The pattern of the whole path.
    pub(super) pattern: String,
    /// If the map finds others on all of its paths that were tried: their indices. It is reached where
    /// they are behind guards of scopes, which cannot be seen.
    pub(super) hidden_by: BTreeSet<usize>,
}

/// While one of these lives, resources that are registered on this thread have marks.
#[derive(Debug)]
pub(super) struct Asking(Asker);

impl Asking {
    pub(super) fn new() -> Self {
        let asker = NEXT_ASKER.replace(NEXT_ASKER.get() + 1);
        ASKING.with_borrow_mut(|asking| asking.push(asker));
        Self(asker)
    }

    pub(super) fn asker(&self) -> Asker {
        self.0
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        // A thread that ends may have dropped the others already.
        let _ = ASKING.try_with(|asking| asking.borrow_mut().retain(|asker| *asker != self.0));
    }
}

/// Whether an app with an `AppCors` may be being built.
fn are_asked_for() -> bool {
    ASKING.with_borrow(|asking| !asking.is_empty())
}

/// What the marks of an annotated resource say of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marked<'a> {
    pub(crate) path: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) endpoint: Endpoint,
    pub(crate) has_guards: bool,
}

/// The marks of an annotated resource. They come before it: a pattern with a tail would match them.
pub(crate) fn register(app: &mut AppService, marked: Marked<'_>) {
    if !are_asked_for() {
        return;
    }
    let is_in_scope = !app.is_root();
    let in_app = app_index(app);
    let path = without_marks(marked.path);
    let is_placed = is_in_scope || comes_after_another(in_app, marked.path);
    let first = MARKS.with_borrow(Vec::len);
    for method in marked.endpoint.methods.iter().copied() {
        let index = MARKS.with_borrow_mut(|marks| {
            marks.push(Mark {
                app: in_app,
                endpoint: marked.endpoint,
                method,
                path: marked.path.to_owned(),
                resource: marked.resource.to_owned(),
                has_guards: marked.has_guards,
                is_in_scope,
                is_placed,
                place: first,
            });
            marks.len() - 1
        });
        if is_placed {
            place(app, &marked_path(&path, method), &name(index));
        }
    }
    // With a regular expression of its own, no value is known to fit. The prefixes can still be
    // learned from this.
    if is_in_scope && path.contains(':') {
        place(app, &place_path(first), &place_name(first));
    }
    if needs_mark(in_app) {
        place(app, "//\0\0", &app_name(in_app));
    }
}

/// Whether an annotated resource outside scopes that was registered before may match paths of this
/// pattern. What is between the two may then take a request before this one does.
fn comes_after_another(in_app: usize, path: &str) -> bool {
    let path = with_slash(path);
    MARKS.with_borrow(|marks| {
        (marks.iter())
            .filter(|mark| mark.app == in_app && !mark.is_in_scope)
            .any(|mark| may_overlap(&with_slash(&mark.path), &path))
    })
}

/// The pattern as actix-web registers it.
fn with_slash(path: &str) -> Cow<'_, str> {
    if path.is_empty() || path.starts_with('/') {
        path.into()
    } else {
        format!("/{path}").into()
    }
}

/// The index of an app.
fn app_index(app: &AppService) -> usize {
    let default: Rc<dyn Any> = app.default_service();
    let is_same = |app: &MarkedApp| ptr::addr_eq(app.default.as_ptr(), Rc::as_ptr(&default));
    APPS.with_borrow_mut(|apps| {
        apps.iter().rposition(is_same).unwrap_or_else(|| {
            apps.push(MarkedApp {
                default: Rc::downgrade(&default),
                asked_by: ASKING.with_borrow(|asking| match asking.as_slice() {
                    [only] => Some(*only),
                    _ => None,
                }),
                is_placed: false,
            });
            apps.len() - 1
        })
    })
}

/// Whether the resource map has to tell an app from others, and does not yet: it has just become unlike
/// the first one, or several `AppCors` are waiting for their apps.
fn needs_mark(app: usize) -> bool {
    let is_alike = MARKS.with_borrow(|marks| {
        let of_app = |app| marks.iter().filter(move |mark| mark.app == app);
        let mut first = of_app(0);
        app == 0 || of_app(app).all(|mark| first.next().is_some_and(|other| mark.is_like(other)))
    });
    APPS.with_borrow_mut(|apps| {
        let app = &mut apps[app];
        let is_known = app.is_placed || is_alike && app.asked_by.is_some();
        app.is_placed |= !is_known;
        !is_known
    })
}

/// The path to register a resource at.
pub(crate) fn registered_path(path: &str) -> Cow<'_, str> {
    if are_asked_for() {
        without_marks(path)
    } else {
        path.into()
    }
}

/// The same path, but a tail matches no marks. It would hide those that come after it, such as that
/// of another method.
pub(super) fn without_marks(path: &str) -> Cow<'_, str> {
    let tails = [("}*", "*"), (":.*}", "*"), (":.+}", "+")];
    let tail = tails
        .into_iter()
        .find_map(|(end, times)| Some((path.strip_suffix(end)?, times)));
    match tail {
        Some((start, times)) => format!(r"{start}:[^\x00]{times}}}").into(),
        None => path.into(),
    }
}

/// Registers a resource that takes no request.
fn place(app: &mut AppService, pattern: &str, name: &str) {
    Resource::new(pattern)
        .name(name)
        .guard(guard::fn_guard(|_| false))
        .to(|| async { HttpResponse::NotFound().finish() })
        .register(app);
}

fn name(index: usize) -> String {
    format!("\0cors {index}")
}

/// What follows the prefixes of scopes: no method has such a character.
fn place_path(index: usize) -> String {
    format!("//\0\0{index}")
}

fn place_name(index: usize) -> String {
    format!("\0place {index}")
}

fn app_name(index: usize) -> String {
    format!("\0app {index}")
}

/// The path that the mark of a resource matches, if the resource matches `path`; the pattern of the
/// mark, if `path` is that of the resource.
pub(super) fn marked_path(path: &str, method: &str) -> String {
    format!("{path}//\0{method}")
}

/// The index of the mark that has this name.
pub(super) fn index(name: &str) -> Option<usize> {
    name.strip_prefix("\0cors ")?.parse().ok()
}

/// The marks of the app that has this resource map and this `AppCors`, in the order of registration.
pub(super) fn of_app(map: &ResourceMap, asker: Asker) -> Vec<LocatedMark> {
    // Nothing that a client sent, such as `Host`, affects this.
    let req = TestRequest::default().to_http_request();
    let app = app_of(map, &req, asker);
    MARKS.with_borrow(|marks| {
        let of_app = (marks.iter().enumerate()).filter(|(_, mark)| Some(mark.app) == app);
        of_app
            .map(|(index, mark)| locate(map, &req, index, mark.clone()))
            .collect()
    })
}

/// The app that has this resource map and this `AppCors`.
fn app_of(map: &ResourceMap, req: &HttpRequest, asker: Asker) -> Option<usize> {
    let has = |name: &str| some_path(map, req, name, |_| "1").is_some();
    // The map of an app without a mark has the names of its annotated resources. It could be taken for
    // another only if it has no annotated resources, but unannotated ones with the same names, and if
    // the other has no `AppCors` and was built while this one was waiting.
    let fitting_names = |app: usize| {
        MARKS.with_borrow(|marks| {
            let mut of_app = (marks.iter().enumerate()).filter(|(_, mark)| mark.app == app);
            of_app.try_fold(0, |count, (index, mark)| {
                let is_known = if mark.is_placed {
                    has(&name(index))
                } else {
                    has(&mark.resource)
                };
                is_known.then_some(count + 1)
            })
        })
    };
    APPS.with_borrow(|apps| {
        let marked = |index: &usize| apps[*index].is_placed && has(&app_name(*index));
        let fits = |index: usize| {
            let app = &apps[index];
            let may_be = !app.is_placed && app.asked_by == Some(asker);
            Some((may_be.then(|| fitting_names(index))??, index))
        };
        let longest = || (0..apps.len()).filter_map(fits).max();
        (0..apps.len()).rfind(marked).or_else(|| Some(longest()?.1))
    })
}

/// Finds out the pattern of the whole path of a mark.
fn locate(map: &ResourceMap, req: &HttpRequest, index: usize, mark: Mark) -> LocatedMark {
    let own = with_slash(&mark.path);
    let mut hidden_by = BTreeSet::new();
    let prefix = if mark.is_in_scope {
        prefix(map, req, index, &mark, &own, &mut hidden_by)
    } else {
        String::new()
    };
    LocatedMark {
        pattern: prefix + &own,
        index,
        mark,
        hidden_by,
    }
}

/// The prefixes of the scopes that a mark is in. Adds what hides it.
fn prefix(
    map: &ResourceMap,
    req: &HttpRequest,
    index: usize,
    mark: &Mark,
    own: &str,
    hidden_by: &mut BTreeSet<usize>,
) -> String {
    let marked = marked_path(&without_marks(own), mark.method);
    let mut end = String::new();
    let mut own_values = 0;
    let mut unknown = iter::repeat_with(|| {
        own_values += 1;
        UNKNOWN
    });
    ResourceDef::new(&*marked).resource_path_from_iter(&mut end, &mut unknown);
    let name = name(index);
    let Some((whole, all_values)) = some_path(map, req, &name, |_| UNKNOWN) else {
        return String::new(); // the app was built, so the map has it
    };
    let before = all_values.saturating_sub(own_values);
    // A parameter without a regular expression takes `~`, which hardly anything else does.
    let is_plain = !marked.contains(':');
    // So does each of the first four of the prefixes, where it must, as a bit of the set says.
    let mut find_with = |name: &str, end: &str, set: usize| {
        values().find_map(|value| {
            let some = |index| {
                let is_own = is_plain && index >= before;
                let is_in_set = index < 4 && set >> index & 1 == 1;
                if is_own || is_in_set { "~" } else { value }
            };
            let (path, _) = some_path(map, req, name, some)?;
            let found = map.match_name(&path)?;
            if found != name {
                hidden_by.extend(self::index(found));
                return None;
            }
            let pattern = map.match_pattern(&path)?;
            Some(pattern.strip_suffix(end)?.to_owned())
        })
    };
    let mut find = |name: &str, end: &str| {
        (0..1_usize << before.min(4)).find_map(|set| find_with(name, end, set))
    };
    if let Some(prefix) = find(&name, &marked) {
        hidden_by.clear();
        return prefix;
    }
    if let Some(prefix) = find(&place_name(mark.place), &place_path(mark.place)) {
        hidden_by.clear(); // they are in the same scope
        return prefix;
    }
    whole.strip_suffix(&*end).unwrap_or_default().to_owned()
}

/// What the pattern of a path has for a parameter if its own pattern is not known.
const UNKNOWN: &str = "{unknown}";

/// A path that a resource may match, decoded as that of a request, and how many values are in it.
fn some_path<'a>(
    map: &ResourceMap,
    req: &HttpRequest,
    name: &str,
    value: impl Fn(usize) -> &'a str,
) -> Option<(String, usize)> {
    let mut count = 0;
    let values = (0..32).map(&value).inspect(|_| count += 1);
    let url = map.url_for(req, name, values).ok()?;
    Some((Url::new(url.path().parse().ok()?).path().to_owned(), count))
}

/// Values for the parameters of a path: one of them fits most regular expressions.
fn values() -> impl Iterator<Item = &'static str> {
    const DIGITS: &str = "11111111111111111111111111111111";
    const LETTERS: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
    (lengths.into_iter())
        .flat_map(|length| [&DIGITS[..length], &LETTERS[..length]])
        .chain([
            "A",
            "v1",
            "a-1",
            "1.1",
            "2000-01-01",
            "11111111-1111-4111-8111-111111111111",
        ])
}

/// Whether a path may match both patterns. What a regular expression matches is not known.
pub(super) fn may_overlap(one: &str, other: &str) -> bool {
    let is_open =
        |segment: &str| segment.contains('{') && (segment.contains(':') || segment.ends_with("}*"));
    let (mut ours, mut theirs) = (one.split('/'), other.split('/'));
    loop {
        match (ours.next(), theirs.next()) {
            (Some(ours), Some(theirs)) if is_open(ours) || is_open(theirs) => return true,
            (Some(ours), Some(theirs))
                if ours == theirs || ours.contains('{') || theirs.contains('{') => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}
