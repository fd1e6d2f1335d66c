//! Writes code: data, and one call into the runtime. Nothing here fails.

mod by_hand;
mod policy;
mod service;
mod warnings;

pub(crate) use by_hand::by_hand;
pub(crate) use policy::{module_policy, policy};
pub(crate) use service::service;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::attr::Attr;
use crate::item::Function;
use crate::route::Method;
use crate::tokens::{self, located};

/// The attributes of a function by what they are about.
struct Attrs {
    docs: TokenStream,
    lints: TokenStream,
    /// All but the lints, in order.
    others: TokenStream,
}

impl Attrs {
    fn of(function: &Function) -> Self {
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
/// The compiler says at the handler's name what actix-web cannot extract or respond with.
fn resource(
    runtime: &Path,
    paths: &TokenStream,
    resource_name: &str,
    name: &Ident,
    handler: &TokenStream,
    methods: &[Method],
) -> TokenStream {
    let here = Span::call_site().located_at(name.span());
    let function = located(runtime, here);
    let function = quote_spanned!(here=> #function::__private::resource);
    let handler = located(handler, here);
    // The module and the name tell a handler from any other.
    let handler_name = format!(" {}", tokens::name(name));
    let methods = methods.iter().map(|method| &method.name);
    quote_spanned! {here=>
        #function(
            #paths,
            #resource_name,
            ::core::concat!(::core::module_path!(), #handler_name),
            #name::POLICY,
            &[#(#methods),*],
            #handler,
        )
    }
}

/// The function and the warnings, under the lints: these silence both, and an `expect` counts once.
fn under(lints: &TokenStream, items: TokenStream) -> TokenStream {
    if lints.is_empty() {
        return items;
    }
    quote! {
        #lints
        const _: () = { #items };
    }
}
