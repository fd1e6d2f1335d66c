//! Where `#[cors]` stands among the attributes of a function.

use crate::attr::Attr;
use crate::item::Function;
use crate::report::Report;
use crate::{route, wording};

/// Whether it is a route attribute, or a `cfg_attr` that has one.
pub(crate) fn has_route(attr: &Attr) -> bool {
    attr.flat().iter().any(|(_, attr)| route::is_route(attr))
}

/// Puts `cors` above the first route attribute: into `cfg_attr` too, unless there is one outside.
pub(crate) fn with_cors(attrs: Vec<Attr>, cors: &Attr) -> Vec<Attr> {
    let mut placed = Vec::new();
    let mut done = false;
    let only_conditional = !attrs.iter().any(route::is_route);
    for attr in attrs {
        if !done && route::is_route(&attr) {
            placed.push(cors.clone());
            done = true;
        }
        match attr.conditional() {
            Some((condition, inner)) if only_conditional && has_route(&attr) => {
                placed.push(Attr::under(&condition, &with_cors(inner, cors)));
            }
            _ => placed.push(attr),
        }
    }
    placed
}

/// Before which attribute `#[cors]` must stand to be next to the route attribute or, without one,
/// to the function; `None` if it is there.
///
/// Macros in between see the function as they would without `#[cors]`: `utoipa::path`, for one,
/// reads the path and the method of the route attribute.
pub(crate) fn new_position(function: &Function, route: Option<usize>) -> Option<usize> {
    let end = route.unwrap_or(function.attrs.len());
    let last_macro = function.attrs[..end]
        .iter()
        .rposition(|attr| !attr.is_inert() && !attr.is_cors())?;
    Some(route.unwrap_or(last_macro + 1))
}

/// Takes further `#[cors]` away.
pub(crate) fn take_repeated(attrs: &mut Vec<Attr>, report: &Report) {
    attrs.retain(|attr| {
        if attr.is_cors() {
            report.add(wording::repeated_cors(), attr.path());
        }
        !attr.is_cors()
    });
}
