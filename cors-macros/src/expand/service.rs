//! A handler with route attributes: a type that registers itself.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::policy::constant;
use super::warnings::warnings;
use super::{Attrs, resource, under};
use crate::attr::Attr;
use crate::item::Function;
use crate::report::Report;
use crate::route::Route;
use crate::tokens::{self, as_own_tokens};
use crate::validate::Valid;

/// The handler's type, its policy and its registration. `attribute` is the route attribute.
pub(crate) fn service(
    runtime: &Path,
    valid: &Valid<'_>,
    function: &Function,
    attribute: Option<&Attr>,
    routes: &[Route],
    report: &Report,
) -> TokenStream {
    // The attribute is no longer there to be used: without this, its import would be called unused.
    let import = attribute.and_then(Attr::path).map(|path| {
        let here = Span::call_site().located_at(path.span());
        let own = as_own_tokens(path.to_token_stream());
        quote_spanned!(here=> use #own as _;)
    });
    let name = &function.name;
    let Attrs {
        docs,
        lints,
        others,
    } = Attrs::of(function);
    // A user who documents everything need not document what the macro adds.
    let docs = if docs.is_empty() {
        summary(routes)
    } else {
        docs
    };
    let definition = function.definition();
    let policy = constant(runtime, valid);
    let warnings = warnings(runtime, valid, &quote!(#name::POLICY), function, report);
    let registrations = routes
        .iter()
        .map(|route| registration(runtime, route, function));
    let items = quote! {
        impl #name {
            #policy
        }

        impl #runtime::__private::HttpServiceFactory for #name {
            fn register(self, __cors_app: &mut #runtime::__private::AppService) {
                #others
                #definition

                #import
                #(#registrations)*
            }
        }

        #warnings
    };
    let mut expanded = quote! {
        #docs
        #[allow(non_camel_case_types)]
        pub struct #name;
    };
    expanded.extend([under(&lints, items)]);
    expanded
}

fn summary(routes: &[Route]) -> TokenStream {
    let lines = routes.iter().map(|route| {
        let methods: Vec<_> = route
            .methods
            .iter()
            .map(|method| method.name.as_str())
            .collect();
        format!("`{} {}`", methods.join("`, `"), route.path.value())
    });
    let line = lines.collect::<Vec<_>>().join(", ");
    quote!(#[doc = #line])
}

fn registration(runtime: &Path, route: &Route, function: &Function) -> TokenStream {
    let Route {
        condition,
        path,
        name,
        guards,
        wraps,
        methods,
    } = route;
    let handler = &function.name;
    let name = (name.as_ref()).map_or_else(|| tokens::name(handler), syn::LitStr::value);
    let resource = resource(
        runtime,
        &path.to_token_stream(),
        &name,
        handler,
        &handler.to_token_stream(),
        methods,
    );
    quote! {
        #condition
        #runtime::__private::HttpServiceFactory::register(
            #resource
            #(.guard(#runtime::__private::fn_guard(#guards)))*
            #(.wrap(#wraps))*,
            __cors_app,
        );
    }
}
