//! The function below the attribute. Its body stays tokens: half-typed code is the compiler's to judge.

use cors_rules::wording;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, ReturnType, Signature, Visibility};

use crate::report::Report;
use crate::route;

/// A function that could be a handler.
pub(crate) struct Handler {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Handler {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl ToTokens for Handler {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            vis,
            sig,
            body,
        } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

impl Handler {
    /// Reads the item; reports what is no function.
    pub(crate) fn read(item: TokenStream, report: &Report) -> Option<Self> {
        let culprit = item
            .clone()
            .into_iter()
            .find(|token| matches!(token, proc_macro2::TokenTree::Ident(_)));
        if let Ok(handler) = syn::parse2(item) {
            Some(handler)
        } else {
            report.add(
                wording::not_a_handler(
                    "`#[cors]` is neither on a function nor on a module",
                    "it states the policy of a handler, or of the handlers in a module, and applies to nothing else",
                    "put it above the route attribute of an `async fn`",
                ),
                culprit,
            );
            None
        }
    }

    /// Takes further `#[cors]` away.
    pub(crate) fn take_repeated(&mut self, report: &Report) {
        self.attrs.retain(|attr| {
            let repeated = route::last_segment(attr).is_some_and(|last| last == "cors");
            if repeated {
                report.add(wording::repeated_cors(), attr.path());
            }
            !repeated
        });
    }

    /// Whether actix-web can call it.
    pub(crate) fn check(&self, report: &Report) -> bool {
        let name = &self.sig.ident;
        let found = if let Some(FnArg::Receiver(receiver)) = self.sig.inputs.first() {
            let violation = wording::not_a_handler(
                &format!("`{name}` is a method"),
                "actix-web calls a handler with what it extracts from a request, and nothing else",
                "make it a free `async fn`, and take the rest as `web::Data<…>`",
            );
            Some((violation, receiver.to_token_stream()))
        } else if self.sig.asyncness.is_none() {
            let violation = wording::not_a_handler(
                &format!("`{name}` is not `async`"),
                "actix-web waits for what a handler returns",
                &format!("async fn {name}(…)"),
            );
            Some((violation, self.sig.fn_token.to_token_stream()))
        } else if matches!(self.sig.output, ReturnType::Default) {
            let violation = wording::not_a_handler(
                &format!("`{name}` returns nothing"),
                "actix-web makes the answer of what a handler returns",
                "-> impl Responder",
            );
            Some((violation, name.to_token_stream()))
        } else {
            None
        };
        let sound = found.is_none();
        if let Some((violation, culprit)) = found {
            report.add(violation, culprit);
        }
        sound
    }
}
