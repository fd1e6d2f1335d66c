//! Marks, by which the annotated handlers of an app are found in its resource map.
//!
//! Nobody tells a resource which scopes it is in, nor what was registered before it. The resource map
//! of the app knows both. So an annotated resource registers a mark before itself for each of its
//! methods: a resource with the same pattern and `//\0METHOD` after it, that takes no request. The map
//! finds it by the path of a request and the method, just where routing would find the resource.
//! Parameters are not empty, so none matches what follows the path.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{HttpResponse, Resource, guard};

use super::super::endpoint::Endpoint;

/// An annotated handler, one of its methods, and where it was registered.
#[derive(Debug)]
pub(super) struct Mark {
    /// Its place in the order of registration, which nothing else on this thread has.
    pub(super) number: usize,
    /// The name in the resource map.
    pub(super) name: String,
    pub(super) endpoint: Endpoint,
    pub(super) method: &'static str,
    /// The pattern as it was written, without the prefixes of scopes.
    pub(super) path: String,
    /// The name of the resource.
    pub(super) resource: String,
    /// Whether the route has guards of its own, so that a later one may take the request.
    pub(super) has_guards: bool,
}

impl Mark {
    /// The pattern of the mark, without the prefixes of scopes.
    pub(super) fn pattern(&self) -> String {
        registered_path(&self.path).into_owned() + &self.suffix()
    }

    /// What follows the path. With guards it is unlike any other, so the mark hides none.
    pub(super) fn suffix(&self) -> String {
        let guards = if self.has_guards { &self.name } else { "" };
        suffix(self.method) + guards
    }
}

/// What follows the path in the marks of handlers without guards.
pub(super) fn suffix(method: &str) -> String {
    format!("//\0{method}")
}

type Marks = RefCell<Vec<Rc<Mark>>>;

thread_local! {
    static WAITING: RefCell<Vec<Weak<Marks>>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<usize> = const { Cell::new(0) };
}

/// Collects the marks of what is registered on this thread. There are none unless one of these waits.
#[derive(Debug)]
pub(super) struct Waiting(Rc<Marks>);

impl Waiting {
    pub(super) fn start() -> Self {
        let marks = Rc::default();
        WAITING.with_borrow_mut(|waiting| waiting.push(Rc::downgrade(&marks)));
        Self(marks)
    }

    /// Once the app is built. If others were built meanwhile, their marks are here as well: the resource
    /// map tells.
    pub(super) fn stop(&self) -> Vec<Rc<Mark>> {
        let this = Rc::downgrade(&self.0);
        WAITING.with_borrow_mut(|waiting| waiting.retain(|other| !other.ptr_eq(&this)));
        self.0.borrow().clone()
    }
}

fn waiting() -> Vec<Rc<Marks>> {
    WAITING.with_borrow_mut(|waiting| {
        waiting.retain(|marks| marks.strong_count() > 0);
        waiting.iter().filter_map(Weak::upgrade).collect()
    })
}

/// Registers the marks of an annotated resource, before the resource itself.
pub(crate) fn register(
    app: &mut AppService,
    path: &str,
    resource: &str,
    endpoint: Endpoint,
    has_guards: bool,
) {
    let waiting = waiting();
    let has_slash = path.is_empty() || path.starts_with('/');
    for method in endpoint
        .methods
        .listed()
        .iter()
        .filter(|_| !waiting.is_empty())
    {
        let number = NEXT.replace(NEXT.get() + 1);
        let mark = Rc::new(Mark {
            number,
            name: format!("\0cors {number}"),
            endpoint,
            method,
            path: format!("{}{path}", if has_slash { "" } else { "/" }),
            resource: resource.to_owned(),
            has_guards,
        });
        Resource::new(mark.pattern())
            .name(&mark.name)
            .guard(guard::fn_guard(|_| false))
            .to(HttpResponse::NotFound)
            .register(app);
        for marks in &waiting {
            marks.borrow_mut().push(Rc::clone(&mark));
        }
    }
}

/// The path to register an annotated resource at.
pub(crate) fn path_to_register(path: &str) -> Cow<'_, str> {
    let has_marks = !waiting().is_empty();
    if has_marks {
        registered_path(path)
    } else {
        path.into()
    }
}

/// The path of an annotated resource that has marks. A tail in it matches none: it would hide those
/// behind it, such as that of another method.
pub(super) fn registered_path(path: &str) -> Cow<'_, str> {
    let tails = [("}*", "*"), (":.*}", "*"), (":.+}", "+")];
    let mut tails = tails.into_iter();
    let tail = tails.find_map(|(end, times)| Some((path.strip_suffix(end)?, times)));
    tail.map_or(path.into(), |(start, times)| {
        format!(r"{start}:[^\x00]{times}}}").into()
    })
}
