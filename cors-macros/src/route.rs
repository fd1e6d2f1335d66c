//! Route attributes, as actix-web writes them.

use std::panic::catch_unwind;

use cors_rules::{Violation, shown};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, LitStr, MetaNameValue, Path, Token};

use crate::args::Name;
use crate::attr::Attr;
use crate::report::Report;
use crate::wording;

/// One route attribute: one resource.
pub(crate) struct Route {
    /// `#[cfg(…)]`, if the attribute is in a `cfg_attr`.
    pub(crate) condition: TokenStream,
    pub(crate) path: LitStr,
    pub(crate) name: Option<LitStr>,
    pub(crate) guards: Vec<Path>,
    pub(crate) wraps: Vec<Expr>,
    pub(crate) methods: Vec<Method>,
}

/// A method.
pub(crate) struct Method {
    pub(crate) name: String,
    /// The token that states it.
    pub(crate) value: TokenTree,
    /// With `method =`, in a route attribute.
    pub(crate) whole: TokenStream,
}

impl From<&Name> for Method {
    fn from(name: &Name) -> Self {
        Self {
            name: name.text.clone(),
            value: name.literal.token().into(),
            whole: name.literal.to_token_stream(),
        }
    }
}

/// The attributes that state a method by their name.
const METHODS: [&str; 10] = [
    "get", "post", "put", "delete", "head", "patch", "options", "query", "connect", "trace",
];
/// Of these, the ones for which no other crate has an attribute.
const UNMISTAKABLE: [&str; 6] = ["get", "post", "put", "delete", "head", "patch"];

/// True for a route attribute, `routes` included. Other crates have a `trace` or a `query` too, but
/// a route attribute starts with its path.
pub(crate) fn is_route(attr: &Attr) -> bool {
    if attr.is_last(&["routes"]) {
        return attr.args().is_none();
    }
    if !attr.is_last(&METHODS) && !attr.is_last(&["route"]) {
        return false;
    }
    let is_actix = attr.path().is_some_and(|path| {
        path.segments.len() == 1
            || (path.segments.first())
                .is_some_and(|first| first.ident.to_string().starts_with("actix"))
    });
    attr.args().is_some_and(start_with_literal) || (is_actix && attr.is_last(&UNMISTAKABLE))
}

/// True for a route attribute, and for a `cfg_attr` that has one.
pub(crate) fn has_route(attr: &Attr) -> bool {
    attr.flatten().iter().any(|(_, attr)| is_route(attr))
}

/// True if an unknown macro could be a route attribute under another name.
pub(crate) fn may_be_route(attr: &Attr) -> bool {
    !attr.is_inert() && attr.args().is_some_and(start_with_literal)
}

/// The name of a route attribute in lower case, if it is written in another.
pub(crate) fn miscased(attr: &Attr) -> Option<String> {
    let lower = attr.last()?.to_string().to_lowercase();
    let is_known = METHODS.contains(&&*lower) || lower == "route" || lower == "routes";
    (is_known && !attr.is_last(&[&lower])).then_some(lower)
}

/// True if the first argument is a string, like the path of a route.
fn start_with_literal(args: TokenStream) -> bool {
    match args.into_iter().next() {
        Some(TokenTree::Literal(literal)) => literal.to_string().contains('"'),
        // A fragment of a macro by example.
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
            start_with_literal(group.stream())
        }
        _ => false,
    }
}

/// Takes the route attributes out of `attrs` and reads them; none if that fails, after saying why.
pub(crate) fn take(attrs: &mut Vec<Attr>, report: &Report) -> Vec<Route> {
    let taken = attrs.iter().flat_map(Attr::flatten);
    let (routes, single): (Vec<_>, Vec<_>) = taken
        .filter(|(_, attr)| is_route(attr))
        .partition(|(_, attr)| attr.is_last(&["routes"]));
    *attrs = (std::mem::take(attrs).into_iter())
        .filter_map(without_routes)
        .collect();
    let fault = match single.as_slice() {
        // One route attribute alone, or any number below `#[routes]`, are as they should be.
        [(_, first), (_, second), ..] if routes.is_empty() => {
            Some((wording::several_routes(&name(first), &name(second)), second))
        }
        [] => (routes.first()).map(|(_, attr)| (wording::routes_without_route(), attr)),
        _ => None,
    };
    if let Some((violation, attr)) = fault {
        report.add(violation, attr.path());
        return Vec::new();
    }
    // All are read before any failure counts, so that each says what is wrong with it.
    let read: Vec<_> = (single.iter())
        .map(|(conditions, attr)| Route::read(conditions, attr, report))
        .collect();
    read.into_iter().collect::<Option<_>>().unwrap_or_default()
}

/// An attribute without the route attributes in it; `None` if nothing is left.
fn without_routes(attr: Attr) -> Option<Attr> {
    if !has_route(&attr) {
        return Some(attr);
    }
    let (condition, inner) = attr.conditional()?;
    let left: Vec<_> = inner.into_iter().filter_map(without_routes).collect();
    (!left.is_empty()).then(|| Attr::with_condition(&condition, &left))
}

/// The name of an attribute, as its path is written.
pub(crate) fn name(attr: &Attr) -> String {
    attr.path()
        .map(crate::tokens::path_text)
        .unwrap_or_default()
}

