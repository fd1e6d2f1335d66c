//! The item and the arguments above it, each read once.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::args::{Args, Form};
use crate::attr::Attr;
use crate::item::{Function, GenericParameter, Item, is_block};
use crate::module::{self, ModuleInput};
use crate::placement::{move_lower, take_covering, take_mark, take_repeated};
use crate::report::Report;
use crate::route::{self, Method, Route, has_route};
use crate::signature::{NeedyParameter, needy_parameters};
use crate::tokens::{is_ident, is_punct};
use crate::{read, wording};

/// `#[cors(…)]` and the item below it.
pub(crate) enum Input {
    Handler(Box<Handler>),
    Module(Box<ModuleInput>),
    /// An item without a policy, after saying why.
    Unusable(TokenStream),
    /// The whole output: the item, with `#[cors]` lower or with its own errors.
    Output(TokenStream),
}

/// A function with a policy.
pub(crate) struct Handler {
    pub(crate) args: Args,
    /// Without its route attributes.
    pub(crate) function: Function,
    pub(crate) needy_parameters: Vec<NeedyParameter>,
    pub(crate) registration: Registration,
}

/// How a handler is registered.
pub(crate) enum Registration {
    /// By its route attributes. If they could not be read, `routes` is empty.
    Routed {
        /// The attribute whose name is in scope: of those below `#[routes]`, only `#[routes]` reads
        /// the names.
        attribute: Attr,
        routes: Vec<Route>,
    },
    /// By hand, with `at`.
    ByHand {
        methods: Vec<Method>,
        generic_parameters: Vec<GenericParameter>,
    },
}

impl Input {
    pub(crate) fn read(tokens: TokenStream, item: TokenStream, report: &Report) -> Self {
        match Item::read(&item) {
            Item::Function(function) => handler(tokens, function, report),
            Item::Module(module) => Self::Module(Box::new(module::read(tokens, module, report))),
            Item::Other(culprit) if is_closure(&item) => {
                report.add(wording::closure_as_handler(), culprit);
                // The comma after it, among arguments, comes with it.
                let mut closure: Vec<_> = item.into_iter().collect();
                closure.pop_if(|last| is_punct(last, ','));
                let errors = report.errors();
                Self::Output(quote!({ #errors #(#closure)* }))
            }
            Item::Other(culprit) => {
                report.add(wording::not_a_function(), culprit);
                let last = item.clone().into_iter().last();
                let is_whole = last.is_none_or(|last| {
                    is_punct(&last, ';') || is_punct(&last, ',') || is_block(&last)
                });
                // A statement comes without its semicolon.
                let end = (!is_whole).then(|| quote!(;));
                Self::Unusable(quote!(#item #end))
            }
        }
    }
}

fn is_closure(item: &TokenStream) -> bool {
    let mut tokens = item.clone().into_iter();
    tokens
        .find(|token| !is_ident(token, "async") && !is_ident(token, "move"))
        .is_some_and(|first| is_punct(&first, '|'))
}

fn handler(tokens: TokenStream, mut function: Function, report: &Report) -> Input {
    let (is_placed, tokens) = take_mark(tokens);
    take_covering(&mut function.attrs);
    let form = if function.attrs.iter().any(has_route) {
        Form::Routed
    } else {
        Form::ByHand
    };
    let args = read::arguments(tokens.clone(), form, report);
    if form == Form::ByHand && function.name == "main" {
        report.add(wording::main_as_handler(), &function.name);
        return Input::Unusable(function.into_token_stream());
    }
    if form == Form::ByHand
        && !is_placed
        && args.lack_methods()
        && let Some(attr) = (function.attrs.iter_mut()).find(|attr| route::may_be_route(attr))
    {
        let name = route::name(attr);
        let Some(meant) = route::miscased(attr) else {
            report.add(wording::renamed_route(&function.name, &name), attr.path());
            return Input::Unusable(function.into_token_stream());
        };
        report.add(wording::miscased_route(&name, &meant), attr.last());
        attr.rename(&meant);
    } else if move_lower(&mut function.attrs, &args.runtime(), &tokens, is_placed) {
        return Input::Output(function.into_token_stream());
    }
    take_repeated(&mut function.attrs, report);
    let mut attrs = function.attrs.iter();
    let attribute = (attrs.clone().find(|attr| attr.is_last(&["routes"])))
        .or_else(|| attrs.find(|attr| route::is_route(attr)));
    let registration = match attribute.cloned() {
        Some(attribute) => Registration::Routed {
            attribute,
            routes: route::take(&mut function.attrs, report),
        },
        None => Registration::ByHand {
            methods: (args.methods.iter().flat_map(|list| &list.elements))
                .map(Method::from)
                .collect(),
            generic_parameters: function.generic_parameters(),
        },
    };
    Input::Handler(Box::new(Handler {
        args,
        needy_parameters: needy_parameters(&function),
        function,
        registration,
    }))
}
