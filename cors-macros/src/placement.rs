//! Where `#[cors]` stands among the attributes of a function, and where it is expanded.
//!
//! The compiler expands attributes from top to bottom, and each sees those below it. Macros between
//! `#[cors]` and the route attribute must see the function as they would without `#[cors]`:
//! `utoipa::path`, for one, reads the path and the method of the route attribute. So `#[cors]` does
//! nothing at first but write itself again, next to the route attribute or, without one, next to
//! the function. It is expanded there once the macros above it are.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Path;

use crate::attr::Attr;
use crate::report::Report;
use crate::route::{has_route, is_route};
use crate::tokens::is_ident;
use crate::wording;

/// Marks arguments that were moved. A macro above them that the compiler cannot find stays there,
/// and they would be moved below it forever.
const PLACED: &str = "__placed";
/// Marks arguments that a module gives to a handler in it. Under another name, as in
/// `use cors_runtime::cors as c;`, the module cannot know that the handler has its own.
const COVERED: &str = "__covered";

/// Takes a mark away; the first result is true if the arguments were moved.
pub(crate) fn take_mark(tokens: TokenStream) -> (bool, TokenStream) {
    let mut rest = tokens.clone().into_iter();
    match rest.next() {
        Some(first) if is_ident(&first, PLACED) => (true, rest.collect()),
        Some(first) if is_ident(&first, COVERED) => (false, rest.collect()),
        _ => (false, tokens),
    }
}

/// The attribute that a module gives to a handler in it.
pub(crate) fn covering(runtime: &TokenStream, args: &TokenStream) -> Attr {
    let mark = Ident::new(COVERED, Span::call_site());
    Attr::new(quote!(#runtime::cors(#mark #args)))
}

/// Takes away what a module gave: the policy that is expanded first is closer to the handler.
pub(crate) fn take_covering(attrs: &mut Vec<Attr>) {
    attrs.retain(|attr| {
        let is_covering = |args: TokenStream| {
            let first = args.into_iter().next();
            first.is_some_and(|first| is_ident(&first, COVERED))
        };
        !attr.is_cors() || !attr.args().is_some_and(is_covering)
    });
}

/// Writes `#[cors]` with these arguments lower among `attrs`; `false` if it is where it must be.
pub(crate) fn move_lower(
    attrs: &mut Vec<Attr>,
    runtime: &Path,
    args: &TokenStream,
    is_placed: bool,
) -> bool {
    let route = attrs.iter().position(is_route);
    if route.is_none() && attrs.iter().any(has_route) {
        // If the condition does not hold, the function is no handler.
        let cors = Attr::new(quote!(#runtime::cors(#args)));
        *attrs = with_cors(std::mem::take(attrs), &cors);
        return true;
    }
    let is_macro = |attr: &Attr| !attr.is_inert() && !attr.is_cors();
    let above = &attrs[..route.unwrap_or(attrs.len())];
    let Some(last_macro) = above.iter().rposition(is_macro).filter(|_| !is_placed) else {
        return false;
    };
    let mark = Ident::new(PLACED, Span::call_site());
    let cors = Attr::new(quote!(#runtime::cors(#mark #args)));
    attrs.insert(route.unwrap_or(last_macro + 1), cors);
    true
}

/// Puts `cors` above the first route attribute: into `cfg_attr` too, unless there is one outside.
pub(crate) fn with_cors(mut attrs: Vec<Attr>, cors: &Attr) -> Vec<Attr> {
    if let Some(route) = attrs.iter().position(is_route) {
        attrs.insert(route, cors.clone());
        return attrs;
    }
    let placed = |attr: Attr| match attr.conditional() {
        Some((condition, inner)) if has_route(&attr) => {
            Attr::with_condition(&condition, &with_cors(inner, cors))
        }
        _ => attr,
    };
    attrs.into_iter().map(placed).collect()
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
