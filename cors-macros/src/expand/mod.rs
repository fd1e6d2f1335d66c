//! Writes code: data, and one call into the runtime. Nothing here reads tokens, and nothing fails.

mod by_hand;
mod module;
mod parts;
mod policy;
mod service;

pub(crate) use module::module;
pub(crate) use policy::policy;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;

use self::parts::{Attrs, Parts};
use self::policy::constant;
use crate::check::Checked;
use crate::input::{Handler, Registration};
use crate::report::Report;
use crate::signature::NeedyParameter;

/// The handler's type, its policy and its registration.
pub(crate) fn handler(handler: &Handler, checked: &Checked<'_>, report: &Report) -> TokenStream {
    let Handler {
        args,
        function,
        registration,
        ..
    } = handler;
    let runtime = &args.runtime();
    let policy = constant(runtime, &checked.policy);
    let mut warnings = report.warnings();
    let undecided = checked.undecided.iter();
    warnings.extend(undecided.map(|parameter| warning(runtime, &function.name, parameter)));
    let parts = match registration {
        Registration::Routed { attribute, .. } => {
            service::parts(runtime, function, attribute, checked.routes)
        }
        Registration::ByHand {
            methods,
            generic_parameters,
        } => by_hand::parts(runtime, function, methods, generic_parameters),
    };
    let Parts {
        summary,
        definition,
        in_impl,
        after_impl,
    } = parts;
    let name = &function.name;
    let attrs = Attrs::of(function);
    // A user who documents everything need not document what the macro adds.
    let docs = if attrs.docs.is_empty() {
        quote!(#[doc = #summary])
    } else {
        attrs.docs
    };
    let items = quote! {
        impl #name {
            #policy
            #in_impl
        }
        #after_impl
        #warnings
    };
    let lints = attrs.lints;
    // Under the lints are the function and the warnings: these silence both, and an `expect` counts
    // once.
    let items = if lints.is_empty() {
        items
    } else {
        quote!(#lints const _: () = { #items };)
    };
    let mut expanded = quote!(#docs #definition);
    expanded.extend([items]);
    expanded
}

/// A warning about a parameter, if the policy of the handler does not have what it needs. The
/// compiler decides, as it alone sees the policy.
fn warning(runtime: &Path, handler: &Ident, parameter: &NeedyParameter) -> TokenStream {
    let NeedyParameter {
        need,
        type_name,
        condition,
    } = parameter;
    let span = type_name.span();
    let violation = (need.warning)(type_name);
    let is_met = format_ident!("{}", need.is_met_at_compile_time);
    let [at_call_site, name] =
        [Span::call_site(), span].map(|span| Ident::new(violation.rule.name(), span));
    let note = violation.to_string();
    // The definitions are the macro's own, so that no lint is about them: an `allow` would be at
    // odds with a `forbid`.
    let definitions = quote! {
        struct __Cors<const __CORS_MEETS: bool>;
        impl __Cors<true> {
            const #at_call_site: () = ();
        }
        impl __Cors<false> {
            #[deprecated(note = #note)]
            const #at_call_site: () = ();
        }
    };
    let policy = quote!(#handler::POLICY);
    quote_spanned! {span=>
        #condition
        const _: () = {
            #definitions
            __Cors::<{ #runtime::__private::#is_met(#policy) }>::#name
        };
    }
}
