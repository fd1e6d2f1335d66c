//! Writes code: data, and one call into the runtime. Nothing here fails.

mod by_hand;
mod policy;
mod service;
mod warnings;

pub(crate) use by_hand::by_hand;
pub(crate) use policy::{module_policy, policy};
pub(crate) use service::service;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::attr::Attr;
use crate::item::Function;
use crate::tokens;

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

/// The module and the name of a handler, which tell it from any other.
fn handler_name(handler: &Ident) -> TokenStream {
    let name = format!(" {}", tokens::name(handler));
    quote!(::core::concat!(::core::module_path!(), #name))
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
