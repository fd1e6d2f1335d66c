//! A policy, written out.

use cors_rules::checked::{Entry, List, Origins};
use cors_rules::{Place, Rule, Violation};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::args::{Args, Configured, OriginKind};
use crate::check::{Policy, Stated, culprit, element};
use crate::report::Report;
use crate::tokens::{framed, located, path_at_call_site};

/// The expression that `policy!` stands for.
pub(crate) fn policy(args: &Args, policy: &Policy<'_>, report: &Report) -> TokenStream {
    let runtime = args.runtime();
    let value = expression(&runtime, policy);
    let variables = variables(policy);
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

/// The policy of a handler as a constant of its type.
pub(super) fn constant(runtime: &Path, policy: &Policy<'_>) -> TokenStream {
    let value = match policy {
        Policy::Shared(path) => reference(path),
        Policy::Nobody { enforce: false } | Policy::Erroneous => {
            quote!(&#runtime::__private::NOBODY)
        }
        Policy::Configured(_) | Policy::Nobody { enforce: true } => {
            let policy = expression(runtime, policy);
            quote!(&#policy)
        }
        Policy::Stated(stated) => {
            let variables = variables(policy);
            let policy = expression(runtime, policy);
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
pub(super) fn variables(policy: &Policy<'_>) -> TokenStream {
    let Policy::Stated(stated) = policy else {
        return TokenStream::new();
    };
    let variables = stated.args.variables();
    quote!(#(const _: &::core::primitive::str = ::core::env!(#variables);)*)
}

/// An expression that a constant takes.
pub(super) fn expression(runtime: &Path, policy: &Policy<'_>) -> TokenStream {
    let stated = match policy {
        Policy::Stated(stated) => stated,
        Policy::Shared(path) => {
            let shared = reference(path);
            return quote!(#runtime::__private::based_on(#shared).policy);
        }
        Policy::Configured(Configured { path, text }) => {
            // The calls have no place at the path, or an editor would take their names for it.
            let policy = reference(path);
            let get = quote!(#runtime::__private::configured_policy(#policy));
            return quote!(#runtime::__private::configured(#text, || #get));
        }
        Policy::Nobody { enforce } => {
            let enforce = enforce.then(|| quote!(.enforce(true)));
            return quote!(#runtime::__private::policy().nobody() #enforce .policy);
        }
        // As a base of another policy it adds no error.
        Policy::Erroneous => return quote!(#runtime::__private::policy().policy),
    };
    let Stated { args, checked } = stated;
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
    let shared = reference(base);
    let policy = quote!(#runtime::__private::based_on(#shared) #frequent #rare.policy);
    checked_by_compiler(runtime, &policy, base, stated)
}

/// The arguments that most policies state, in one call: [`frequent_calls`] states the same.
fn listed(runtime: &Path, list: &List<'_>, stated: &Stated<'_>) -> TokenStream {
    let Stated { args, checked } = stated;
    let origins = lists(list);
    let credentials = args.credentials.is_some();
    let any = checked.allow_any_header;
    let names = &checked.allow_headers;
    // Empty if the policy does not state it.
    let max_age = (checked.max_age).map_or_else(String::new, |seconds| seconds.to_string());
    quote!(#runtime::__private::listed(#origins, #credentials, #any, &[#(#names),*], #max_age))
}

/// The arguments of [`listed`] that are stated, in a call each: after a base, or without a list.
fn frequent_calls(stated: &Stated<'_>) -> TokenStream {
    let Stated { args, checked } = stated;
    let mut calls = TokenStream::new();
    if let Origins::Listed(list) = &checked.origins {
        let origins = lists(list);
        calls.extend(quote!(.origins(#origins)));
    }
    calls.extend(flag(args, "credentials", args.credentials.is_some()));
    if args.allow_headers.is_some() {
        let any = checked.allow_any_header;
        let names = &checked.allow_headers;
        calls.extend(quote!(.allow_headers(#any, &[#(#names),*])));
    }
    if let Some(seconds) = checked.max_age {
        let max_age = seconds.to_string();
        calls.extend(quote!(.max_age(#max_age)));
    }
    calls
}

/// The arguments that fewer policies state, in a call each.
fn rare_calls(runtime: &Path, stated: &Stated<'_>) -> TokenStream {
    let Stated { args, checked } = stated;
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
    calls.extend(flag(args, "enforce", args.enforce.is_some()));
    if args.expose_headers.is_some() {
        let names = &checked.expose_headers;
        let value = names.join(", ");
        calls.extend(quote!(.expose_headers(&[#(#names),*], #value)));
    }
    if args.key("danger").is_some() {
        let dangers = args.dangers.iter().map(|arg| {
            let name = variant(&arg.danger);
            let reason = &arg.reason;
            quote!((#runtime::Danger::#name, #reason))
        });
        calls.extend(quote!(.dangers(&[#(#dangers),*])));
    }
    calls.extend(hazards(runtime, &checked.hazards));
    calls
}

/// A flag that is stated, or taken away from the base.
fn flag(args: &Args, name: &str, is_on: bool) -> Option<TokenStream> {
    let is_off = args.off.iter().any(|(key, _)| key == name);
    let set = format_ident!("{name}");
    (is_on || is_off).then(|| quote!(.#set(#is_on)))
}

/// A policy with a base. Only the compiler sees both, so it evaluates the rules that only the whole
/// can break.
fn checked_by_compiler(
    runtime: &Path,
    policy: &TokenStream,
    base: &Path,
    stated: &Stated<'_>,
) -> TokenStream {
    let dots = stated.args.dots.unwrap_or_else(|| base.span());
    let last = base.segments.last().map_or(dots, |last| last.ident.span());
    let stated_here = stated.checked.hazards.iter().map(|hazard| {
        let first = culprit(hazard.place, stated.args).into_iter().next();
        let (from, to) = first.map_or((dots, last), |token| (token.span(), token.span()));
        let rule = rule(runtime, hazard.rule);
        let message = hazard.to_string();
        let code = quote!(#runtime::__private::assert_not(&__CORS_WHOLE, #rule, #message););
        framed(from, to, code)
    });
    let has_own_sources = match &stated.checked.origins {
        Origins::Listed(List { sources, .. }) => {
            !sources.is_empty() && stated.args.credentials.is_none()
        }
        _ => false,
    };
    let sources = has_own_sources.then(|| {
        let key = (stated.args.key("origins")).map_or(dots, Ident::span);
        let code = quote!(#runtime::__private::assert_promised(&__CORS_WHOLE););
        framed(key, key, code)
    });
    let whole = quote!(#runtime::__private::assert_sound(&__CORS_WHOLE););
    let whole = framed(dots, last, whole);
    quote!({
        const __CORS_WHOLE: #runtime::Policy = #policy;
        #(#stated_here)*
        #sources
        #whole
        __CORS_WHOLE
    })
}

/// The hazards by argument, for policies that build on this one.
fn hazards(runtime: &Path, hazards: &[Violation]) -> TokenStream {
    if hazards.is_empty() {
        return TokenStream::new();
    }
    let (of_headers, of_origins): (Vec<_>, Vec<_>) = (hazards.iter().cloned())
        .partition(|hazard| matches!(hazard.place, Place::ExposeHeader(_)));
    let lists = [of_origins, of_headers].map(|hazards| {
        let hazards = hazards.into_iter().map(|mut hazard| {
            // The message appears at the `..` of another policy, which an element cannot replace.
            let of_element = hazard.help.take_if(|help| help.starts_with('"'));
            if let Some(element) = of_element {
                hazard = hazard.help(format!("in the base: {element}"));
            }
            let rule = rule(runtime, hazard.rule);
            let message = hazard.to_string();
            quote!((#rule, #message))
        });
        quote!(&[#(#hazards),*])
    });
    quote!(.hazards(#(#lists),*))
}

fn rule(runtime: &Path, rule: Rule) -> TokenStream {
    let name = variant(&rule);
    quote!(#runtime::__private::Rule::#name)
}

/// The name of a variant of an enum.
fn variant(value: &dyn std::fmt::Debug) -> Ident {
    format_ident!("{}", format!("{value:?}"))
}

/// A reference to a `static`. The compiler says at its path what is wrong with it.
fn reference(path: &Path) -> TokenStream {
    let at_call_site = path_at_call_site(path);
    quote_spanned!(path.span()=> &#at_call_site)
}

/// The exact origins and the patterns, each as an argument.
fn lists(list: &List<'_>) -> TokenStream {
    let exact = list.exact.iter().map(|entry| in_build(entry, entry.value));
    let patterns = (list.patterns.iter()).map(|entry| in_build(entry, entry.value));
    quote!(&[#(#exact),*], &[#(#patterns),*])
}

/// An element of a list, which only a debug build has if it is for development.
fn in_build<T>(entry: &Entry<T>, element: impl ToTokens) -> TokenStream {
    let condition =
        matches!(entry.place, Place::DevOrigin(_)).then(|| quote!(#[cfg(debug_assertions)]));
    quote!(#condition #element)
}

/// A function that gives the source. A policy can be a constant, and a constant cannot refer to a
/// source, which changes.
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
    let source = reference(path);
    let list = match entry.place {
        Place::DevOrigin(_) => args.key("dev_origins"),
        _ => args.key("origins"),
    };
    let here = list.map_or_else(Span::call_site, |list| {
        Span::call_site().located_at(list.span())
    });
    let runtime = located(runtime, here);
    quote_spanned!(here=> #runtime::__private::Source::#new(#text, || #runtime::__private::#get(#source)))
}
