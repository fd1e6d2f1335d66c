//! A handler without a route attribute: a function that a route takes, and a type of the same name
//! with what belongs to it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Generics, Path};

use super::policy::constant;
use super::warnings::warnings;
use super::{Attrs, handler_name, under};
use crate::item::Function;
use crate::report::Report;
use crate::route::Method;
use crate::tokens::{as_own_tokens, located, split_parameters};
use crate::validate::Valid;

pub(crate) fn manual(
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
    let about = format!(
        "What belongs to the handler [`{name}()`]: its policy, its preflights, and the function itself."
    );
    let docs = if docs.is_empty() {
        let line = format!(
            "`{}`",
            methods
                .iter()
                .map(|method| method.as_str())
                .collect::<Vec<_>>()
                .join("`, `")
        );
        quote!(#[doc = #line])
    } else {
        docs
    };
    let handler_name = handler_name(name);
    let policy = constant(runtime, valid);
    let warnings = warnings(runtime, valid, &quote!(#name::POLICY), function, report);
    // Lints about functions that are `async` without need look at where the whole starts: actix-web
    // needs this one to be.
    let vis_of_own = as_own_tokens(vis.clone());
    let own = Function {
        qualifiers: as_own_tokens(function.qualifiers.clone()),
        ..function.clone()
    };
    let definition = own.definition();
    let names = parameters(generics);
    let condition = &with_static(generics, condition);
    let arguments = (!names.is_empty()).then(|| quote!(::<#(#names),*>));
    let is_generic = !names.is_empty();
    // The compiler warns at the user's function if neither is used: each mentions the other, and
    // the tokens that say where they are defined are the user's. A generic one cannot be mentioned,
    // so its `at` is the macro's own, and no lint is about it.
    let at_span = if is_generic {
        Span::call_site()
    } else {
        name.span()
    };
    let at = Ident::new("at", at_span);
    let preflight = Ident::new("preflight", name.span());
    let mention_at = (!is_generic).then(|| quote!(let _ = Self::#at;));
    let at = quote_spanned! {at_span=>
        /// The handler and its preflights as a service for this path: `.service(…)`.
        #[must_use]
        #vis fn #at #generics(
            __cors_path: &::core::primitive::str,
        ) -> impl #runtime::__private::HttpServiceFactory + use<#(#names),*> #condition {
            let _ = Self::#preflight;
            #runtime::__private::at(Self::__CORS_ENDPOINT, __cors_path, #name #arguments)
        }
    };
    let preflight = quote_spanned! {name.span()=>
        /// The route that answers the preflights, for the resource that has the handler.
        #[must_use]
        #vis fn #preflight() -> #runtime::__private::Route {
            #mention_at
            #runtime::__private::preflight(Self::__CORS_ENDPOINT)
        }
    };
    let outer = outer(runtime, function, condition, arguments.as_ref());
    let items = quote! {
        impl #name {
            #policy

            const __CORS_ENDPOINT: #runtime::__private::Endpoint =
                #runtime::__private::endpoint(#handler_name, Self::POLICY, &[#(#methods),*]);

            #at

            #preflight

            #others
            #vis_of_own #definition
        }

        #warnings
    };
    let mut expanded = quote! {
        #docs
        #[allow(clippy::future_not_send)]
        #outer

        #[doc = #about]
        #[derive(::core::fmt::Debug)]
        #[allow(non_camel_case_types)]
        #vis enum #name {}
    };
    expanded.extend([under(&lints, items)]);
    expanded
}

/// The function that a route takes. It decides, and then calls the user's own.
///
/// What actix-web cannot extract is an error at the handler's name, and what it cannot respond with
/// is one at the return type.
fn outer(
    runtime: &Path,
    function: &Function,
    condition: &TokenStream,
    arguments: Option<&TokenStream>,
) -> TokenStream {
    let Function {
        vis,
        name,
        generics,
        output,
        ..
    } = function;
    let at_name = Span::call_site().located_at(name.span());
    let returned = output.clone().into_iter().nth(2);
    let at_returned = returned.map_or(at_name, |returned| {
        Span::call_site().located_at(returned.span())
    });
    let respond = located(runtime, at_returned);
    let respond = quote_spanned!(at_returned=> #respond::__private::respond);
    let runtime_at_name = located(runtime, at_name);
    let future = quote_spanned! {at_name=>
        impl ::core::future::Future<Output = #runtime_at_name::__private::HttpResponse>
    };
    let handle = quote_spanned! {at_name=>
        #runtime_at_name::__private::handle(
            #name::__CORS_ENDPOINT, #name::#name #arguments, #respond, __cors_request
        )
    };
    quote! {
        #vis fn #name #generics(
            __cors_request: #runtime::__private::UnreadRequest,
        ) -> #future #condition {
            #handle
        }
    }
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