/// The path and the options of a route attribute.
fn path_and_options(
    input: ParseStream<'_>,
) -> syn::Result<(LitStr, Punctuated<MetaNameValue, Token![,]>)> {
    let path = input.parse()?;
    let comma: Option<Token![,]> = input.parse()?;
    if comma.is_some() {
        Ok((
            path,
            input.parse_terminated(MetaNameValue::parse, Token![,])?,
        ))
    } else if input.is_empty() {
        Ok((path, Punctuated::new()))
    } else {
        Err(input.error("expected a comma"))
    }
}

impl Route {
    fn read(conditions: &[TokenStream], attr: &Attr, report: &Report) -> Option<Self> {
        let (path, options) = path_and_options
            .parse2(attr.args().unwrap_or_default())
            .inspect_err(|error| {
                let violation = wording::unreadable_route(&name(attr), &shown(error));
                report.add(violation, attr.path());
            })
            .ok()?;
        let pattern = path.value();
        // The router says what is wrong with a pattern by a panic only.
        if let Err(panic) = catch_unwind(|| drop(actix_router::ResourceDef::new(pattern.as_str())))
        {
            let why = panic.downcast_ref::<String>().cloned();
            let why = why
                .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
                .unwrap_or_default();
            let violation = wording::invalid_pattern(&shown(&pattern), &shown(&why));
            report.add(violation, &path);
            return None;
        }
        let mut route = Self {
            condition: match conditions {
                [] => TokenStream::new(),
                conditions => quote!(#[cfg(all(#(#conditions),*))]),
            },
            path,
            name: None,
            guards: Vec::new(),
            wraps: Vec::new(),
            methods: Vec::new(),
        };
        let stated = attr.last().filter(|_| attr.is_last(&METHODS));
        route.methods.extend(stated.map(|ident| Method {
            name: ident.to_string().to_uppercase(),
            value: ident.clone().into(),
            whole: ident.to_token_stream(),
        }));
        let mut sound = true;
        for option in options {
            if let Err(violation) = route.option(&option, stated.is_some()) {
                report.add(violation, &option);
                sound = false;
            }
        }
        if route.methods.is_empty() && sound {
            report.add(wording::route_without_method(), attr.path());
            sound = false;
        }
        sound.then_some(route)
    }

    fn option(&mut self, option: &MetaNameValue, states_method: bool) -> Result<(), Violation> {
        let key = (option.path.get_ident())
            .map(ToString::to_string)
            .unwrap_or_default();
        if key == "methods" && !states_method {
            let names = strings(&option.value);
            let names = if names.is_empty() {
                vec!["GET".to_owned()]
            } else {
                names
            };
            return Err(wording::methods_of_route(&options(&names)));
        }
        if let (Expr::Path(path), "method", false) = (&option.value, key.as_str(), states_method)
            && let Some(last) = path.path.segments.last()
        {
            let name = last.ident.to_string().to_uppercase();
            return Err(wording::unquoted_route_method(&shown(&name)));
        }
        let Expr::Lit(ExprLit {
            lit: Lit::Str(value),
            ..
        }) = &option.value
        else {
            return Err(wording::route_option_without_string(&key));
        };
        match key.as_str() {
            "name" => self.name = Some(value.clone()),
            "guard" => {
                let guard = value
                    .parse()
                    .map_err(|_| wording::invalid_guard(&shown(&value.value())))?;
                self.guards.push(guard);
            }
            "wrap" => {
                let wrap = value
                    .parse()
                    .map_err(|_| wording::invalid_wrap(&shown(&value.value())))?;
                self.wraps.push(wrap);
            }
            "method" if states_method => return Err(wording::method_stated_twice()),
            "method" => {
                let text = value.value();
                if cors_rules::method::is_placeholder(&text) {
                    return Err(wording::any_route_method(&shown(&text)));
                }
                let names = names(&text);
                let are_methods = names
                    .iter()
                    .all(|name| cors_rules::method::is_standard(name));
                if names.len() > 1 && are_methods {
                    let meant = options(&names);
                    return Err(wording::several_route_methods(&shown(&text), &meant));
                }
                self.methods.push(Method {
                    name: text,
                    value: value.token().into(),
                    whole: option.to_token_stream(),
                });
            }
            _ => return Err(wording::unknown_route_option(&shown(&key))),
        }
        Ok(())
    }
}

/// The methods in a string that holds several.
fn names(text: &str) -> Vec<String> {
    let names = text.split(|c: char| ",;|/".contains(c) || c.is_whitespace());
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_uppercase).collect()
}

/// The strings in an expression.
fn strings(value: &Expr) -> Vec<String> {
    fn find(tokens: TokenStream, found: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => find(group.stream(), found),
                TokenTree::Literal(literal) => {
                    let literal = syn::parse2::<LitStr>(TokenTree::from(literal).into());
                    found.extend(literal.iter().flat_map(|literal| names(&literal.value())));
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    find(quote!(#value), &mut found);
    found
}

/// The options of a route attribute that state these methods.
fn options(names: &[String]) -> String {
    let options = names.iter().map(|name| format!("method = {name:?}"));
    options.collect::<Vec<_>>().join(", ")
}
