//! A policy, written out.

use cors_rules::checked::{Entry, List, Origins};
use cors_rules::{Danger, Place};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::args::{Args, OriginKind};
use crate::report::Report;
use crate::tokens::as_own;
use crate::validate::{Hazard, Stated, Valid, culprit, element};

/// The expression that `policy!` stands for.
pub(crate) fn policy(args: &Args, valid: &Valid<'_>, report: &Report) -> TokenStream {
    let runtime = args.runtime();
    let value = expression(&runtime, valid);
    let variables = variables(valid);
    let errors = report.errors();
    let warnings = report.warnings();
    quote!({
        #errors
        #warnings
        #variables
        const __CORS_POLICY: #runtime::Policy = #value;
        __CORS_POLICY
    })
}

/// The policy of a module as a `static` in it, with the warnings about it: each handler in the
/// module names it. Its paths start where the attribute stands, outside.
pub(crate) fn module_policy(
    args: &Args,
    valid: &Valid<'_>,
    has_relative_path: bool,
    report: &Report,
) -> TokenStream {
    let runtime = args.runtime();
    let runtime = as_own(&runtime);
    let scope = has_relative_path.then(|| {
        quote!(
            use super::super::*;
        )
    });
    let is_relative = args
        .runtime
        .as_ref()
        .is_some_and(|path| path.leading_colon.is_none());
    // What handlers in the module need of the runtime: a private alias of it cannot be re-exported.
    let alias = is_relative.then(|| {
        quote! {
            pub(super) mod runtime {
                use super::super::super::*;
                pub use #runtime::{__private, Danger, Policy, cors};
            }
        }
    });
    let policy = match valid {
        Valid::Nobody { .. } | Valid::Erroneous => None,
        Valid::Shared(_) | Valid::Stated(_) => {
            let value = expression(&args.runtime(), valid);
            let variables = variables(valid);
            Some(quote!(#variables pub(super) static POLICY: #runtime::Policy = #value;))
        }
    };
    let warnings = report.warnings();
    quote! {
        #[doc(hidden)]
        mod __cors {
            #scope
            #alias
            #policy
            #warnings
        }
    }
}

/// The policy of a handler as a constant of its type.
pub(super) fn constant(runtime: &Path, valid: &Valid<'_>) -> TokenStream {
    let value = match valid {
        // The compiler says at the path what is wrong with it.
        Valid::Shared(path) => {
            let own = as_own(path);
            quote_spanned!(path.span()=> &#own)
        }
        Valid::Nobody { enforce: false } | Valid::Erroneous => {
            quote!(&#runtime::__private::NOBODY)
        }
        Valid::Nobody { enforce: true } => {
            let policy = expression(runtime, valid);
            quote!(&#policy)
        }
        Valid::Stated(stated) => {
            let policy = expression(runtime, valid);
            let variables = variables(valid);
            if stated.args.base.is_none() && variables.is_empty() {
                quote!(&#policy)
            } else {
                // The compiler evaluates a `static` whether or not it is used, and so sees what is
                // wrong with the whole.
                quote!({
                    #variables
                    static __CORS_POLICY: #runtime::Policy = #policy;
                    &__CORS_POLICY
                })
            }
        }
    };
    // To quote a comment, its text is parsed.
    let docs = " Who may call this handler from a browser.";
    quote! {
        #[doc = #docs]
        pub const POLICY: &'static #runtime::Policy = #value;
    }
}

/// Has the build done again when a variable changes that an origin was taken from.
fn variables(valid: &Valid<'_>) -> TokenStream {
    let Valid::Stated(stated) = valid else {
        return TokenStream::new();
    };
    let variables = stated.args.variables();
    quote!(#(const _: &::core::primitive::str = ::core::env!(#variables);)*)
}

/// An expression that a constant takes.
fn expression(runtime: &Path, valid: &Valid<'_>) -> TokenStream {
    let stated = match valid {
        Valid::Stated(stated) => stated,
        Valid::Shared(path) => {
            let own = as_own(path);
            // The compiler says at the path what is wrong with it.
            let shared = quote_spanned!(path.span()=> &#own);
            return quote!(#runtime::__private::based_on(#shared).policy);
        }
        Valid::Nobody { enforce } => {
            let enforce = enforce.then(|| quote!(.enforce(true)));
            return quote!(#runtime::__private::policy().nobody() #enforce .policy);
        }
        // As a base of another policy it adds no error.
        Valid::Erroneous => return quote!(#runtime::__private::policy().policy),
    };
    let Stated { args, checked, .. } = stated;
    let rare = rare_calls(runtime, stated);
    if let (None, Origins::Listed(list)) = (&args.base, &checked.origins) {
        let policy = listed(runtime, list, stated);
        if rare.is_empty() {
            return policy;
        }
        return quote!(#runtime::__private::based_on(&#policy) #rare.policy);
    }
    let frequent = frequent_calls(stated);
    let Some(base) = &args.base else {
        return quote!(#runtime::__private::policy() #frequent #rare.policy);
    };
    let own = as_own(base);
    // The compiler says at the path what is wrong with it.
    let argument = quote_spanned!(base.span()=> &#own);
    let policy = quote!(#runtime::__private::based_on(#argument) #frequent #rare.policy);
    checked_by_compiler(runtime, &policy, base, stated)
}

/// What most policies state, in one call: [`frequent_calls`] states the same.
fn listed(runtime: &Path, list: &List<'_>, stated: &Stated<'_>) -> TokenStream {
    let Stated { args, checked, .. } = stated;
    let origins = lists(list);
    let credentials = args.credentials.is_some();
    let any = checked.allow_any_header;
    let names = &checked.allow_headers;
    let max_age = max_age(checked.max_age);
    quote!(#runtime::__private::listed(#origins, #credentials, #any, &[#(#names),*], #max_age))
}

/// What [`listed`] takes, in a call each where it is stated: after a base, or without a list.
fn frequent_calls(stated: &Stated<'_>) -> TokenStream {
    let Stated { args, checked, .. } = stated;
    let mut calls = TokenStream::new();
    if let Origins::Listed(list) = &checked.origins {
        let origins = lists(list);
        calls.extend(quote!(.origins(#origins)));
    }
    if args.credentials.is_some() {
        calls.extend(quote!(.credentials(true)));
    } else if args.is_off("credentials") {
        calls.extend(quote!(.credentials(false)));
    }
    if args.allow_headers.is_some() {
        let any = checked.allow_any_header;
        let names = &checked.allow_headers;
        calls.extend(quote!(.allow_headers(#any, &[#(#names),*])));
    }
    if checked.max_age.is_some() {
        let max_age = max_age(checked.max_age);
        calls.extend(quote!(.max_age(#max_age)));
    }
    calls
}

/// What fewer policies state, in a call each.
fn rare_calls(runtime: &Path, stated: &Stated<'_>) -> TokenStream {
    let Stated {
        args,
        checked,
        hazards,
    } = stated;
    let mut calls = TokenStream::new();
    match &checked.origins {
        Origins::Any => calls.extend(quote!(.any_origin())),
        Origins::Reflected => calls.extend(quote!(.reflect_any_origin())),
        Origins::Listed(list) if !list.sources.is_empty() => {
            let sources =
                (list.sources.iter()).map(|entry| in_build(entry, source(runtime, entry, args)));
            calls.extend(quote!(.sources(&[#(#sources),*])));
        }
        Origins::Inherited | Origins::Listed(_) => {}
    }
    if args.enforce.is_some() {
        calls.extend(quote!(.enforce(true)));
    } else if args.is_off("enforce") {
        calls.extend(quote!(.enforce(false)));
    }
    if args.expose_headers.is_some() {
        let names = &checked.expose_headers;
        let value = names.join(", ");
        calls.extend(quote!(.expose_headers(&[#(#names),*], #value)));
    }
    if !args.dangers.is_empty() {
        let dangers = args.dangers.iter().map(|arg| {
            let name = danger_name(arg.danger);
            let reason = &arg.reason;
            quote!((#runtime::Danger::#name, #reason))
        });
        calls.extend(quote!(.dangers(&[#(#dangers),*])));
    }
    calls.extend(self::hazards(runtime, args, hazards));
    calls
}

/// The seconds as a header value, which is empty if there are none.
fn max_age(seconds: Option<u32>) -> String {
    seconds.map_or_else(String::new, |seconds| seconds.to_string())
}

/// A policy with a base. Only the compiler sees both, so it evaluates what only the whole can break.
fn checked_by_compiler(
    runtime: &Path,
    policy: &TokenStream,
    base: &Path,
    stated: &Stated<'_>,
) -> TokenStream {
    let own = stated.hazards.iter().map(|hazard| {
        let culprit = culprit(hazard.violation.place, stated.args);
        let span = culprit
            .into_iter()
            .next()
            .map_or_else(|| base.span(), |token| token.span());
        let message = hazard.violation.to_string();
        let hazard = self::hazard(runtime, hazard);
        quote_spanned! {span=>
            if #runtime::__private::applies(&__CORS_WHOLE, &#hazard) {
                ::core::panic!("{}", #message);
            }
        }
    });
    let whole = quote_spanned! {base.span()=>
        if let ::core::option::Option::Some(violation) = #runtime::__private::violation(&__CORS_WHOLE) {
            ::core::panic!("{}", violation);
        }
    };
    quote!({
        const __CORS_WHOLE: #runtime::Policy = #policy;
        #(#own)*
        #whole
        __CORS_WHOLE
    })
}

/// A hazard, written out.
fn hazard(runtime: &Path, hazard: &Hazard) -> TokenStream {
    let message = hazard.violation.to_string();
    let only_with_credentials = hazard.only_with_credentials;
    let danger = match hazard.violation.rule.danger() {
        None => quote!(::core::option::Option::None),
        Some(danger) => {
            let danger = danger_name(danger);
            quote!(::core::option::Option::Some(#runtime::Danger::#danger))
        }
    };
    quote!(#runtime::__private::Hazard {
        message: #message,
        only_with_credentials: #only_with_credentials,
        danger: #danger,
    })
}

/// What another policy that is based on this one has to know.
fn hazards(runtime: &Path, args: &Args, hazards: &[Hazard]) -> TokenStream {
    let mut calls = TokenStream::new();
    for (argument, is_stated) in [
        (quote!(origin_hazards), args.origins.is_some()),
        (quote!(allow_headers_hazards), args.allow_headers.is_some()),
        (
            quote!(expose_headers_hazards),
            args.expose_headers.is_some(),
        ),
    ] {
        let about = |place: Place| match place {
            Place::AllowHeader(_) => quote!(allow_headers_hazards),
            Place::ExposeHeader(_) => quote!(expose_headers_hazards),
            _ => quote!(origin_hazards),
        };
        let own = (hazards.iter())
            .filter(|hazard| about(hazard.violation.place).to_string() == argument.to_string());
        let own: Vec<_> = own.map(|hazard| self::hazard(runtime, hazard)).collect();
        if is_stated && (!own.is_empty() || args.base.is_some()) {
            calls.extend(quote!(.#argument(&[#(#own),*])));
        }
    }
    calls
}

fn danger_name(danger: Danger) -> TokenStream {
    match danger {
        Danger::InsecureOrigins => quote!(InsecureOrigins),
        Danger::PublicSuffixes => quote!(PublicSuffixes),
        Danger::NullOrigin => quote!(NullOrigin),
        Danger::ReflectAnyOrigin => quote!(ReflectAnyOrigin),
    }
}

/// The exact origins and the patterns, each as an argument.
fn lists(list: &List<'_>) -> TokenStream {
    let exact = list.exact.iter().map(|entry| in_build(entry, entry.value));
    let patterns = list
        .patterns
        .iter()
        .map(|entry| in_build(entry, entry.value));
    quote!(&[#(#exact),*], &[#(#patterns),*])
}

/// An element of a list, which only a debug build has if it is for development.
fn in_build<T>(entry: &Entry<T>, element: impl ToTokens) -> TokenStream {
    let condition =
        matches!(entry.place, Place::DevOrigin(_)).then(|| quote!(#[cfg(debug_assertions)]));
    quote!(#condition #element)
}

/// A function that gives the source: a policy can be a constant, and a constant cannot refer to what
/// changes.
fn source(runtime: &Path, entry: &Entry<&str>, args: &Args) -> TokenStream {
    let text = entry.value;
    let (new, get) = if args.credentials.is_some() {
        (quote!(credentialed), quote!(credentialed_source))
    } else {
        (quote!(new), quote!(source))
    };
    let Some(OriginKind::Source(path)) = element(entry.place, args).map(|element| &element.kind)
    else {
        return TokenStream::new();
    };
    let own = as_own(path);
    // The compiler says at the path what is wrong with it.
    quote_spanned!(path.span()=> #runtime::__private::Source::#new(#text, || #runtime::__private::#get(&#own)))
}
