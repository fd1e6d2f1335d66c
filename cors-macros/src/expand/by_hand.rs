//! A handler without a route attribute: a type with its policy, and with `at` to register it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use super::parts::{Attrs, Parts, method_names, resource};
use crate::item::{Function, GenericParameter};
use crate::route::Method;
use crate::tokens::{self, at_call_site};

/// The handler's type, and `at`.
pub(super) fn parts(
    runtime: &Path,
    function: &Function,
    methods: &[Method],
    parameters: &[GenericParameter],
) -> Parts {
    let Function {
        vis,
        name,
        generics,
        condition,
        ..
    } = function;
    let others = Attrs::of(function).others;
    // actix-web needs the function to be `async`. Lints about a needless `async` go by the span at
    // the start of the function.
    let vis_at_call_site = at_call_site(vis.clone());
    let function_at_call_site = Function {
        qualifiers: at_call_site(function.qualifiers.clone()),
        ..function.clone()
    };
    let definition = function_at_call_site.definition();
    let names = parameters.iter().map(|parameter| &parameter.name);
    let arguments = (!parameters.is_empty()).then(|| quote!(::<#(#names),*>));
    let with_static = with_static(function, parameters);
    let resource = resource(
        runtime,
        &quote!(__cors_paths),
        &tokens::name(name),
        function,
        &quote!(Self::#name #arguments),
        methods,
    );
    let in_impl = quote! {
        /// The handler at this path, or at each of these: `.service(…)`.
        #vis fn at #generics(
            __cors_paths: impl #runtime::__private::IntoPatterns,
        ) -> #runtime::AnnotatedResource #with_static {
            let _ = #name #arguments;
            #resource
        }

        #others
        #vis_at_call_site #definition
    };
    let never = quote!(__cors_never);
    let respond = quote!(#never.respond());
    // If nothing uses `at`, the compiler says that this function is never used, since its tokens
    // are the user's. It would be silent about the macro's own tokens. Only the name is the macro's
    // own: otherwise, the lint on names would be about this function and the one in the `impl`.
    let mut own_name = name.clone();
    own_name.set_span(Span::call_site().located_at(name.span()));
    let for_routes = quote_spanned! {name.span()=>
        #vis fn #own_name #generics(
            #never: #runtime::__private::RegisterWithAt<#name>,
        ) -> #runtime::__private::RegisterWithAt<#name> #condition {
            #respond
        }
    };
    let allowed = function.attrs.iter().filter(|attr| attr.is("allow"));
    Parts {
        summary: format!("`{}`", method_names(methods)),
        definition: quote! {
            #[allow(non_camel_case_types)]
            #vis_at_call_site enum #name {}

            #(#allowed)*
            #[doc(hidden)]
            #for_routes
        },
        in_impl,
        after_impl: TokenStream::new(),
    }
}

/// The conditions of the function, and that its types are `'static`. actix-web asks that of a
/// handler only where it is registered.
fn with_static(function: &Function, parameters: &[GenericParameter]) -> TokenStream {
    // The macro's own, so that no lint says that a type has its bounds in two places.
    let mut missing = (parameters.iter())
        .filter(|parameter| !parameter.is_static)
        .map(|parameter| {
            let mut name = parameter.name.clone();
            name.set_span(Span::call_site());
            quote!(#name: 'static)
        })
        .peekable();
    if missing.peek().is_none() {
        return function.condition.clone();
    }
    let stated = function.conditions();
    quote!(where #(#stated,)* #(#missing),*)
}
