//! Marks, by which the annotated handlers of an app are found in its resource map.
//!
//! actix-web does not tell a resource which scopes it is in, nor what was registered before it. The
//! resource map of the app knows both. So an annotated resource registers a mark before itself for
//! each of its paths and methods: a resource with the same path and `//\0METHOD` after it, that
//! takes no request. Given the path of a request and this suffix, the map finds the mark just where
//! routing would find the resource. A parameter without a regular expression is never empty, so it
//! matches nothing of the suffix. One with an expression may match nothing, or the suffix;
//! `handlers.rs` finds the handlers behind it by their paths.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{HttpResponse, Resource, guard};

use super::super::registered::Registered;

/// An annotated handler at one path, for one of its methods.
#[derive(Debug)]
pub(super) struct Mark {
    /// The place in the order of registration.
    pub(super) number: usize,
    /// The name in the resource map. No other mark of the thread has it.
    pub(super) name: String,
    /// The name of a mark that shows the prefixes of scopes alone. There is one if the path has a
    /// regular expression, as tails have: no text is known to match that and nothing before it, so
    /// the mark itself cannot show them.
    pub(super) prefix_name: Option<String>,
    pub(super) registered: Registered,
    pub(super) method: &'static str,
    /// The path as it was written, without the prefixes of scopes.
    pub(super) path: String,
    /// The name of the handler's resource.
    pub(super) resource: String,
}

impl Mark {
    /// The path of the mark, without the prefixes of scopes.
    pub(super) fn marked_path(&self) -> String {
        tail_without_marks(&self.path).into_owned() + &self.suffix()
    }

    /// The text after the path. If the handler has guards, no other mark has this suffix, so that
    /// it hides none.
    pub(super) fn suffix(&self) -> String {
        let guards = if self.registered.is_guarded {
            &self.name
        } else {
            ""
        };
        suffix(self.method) + guards
    }
}

/// The text after the path in a mark: of a method; or of the name of a mark that shows the prefixes
/// of scopes alone.
pub(super) fn suffix(text: &str) -> String {
    format!("//\0{text}")
}

type Marks = RefCell<Vec<Rc<Mark>>>;

thread_local! {
    /// The marks of each `AppCors` on this thread whose app is not built yet.
    static WAITING: RefCell<Vec<Weak<Marks>>> = const { RefCell::new(Vec::new()) };
    /// Numbers the marks of the thread.
    static NEXT: Cell<usize> = const { Cell::new(0) };
}

/// Collects the marks of what is registered on this thread. While none of these waits, annotated
/// resources register no marks.
#[derive(Debug)]
pub(super) struct Waiting(Rc<Marks>);

impl Waiting {
    pub(super) fn start() -> Self {
        let marks = Rc::default();
        WAITING.with_borrow_mut(|waiting| waiting.push(Rc::downgrade(&marks)));
        Self(marks)
    }

    /// Ends once the app is built. Apps that were built meanwhile have left their marks too; the
    /// resource map does not have those.
    pub(super) fn stop(&self) -> Vec<Rc<Mark>> {
        let this = Rc::downgrade(&self.0);
        WAITING.with_borrow_mut(|waiting| waiting.retain(|other| !other.ptr_eq(&this)));
        self.0.take()
    }
}

fn waiting() -> Vec<Rc<Marks>> {
    WAITING.with_borrow_mut(|waiting| {
        waiting.retain(|marks| marks.strong_count() > 0);
        waiting.iter().filter_map(Weak::upgrade).collect()
    })
}

/// Registers the marks of an annotated resource for one of its paths, before the resource itself.
pub(crate) fn register(app: &mut AppService, path: &str, resource: &str, registered: Registered) {
    let waiting = waiting();
    if waiting.is_empty() {
        return;
    }
    for method in registered.methods.listed() {
        let number = NEXT.replace(NEXT.get() + 1);
        let name = format!("\0cors {number}");
        let has_expression = tail_without_marks(path).contains(':');
        let prefix_name = has_expression.then(|| format!("{name} prefix"));
        let mark = Rc::new(Mark {
            number,
            name,
            prefix_name,
            registered,
            method,
            path: path.to_owned(),
            resource: resource.to_owned(),
        });
        register_mark(app, &mark.marked_path(), &mark.name);
        if let Some(name) = &mark.prefix_name {
            register_mark(app, &suffix(name), name);
        }
        for marks in &waiting {
            marks.borrow_mut().push(Rc::clone(&mark));
        }
    }
}

/// Registers a resource that takes no request.
fn register_mark(app: &mut AppService, path: &str, name: &str) {
    Resource::new(path)
        .name(name)
        .guard(guard::fn_guard(|_| false))
        .to(HttpResponse::NotFound)
        .register(app);
}

/// The path at which to register an annotated resource.
pub(crate) fn path_to_register(path: &str) -> Cow<'_, str> {
    if waiting().is_empty() {
        path.into()
    } else {
        tail_without_marks(path)
    }
}

/// Keeps a tail from matching marks. It would hide later ones, such as that of another method.
pub(super) fn tail_without_marks(path: &str) -> Cow<'_, str> {
    let tails = [("}*", "*"), (":.*}", "*"), (":.+}", "+")];
    let mut tails = tails.into_iter();
    let tail = tails.find_map(|(end, times)| Some((path.strip_suffix(end)?, times)));
    // actix-web takes no regular expression in a tail `{…}*`.
    let tail = tail.filter(|(start, _)| {
        let name = start.rfind('{').map_or("", |brace| &start[brace..]);
        !name.contains(':')
    });
    tail.map_or(path.into(), |(start, times)| {
        format!(r"{start}:[^\x00]{times}}}").into()
    })
}
