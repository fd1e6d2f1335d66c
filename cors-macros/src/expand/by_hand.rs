//! A handler without a route attribute: a type with its policy, and with `at` to register it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Generics, Path};

use super::policy::constant;
use super::warnings::warnings;
use super::{Attrs, handler_name, under};
use crate::item::Function;
use crate::report::Report;
use crate::route::Method;
use crate::tokens::{self, as_own_tokens, split_parameters};
use crate::validate::Valid;

pub(crate) fn by_hand(
    runtime: &Path,
    valid: &Valid<'_>,
    function: &Function,
    methods: &[Method],
    report: &Report,
) -> TokenStream {
    let Attrs {
        docs,
        lints,
        others,
    } = Attrs::of(function);
    let Function {
        vis,
        name,
        generics,
        condition,
        ..
    } = function;
    let methods: Vec<_> = methods.iter().map(|method| &method.name).collect();
    let docs = if docs.is_empty() {
        let names: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
        let line = format!("`{}`", names.join("`, `"));
        quote!(#[doc = #line])
    } else {
        docs
    };
    let policy = constant(runtime, valid);
    let warnings = warnings(runtime, valid, &quote!(#name::POLICY), function, report);
    // Lints about functions that are `async` without need look at where the whole starts: actix-web
    // needs this one to be.
    let own_vis = as_own_tokens(vis.clone());
    let own = Function {
        qualifiers: as_own_tokens(function.qualifiers.clone()),
        ..function.clone()
    };
    let definition = own.definition();
    let parameters = parameters(generics);
    let arguments = (!parameters.is_empty()).then(|| quote!(::<#(#parameters),*>));
    let condition = with_static(generics, condition);
    let resource_name = tokens::name(name);
    let handler_name = handler_name(name);
    // The compiler warns at the user's function if it is not registered.
    let at = Ident::new("at", name.span());
    let at = quote_spanned! {name.span()=>
        /// The handler and its preflights at this path, or at each of these: `.service(…)`.
        #vis fn #at #generics(
            __cors_paths: impl #runtime::__private::IntoPatterns,
        ) -> #runtime::__private::AnnotatedResource #condition {
            #runtime::__private::resource(
                __cors_paths,
                #resource_name,
                #handler_name,
                Self::POLICY,
                &[#(#methods),*],
                Self::#name #arguments,
            )
        }
    };
    let items = quote! {
        impl #name {
            #policy

            #at

            #others
            #own_vis #definition
        }

        #warnings
    };
    let mut expanded = quote! {
        #docs
        #[derive(::core::fmt::Debug)]
        #[allow(non_camel_case_types)]
        #vis enum #name {}

        // For what the compiler says of `.to(…)`.
        #[doc(hidden)]
        #[allow(dead_code)]
        #vis fn #name #generics(
            __cors_never: #runtime::__private::RegisterWithAt<#name>,
        ) -> ::core::future::Ready<#runtime::__private::HttpResponse> #condition {
            __cors_never.respond()
        }
    };
    expanded.extend([under(&lints, items)]);
    expanded
}

/// The conditions of the function, and that its types are `'static`, which actix-web asks of a
/// handler only where it is registered.
fn with_static(generics: &TokenStream, condition: &TokenStream) -> TokenStream {
    let generics: Generics = syn::parse2(generics.clone()).unwrap_or_default();
    // The macro's own, so that no lint says that a bound is stated twice.
    let own = |ident: &Ident| Ident::new(&ident.to_string(), Span::call_site());
    let types: Vec<_> = (generics.type_params())
        .map(|parameter| own(&parameter.ident))
        .collect();
    if types.is_empty() {
        return condition.clone();
    }
    let stated = split_parameters(condition.clone().into_iter().skip(1).collect());
    quote!(where #(#stated,)* #(#types: 'static),*)
}

/// The names of type and constant parameters. Lifetimes are inferred.
fn parameters(generics: &TokenStream) -> Vec<Ident> {
    let generics: Generics = syn::parse2(generics.clone()).unwrap_or_default();
    (generics.params.iter())
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.clone()),
            GenericParam::Const(parameter) => Some(parameter.ident.clone()),
            GenericParam::Lifetime(_) => None,
        })
        .collect()
}
