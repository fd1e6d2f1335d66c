//! A policy written out: an expression that a `static` takes.

use cors_rules::pattern::Port;
use cors_rules::{Danger, Pattern};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::args::{self, Args, Form, path_text};
use crate::report::Report;
use crate::validate::{self, Origins, Stated, Valid};

/// The whole of `policy!(args)`.
pub(crate) fn invocation(tokens: TokenStream) -> TokenStream {
    let report = Report::default();
    let args = args::parse(tokens, Form::Policy, &report);
    let stated = match validate::policy(&args, &report) {
        Some(Valid::Stated(stated)) => stated,
        _ => Stated::default(),
    };
    let runtime = runtime(&args);
    let policy = expression(&runtime, &stated);
    let variables = variables(&stated);
    let errors = report.errors();
    let warnings = report.warnings();
    quote!({
        #errors
        #warnings
        #variables
        #[allow(unused_qualifications)]
        const __CORS_POLICY: #runtime::Policy = #policy;
        __CORS_POLICY
    })
}

/// Where the runtime crate is.
pub(crate) fn runtime(args: &Args) -> Path {
    args.runtime
        .clone()
        .unwrap_or_else(|| syn::parse_quote!(::cors_runtime))
}

/// Has the build done again when a variable changes that an origin was taken from.
pub(crate) fn variables(stated: &Stated) -> TokenStream {
    let variables = &stated.variables;
    quote!(#(const _: &str = ::core::env!(#variables);)*)
}

pub(crate) fn expression(runtime: &Path, stated: &Stated) -> TokenStream {
    let mut policy = quote!(#runtime::__private::policy());
    match &stated.origins {
        Origins::Any => policy.extend(quote!(.any_origin())),
        Origins::Reflected => policy.extend(quote!(.reflect_any_origin())),
        Origins::Listed {
            exact,
            patterns,
            sources,
        } => {
            let exact = exact.iter().map(|(origin, dev)| in_build(*dev, origin));
            let patterns = patterns
                .iter()
                .map(|(text, dev)| in_build(*dev, pattern(runtime, text)));
            policy.extend(quote!(.origins(&[#(#exact),*], &[#(#patterns),*])));
            if !sources.is_empty() {
                let sources = sources
                    .iter()
                    .map(|(path, dev)| in_build(*dev, source(runtime, path, stated.credentials)));
                policy.extend(quote!(.sources(&[#(#sources),*])));
            }
        }
    }
    if stated.credentials {
        policy.extend(quote!(.credentials()));
    }
    if stated.enforce {
        policy.extend(quote!(.enforce()));
    }
    if stated.allow_any_header {
        policy.extend(quote!(.allow_any_header()));
    }
    if let names @ [_, ..] = stated.allow_headers.as_slice() {
        policy.extend(quote!(.allow_headers(&[#(#names),*])));
    }
    if let names @ [_, ..] = stated.expose_headers.as_slice() {
        let value = names.join(", ");
        policy.extend(quote!(.expose_headers(&[#(#names),*], #value)));
    }
    if let Some(seconds) = stated.max_age {
        let value = seconds.to_string();
        policy.extend(quote!(.max_age(#seconds, #value)));
    }
    if !stated.dangers.is_empty() {
        let dangers = stated.dangers.iter().map(|(danger, reason)| {
            let danger = format_ident!(
                "{}",
                match danger {
                    Danger::InsecureOrigins => "InsecureOrigins",
                    Danger::PublicSuffixes => "PublicSuffixes",
                    Danger::NullOrigin => "NullOrigin",
                    Danger::ReflectAnyOrigin => "ReflectAnyOrigin",
                }
            );
            quote!((#runtime::Danger::#danger, #reason))
        });
        policy.extend(quote!(.dangers(&[#(#dangers),*])));
    }
    quote!(#policy.policy())
}

/// An element of a list, which only a debug build has if it is for development.
fn in_build(dev: bool, element: impl ToTokens) -> TokenStream {
    let condition = dev.then(|| quote!(#[cfg(debug_assertions)]));
    quote!(#condition #element)
}

fn pattern(runtime: &Path, text: &str) -> TokenStream {
    let Ok(Pattern {
        scheme,
        subdomains,
        host,
        port,
    }) = Pattern::parse(text)
    else {
        return TokenStream::new();
    };
    let port = match port {
        Port::Default => quote!(#runtime::__private::Port::Default),
        Port::Number(port) => quote!(#runtime::__private::Port::Number(#port)),
        Port::Any => quote!(#runtime::__private::Port::Any),
    };
    quote!(#runtime::__private::Pattern { scheme: #scheme, subdomains: #subdomains, host: #host, port: #port })
}

/// A function that gives the source: a policy may be a constant, and those cannot refer to what changes.
fn source(runtime: &Path, path: &Path, credentials: bool) -> TokenStream {
    let text = path_text(path);
    let get = if credentials {
        quote!(credentialed_source)
    } else {
        quote!(source)
    };
    // The compiler says at the path what is wrong with it.
    quote_spanned!(path.span()=> #runtime::__private::Source::new(#text, || #runtime::__private::#get(&#path)))
}
