//! Route attributes, as actix-web writes them.

use std::panic::catch_unwind;

use cors_rules::wording;
use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, MetaNameValue, Path, Token};

use crate::report::Report;

/// One route attribute: one resource.
pub(crate) struct Route {
    pub(crate) path: LitStr,
    pub(crate) name: Option<LitStr>,
    pub(crate) guards: Vec<Path>,
    pub(crate) wraps: Vec<Expr>,
    pub(crate) methods: Vec<Method>,
}

/// A method, and the token that states it.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) culprit: proc_macro2::TokenTree,
}

impl From<&LitStr> for Method {
    fn from(literal: &LitStr) -> Self {
        Self {
            name: literal.value(),
            culprit: literal.token().into(),
        }
    }
}

/// The attributes that state a method by their name.
const METHODS: [&str; 10] = [
    "get", "post", "put", "delete", "head", "patch", "options", "query", "connect", "trace",
];

/// The last segment of an attribute's path.
pub(crate) fn last_segment(attr: &Attribute) -> Option<&Ident> {
    attr.path().segments.last().map(|last| &last.ident)
}

/// Whether it is a route attribute, `routes` included.
pub(crate) fn is_route(attr: &Attribute) -> bool {
    states_method(attr)
        || last_segment(attr).is_some_and(|last| last == "route" || last == "routes")
}

fn states_method(attr: &Attribute) -> bool {
    last_segment(attr).is_some_and(|last| METHODS.iter().any(|method| last == method))
}

/// Whether the compiler or a tool reads the attribute, and no macro does.
pub(crate) fn is_inert(attr: &Attribute) -> bool {
    const BUILT_IN: [&str; 18] = [
        "allow",
        "cfg",
        "cfg_attr",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "export_name",
        "forbid",
        "inline",
        "link_section",
        "must_use",
        "no_mangle",
        "optimize",
        "track_caller",
        "warn",
        "ignore",
    ];
    const TOOLS: [&str; 5] = ["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];
    let first = attr.path().segments.first().map(|first| &first.ident);
    let among = |names: &[&str]| first.is_some_and(|first| names.iter().any(|name| first == name));
    if attr.path().segments.len() == 1 {
        among(&BUILT_IN)
    } else {
        among(&TOOLS)
    }
}

/// Takes the route attributes out of `attrs` and reads them; `None` if that fails, after saying why.
pub(crate) fn take(attrs: &mut Vec<Attribute>, report: &Report) -> Option<Vec<Route>> {
    let (taken, kept): (Vec<_>, Vec<_>) = std::mem::take(attrs).into_iter().partition(is_route);
    *attrs = kept;
    let routes = taken
        .iter()
        .filter(|attr| last_segment(attr).is_some_and(|last| last == "routes"))
        .count();
    let single: Vec<_> = taken
        .iter()
        .filter(|attr| last_segment(attr).is_some_and(|last| last != "routes"))
        .collect();
    match (routes, single.as_slice()) {
        // One route attribute alone, or any number below `#[routes]`, are as they should be.
        (0, [_, second, ..]) => {
            report.add(
                wording::invalid_route("several route attributes need `#[routes]` above them"),
                second.path(),
            );
            return None;
        }
        (_, []) => {
            report.add(
                wording::invalid_route("`#[routes]` has no route attribute below it"),
                taken.first().map(Attribute::path),
            );
            return None;
        }
        _ => {}
    }
    // All are read before any failure counts, so that each says what is wrong with it.
    let read: Vec<_> = single
        .into_iter()
        .map(|attr| Route::read(attr, report))
        .collect();
    read.into_iter().collect()
}

struct RouteArgs {
    path: LitStr,
    options: Punctuated<MetaNameValue, Token![,]>,
}

impl Parse for RouteArgs {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        let options = if comma.is_some() {
            input.parse_terminated(MetaNameValue::parse, Token![,])?
        } else {
            Punctuated::new()
        };
        if input.is_empty() {
            Ok(Self { path, options })
        } else {
            Err(input.error("expected a comma"))
        }
    }
}

impl Route {
    fn read(attr: &Attribute, report: &Report) -> Option<Self> {
        let args: RouteArgs = match attr.parse_args() {
            Ok(args) => args,
            Err(error) => {
                report.add(
                    wording::invalid_route(format!("this route attribute cannot be read: {error}")),
                    attr.path(),
                );
                return None;
            }
        };
        let pattern = args.path.value();
        // The router says what is wrong with a pattern by a panic only.
        if let Err(panic) = catch_unwind(|| drop(actix_router::ResourceDef::new(pattern.as_str())))
        {
            let why = panic.downcast_ref::<String>().cloned();
            let why = why
                .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
                .unwrap_or_default();
            report.add(
                wording::invalid_route(format!("`{pattern}` is not a path pattern: {why}")),
                &args.path,
            );
            return None;
        }
        let mut route = Self {
            path: args.path,
            name: None,
            guards: Vec::new(),
            wraps: Vec::new(),
            methods: Vec::new(),
        };
        let stated = last_segment(attr).filter(|_| states_method(attr));
        route.methods.extend(stated.map(|ident| Method {
            name: ident.to_string().to_uppercase(),
            culprit: ident.clone().into(),
        }));
        let mut sound = true;
        for option in args.options {
            if let Err(what) = route.option(&option, stated.is_some()) {
                report.add(wording::invalid_route(what), &option.path);
                sound = false;
            }
        }
        if route.methods.is_empty() {
            report.add(
                wording::invalid_route("`#[route]` states no method: `method = \"GET\"`"),
                attr.path(),
            );
            sound = false;
        }
        sound.then_some(route)
    }

    fn option(&mut self, option: &MetaNameValue, states_method: bool) -> Result<(), String> {
        let key = option
            .path
            .get_ident()
            .map(ToString::to_string)
            .unwrap_or_default();
        let Expr::Lit(ExprLit {
            lit: Lit::Str(value),
            ..
        }) = &option.value
        else {
            return Err(format!("`{key}` of a route attribute takes a string"));
        };
        match key.as_str() {
            "name" => self.name = Some(value.clone()),
            "guard" => self.guards.push(
                value
                    .parse()
                    .map_err(|_| "`guard` takes the path of a function".to_owned())?,
            ),
            "wrap" => self.wraps.push(
                value
                    .parse()
                    .map_err(|_| "`wrap` takes an expression".to_owned())?,
            ),
            "method" if states_method => {
                return Err("`method` goes with `#[route]` only".to_owned());
            }
            "method" => self.methods.push(Method::from(value)),
            _ => return Err(format!("`{key}` is not an option of a route attribute")),
        }
        Ok(())
    }
}
