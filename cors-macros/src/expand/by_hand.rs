//! A handler without a route attribute: a type with its policy, and with `at` to register it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Generics, Path, Type, TypeParamBound, WherePredicate};

use super::policy::constant;
use super::warnings::warnings;
use super::{Attrs, resource, under};
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
    let docs = if docs.is_empty() {
        let names: Vec<_> = (methods.iter())
            .map(|method| method.name.as_str())
            .collect();
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
    let with_static = with_static(generics, condition);
    let resource = resource(
        runtime,
        &quote!(__cors_paths),
        &tokens::name(name),
        name,
        &quote!(Self::#name #arguments),
        methods,
    );
    let own_name = as_own_tokens(name.to_token_stream());
    let items = quote! {
        impl #name {
            #policy

            /// The handler at this path, or at each of these: `.service(…)`.
            #vis fn at #generics(
                __cors_paths: impl #runtime::__private::IntoPatterns,
            ) -> #runtime::AnnotatedResource #with_static {
                let _ = #name #arguments;
                #resource
            }

            #others
            #own_vis #definition
        }

        #warnings
    };
    let never = quote!(__cors_never);
    let respond = quote!(#never.respond());
    // If nothing uses `at`, the compiler says that this function, which is the user's by its tokens,
    // is never used. It is silent about the macro's own.
    let for_routes = quote_spanned! {name.span()=>
        #vis fn #name #generics(
            #never: #runtime::__private::RegisterWithAt<#name>,
        ) -> #runtime::__private::RegisterWithAt<#name> #condition {
            #respond
        }
    };
    let allowed = function.attrs.iter().filter(|attr| attr.is("allow"));
    let mut expanded = quote! {
        #docs
        #[derive(::core::fmt::Debug)]
        #[allow(non_camel_case_types)]
        #vis enum #own_name {}

        #(#allowed)*
        #[doc(hidden)]
        #for_routes
    };
    expanded.extend([under(&lints, items)]);
    expanded
}

/// The conditions of the function, and that its types are `'static`, which actix-web asks of a
/// handler only where it is registered.
fn with_static(generics: &TokenStream, condition: &TokenStream) -> TokenStream {
    let mut generics: Generics = syn::parse2(generics.clone()).unwrap_or_default();
    generics.where_clause = syn::parse2(condition.clone()).unwrap_or_default();
    let missing = (generics.type_params())
        .map(|parameter| &parameter.ident)
        .filter(|name| !is_static(name, &generics));
    // The macro's own, so that no lint says that a type has its bounds in two places.
    let missing: Vec<_> = missing
        .cloned()
        .map(|mut name| {
            name.set_span(Span::call_site());
            name
        })
        .collect();
    if missing.is_empty() {
        return condition.clone();
    }
    let stated = split_parameters(condition.clone().into_iter().skip(1).collect());
    quote!(where #(#stated,)* #(#missing: 'static),*)
}

/// Whether it is written that a type is `'static`.
fn is_static(name: &Ident, generics: &Generics) -> bool {
    let conditions = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let of_conditions = conditions.filter_map(|condition| match condition {
        WherePredicate::Type(condition) => {
            matches!(&condition.bounded_ty, Type::Path(ty) if ty.path.is_ident(name))
                .then_some(&condition.bounds)
        }
        _ => None,
    });
    let of_parameter = generics
        .type_params()
        .filter(|parameter| parameter.ident == *name);
    (of_parameter.map(|parameter| &parameter.bounds))
        .chain(of_conditions)
        .flatten()
        .any(|bound| matches!(bound, TypeParamBound::Lifetime(bound) if bound.ident == "static"))
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
