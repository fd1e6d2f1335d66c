//! A handler with route attributes: a type that registers itself.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::parts::{Attrs, Parts, method_names, resource};
use crate::attr::Attr;
use crate::item::Function;
use crate::route::Route;
use crate::tokens::{self, at_call_site};

/// The handler's type and its registration. `attribute` is the route attribute.
pub(super) fn parts(
    runtime: &Path,
    function: &Function,
    attribute: &Attr,
    routes: &[Route],
) -> Parts {
    // The attribute is no longer there to be used: without this, its import would be called unused.
    let import = attribute.path().map(|path| {
        let here = Span::call_site().located_at(path.span());
        let path = at_call_site(path.to_token_stream());
        quote_spanned!(here=> use #path as _;)
    });
    let name = &function.name;
    let others = Attrs::of(function).others;
    let definition = function.definition();
    let registrations = (routes.iter()).map(|route| registration(runtime, route, function));
    let lines: Vec<_> = (routes.iter())
        .map(|route| format!("`{} {}`", method_names(&route.methods), route.path.value()))
        .collect();
    Parts {
        summary: lines.join(", "),
        definition: quote! {
            #[allow(non_camel_case_types)]
            pub struct #name;
        },
        in_impl: TokenStream::new(),
        after_impl: quote! {
            impl #runtime::__private::HttpServiceFactory for #name {
                fn register(self, __cors_app: &mut #runtime::__private::AppService) {
                    #others
                    #definition

                    #import
                    #(#registrations)*
                }
            }
        },
    }
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
        function,
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
