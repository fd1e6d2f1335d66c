//! The parts of a handler, for both ways in which it is registered.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::attr::Attr;
use crate::item::Function;
use crate::route::Method;
use crate::tokens::{self, located};

/// The parts in which the two kinds of handlers differ.
pub(super) struct Parts {
    /// The documentation, if the user wrote none.
    pub(super) summary: String,
    /// The handler's type.
    pub(super) definition: TokenStream,
    pub(super) in_impl: TokenStream,
    pub(super) after_impl: TokenStream,
}

/// The attributes of a function by what they are about.
pub(super) struct Attrs {
    pub(super) docs: TokenStream,
    pub(super) lints: TokenStream,
    /// All but the lints, in order.
    pub(super) others: TokenStream,
}

impl Attrs {
    pub(super) fn of(function: &Function) -> Self {
        const LINTS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];
        let is_lint = |attr: &&Attr| LINTS.iter().any(|lint| attr.is(lint));
        let (lints, others): (Vec<_>, Vec<_>) = function.attrs.iter().partition(is_lint);
        let docs = others.iter().filter(|attr| attr.is("doc"));
        Self {
            docs: quote!(#(#docs)*),
            lints: quote!(#(#lints)*),
            others: quote!(#(#others)*),
        }
    }
}

/// The resource of a handler. `handler` is the expression for its function.
///
/// The compiler says at the handler's parameters what actix-web cannot extract, and at its name
/// what actix-web cannot respond with.
pub(super) fn resource(
    runtime: &Path,
    paths: &TokenStream,
    resource_name: &str,
    Function {
        name, parameters, ..
    }: &Function,
    handler: &TokenStream,
    methods: &[Method],
) -> TokenStream {
    let here = Span::call_site().located_at(name.span());
    let there = Span::call_site().located_at(parameters.span());
    let function = located(runtime, there);
    let handler = located(handler, here);
    // The module and the name tell a handler from any other.
    let handler_name = format!(" {}", tokens::name(name));
    let methods = methods.iter().map(|method| &method.name);
    let arguments = quote_spanned! {here=>
        #paths,
        #resource_name,
        ::core::concat!(::core::module_path!(), #handler_name),
        #name::POLICY,
        &[#(#methods),*],
        #handler,
    };
    quote_spanned!(there=> #function::__private::resource(#arguments))
}

/// The methods, for documentation.
pub(super) fn method_names(methods: &[Method]) -> String {
    let names: Vec<_> = methods.iter().map(|method| &*method.name).collect();
    names.join("`, `")
}
