//! The sequence of `#[cors]` and of `policy!`: read, validate, expand.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use crate::args::Args;
use crate::attr::Attr;
use crate::item::{Function, Item};
use crate::placement::{has_route, new_position, take_repeated, with_cors};
use crate::read::{self, Form};
use crate::report::Report;
use crate::route::{self, Method};
use crate::tokens::{is_ident, is_punct};
use crate::validate::{self, Valid};
use crate::{expand, module, wording};

/// The whole of `#[cors(tokens)] item`.
///
/// Whatever is wrong, the item stays defined, so that one mistake is one error.
pub(crate) fn attribute(tokens: TokenStream, item: TokenStream) -> TokenStream {
    if is_key_value(&tokens) {
        // The compiler has said that it supports no such form.
        return item;
    }
    let report = Report::default();
    let expanded = match Item::read(&item) {
        Item::Module(module) => module::cover(tokens, module, &report),
        Item::Function(function) => handler(tokens, function, &report),
        Item::Other(culprit) if is_closure(&item) => {
            report.add(wording::closure_as_handler(), culprit);
            // The comma after it, among arguments, comes with it.
            let mut closure: Vec<_> = item.into_iter().collect();
            closure.pop_if(|last| is_punct(last, ','));
            let errors = report.errors();
            return quote!({ #errors #(#closure)* });
        }
        Item::Other(culprit) => {
            report.add(wording::not_a_function(), culprit);
            item
        }
    };
    let mut whole = report.errors();
    // This appends a stream as a whole; `quote!` would do so token by token.
    whole.extend([expanded]);
    whole
}

fn is_closure(item: &TokenStream) -> bool {
    let is_qualifier = |token: &TokenTree| is_ident(token, "async") || is_ident(token, "move");
    let mut rest = item.clone().into_iter().skip_while(is_qualifier);
    rest.next().is_some_and(|first| is_punct(&first, '|'))
}

/// Whether this is `#[cors = "…"]`. The tokens are those of `#[cors("…")]`; only the source tells the
/// two apart. It is read as tokens, because a comment can have a `=` in it.
fn is_key_value(tokens: &TokenStream) -> bool {
    let first = tokens.clone().into_iter().next();
    if !matches!(first, Some(TokenTree::Literal(_))) {
        return false; // perhaps a policy, which must not be lost
    }
    let text = Span::call_site().source_text();
    let Some(Ok(source)) = text.map(|text| text.parse::<TokenStream>()) else {
        return false;
    };
    // In a `cfg_attr`, the source begins with the path.
    let attr = Attr::take(&mut source.clone().into_iter().peekable()).pop();
    attr.unwrap_or_else(|| Attr::new(source)).is_key_value()
}

/// The whole of `policy!(tokens)`.
pub(crate) fn policy(tokens: TokenStream) -> TokenStream {
    let report = Report::default();
    let args = read::arguments(tokens, Form::Policy, &report);
    let valid = validate::policy(&args, Form::Policy, &report).unwrap_or(Valid::Erroneous);
    expand::policy(&args, &valid, &report)
}

fn handler(tokens: TokenStream, mut function: Function, report: &Report) -> TokenStream {
    let route = function.attrs.iter().position(route::is_route);
    if route.is_none() && function.attrs.iter().any(has_route) {
        // Where the condition does not hold, the function is no handler.
        let cors = |runtime: &syn::Path| Attr::new(quote!(#runtime::cors(#tokens)));
        let runtime = read::arguments(tokens.clone(), Form::Routed, &Report::default()).runtime();
        function.attrs = with_cors(function.attrs, &cors(&runtime));
        return function.into_token_stream();
    }
    let (is_placed, tokens) = take_mark(tokens);
    let mut attrs = function.attrs.iter();
    if route.is_none()
        && !is_placed
        && let Some(attr) = attrs.find(|attr| !attr.is_inert() && route::starts_with_literal(attr))
    {
        let args = read::arguments(tokens.clone(), Form::ByHand, &Report::default());
        if args.key("methods").is_none() && !args.leaves_alone() && !args.incomplete {
            let name = function.name.to_string();
            let violation = wording::renamed_route(&name, &route::name(attr));
            report.add(violation, attr.path());
            return function.into_token_stream();
        }
    }
    if let Some(place) = new_position(&function, route).filter(|_| !is_placed) {
        let runtime = read::arguments(tokens.clone(), Form::Routed, &Report::default()).runtime();
        let mark = format_ident!("{PLACED}");
        let cors = Attr::new(quote!(#runtime::cors(#mark, #tokens)));
        function.attrs.insert(place, cors);
        return function.into_token_stream();
    }
    take_repeated(&mut function.attrs, report);
    let form = if route.is_some() {
        Form::Routed
    } else {
        Form::ByHand
    };
    let args = read::arguments(tokens, form, report);
    if route.is_some() {
        routed(&args, function, report)
    } else {
        by_hand(&args, function, report)
    }
}

/// Says that `#[cors]` is where it must be, as far as possible: a macro above it that the compiler
/// cannot find stays there, and it would be moved below that one forever.
const PLACED: &str = "__placed";

fn take_mark(tokens: TokenStream) -> (bool, TokenStream) {
    let mut rest = tokens.clone().into_iter();
    let is_marked = rest.next().is_some_and(|first| is_ident(&first, PLACED));
    if is_marked {
        (true, rest.skip(1).collect())
    } else {
        (false, tokens)
    }
}

/// A handler with route attributes.
fn routed(args: &Args, mut function: Function, report: &Report) -> TokenStream {
    // Of those below `#[routes]`, only `#[routes]` reads the names.
    let attribute = (function.attrs.iter().find(|attr| attr.is_last(&["routes"])))
        .or_else(|| function.attrs.iter().find(|attr| route::is_route(attr)))
        .cloned();
    if let (Some(methods), Some(attribute)) = (args.key("methods"), &attribute) {
        report.add(
            wording::methods_with_route(&route::name(attribute)),
            methods,
        );
    }
    let is_handler = validate::handler(&function, report);
    let is_in_impl =
        !is_handler && (function.receiver().is_some() || function.own_type().is_some());
    let routes = route::take(&mut function.attrs, report).filter(|_| is_handler);
    if is_in_impl {
        // A type cannot be defined in an `impl`.
        return function.into_token_stream();
    }
    let routes = routes.unwrap_or_default();
    let valid = validated(args, &function, report);
    // All are judged, so that each says what is wrong with it.
    let unsound = routes
        .iter()
        .filter(|route| !validate::methods(&route.methods, report))
        .count();
    let valid = if unsound == 0 {
        valid
    } else {
        Valid::Erroneous
    };
    expand::service(
        &args.runtime(),
        &valid,
        &function,
        attribute.as_ref(),
        &routes,
        report,
    )
}

/// A handler without a route attribute, which states its methods.
fn by_hand(args: &Args, function: Function, report: &Report) -> TokenStream {
    let name = &function.name;
    let methods: Vec<_> = (args.methods.iter())
        .flat_map(|list| &list.elements)
        .map(Method::from)
        .collect();
    let states_methods = args.key("methods").is_some();
    if args.leaves_alone() && !states_methods && !args.incomplete {
        return function.into_token_stream();
    }
    if !states_methods && !args.incomplete {
        report.add(wording::no_route(&name.to_string()), name);
    }
    if let (Some(list), []) = (&args.methods, methods.as_slice()) {
        report.add(wording::empty_methods(), &list.tokens);
    }
    let mut is_handler = validate::handler(&function, report);
    let reserved = ["POLICY", "at"];
    if states_methods && let Some(taken) = reserved.into_iter().find(|taken| name == taken) {
        report.add(wording::reserved_name(taken), name);
        is_handler = false;
    }
    let valid = validated(args, &function, report);
    validate::methods(&methods, report);
    if !states_methods || !is_handler {
        return function.into_token_stream();
    }
    expand::by_hand(&args.runtime(), &valid, &function, &methods, report)
}

/// The policy, and the warnings about what the handler takes.
fn validated<'a>(args: &'a Args, function: &Function, report: &Report) -> Valid<'a> {
    let valid = validate::policy(args, Form::Routed, report).unwrap_or(Valid::Erroneous);
    validate::signature(&valid, function, report);
    valid
}
