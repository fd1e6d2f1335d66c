//! What is emitted: data, and one call into the runtime.

use cors_rules::pattern::Port;
use cors_rules::{Danger, Pattern, wording};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Path;

use crate::args;
use crate::handler::Handler;
use crate::report::Report;
use crate::route::{self, Route};
use crate::validate::{Valid, validate};

/// The whole of `#[cors(args)] item`.
///
/// Whatever is wrong, the handler stays defined, so that one mistake is one error.
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    let report = Report::default();
    let Some(mut handler) = Handler::read(item.clone(), &report) else {
        return [report.errors(), item].into_iter().collect();
    };
    handler.take_repeated(&report);
    if let Some(route) = handler.attrs.iter().position(route::is_route) {
        if handler.attrs[..route]
            .iter()
            .any(|attr| !route::is_inert(attr))
        {
            return [report.errors(), sink(&args, handler, route)]
                .into_iter()
                .collect();
        }
    } else {
        let name = &handler.sig.ident;
        report.add(wording::no_route(&name.to_string()), name);
    }
    let args = args::parse(args, &report);
    let runtime = args
        .runtime
        .clone()
        .unwrap_or_else(|| syn::parse_quote!(::cors_runtime));
    if !handler.attrs.iter().any(route::is_route) {
        // What else is wrong with the arguments is said as well.
        validate(&args, &[], &handler, &report);
        return [report.errors(), handler.into_token_stream()]
            .into_iter()
            .collect();
    }
    let attribute = handler
        .attrs
        .iter()
        .find(|attr| route::is_route(attr))
        .map(|attr| attr.path().clone());
    let is_method = handler.sig.receiver().is_some();
    let routes = if handler.check(&report) {
        route::take(&mut handler.attrs, &report)
    } else {
        handler.attrs.retain(|attr| !route::is_route(attr));
        None
    };
    if is_method {
        // A type cannot be defined inside an `impl`.
        return [report.errors(), handler.into_token_stream()]
            .into_iter()
            .collect();
    }
    let valid = validate(
        &args,
        routes.as_deref().unwrap_or_default(),
        &handler,
        &report,
    )
    .unwrap_or_default();
    let service = service(
        &runtime,
        &valid,
        &handler,
        attribute,
        routes.as_deref().unwrap_or_default(),
        &report,
    );
    [report.errors(), service].into_iter().collect()
}

/// Moves the attribute down to just above the route attribute.
///
/// Macros in between see the function as they would without `#[cors]`: the route attribute above all, of which
/// `utoipa::path` reads the path and the method.
fn sink(args: &TokenStream, handler: Handler, route: usize) -> TokenStream {
    let runtime = args::parse(args.clone(), &Report::default()).runtime;
    let runtime = runtime.unwrap_or_else(|| syn::parse_quote!(::cors_runtime));
    let Handler {
        attrs,
        vis,
        sig,
        body,
    } = handler;
    let (above, below) = attrs.split_at(route);
    quote! {
        #(#above)*
        #[#runtime::cors(#args)]
        #(#below)*
        #vis #sig #body
    }
}

/// The handler's type, its policy and its registration.
fn service(
    runtime: &Path,
    valid: &Valid,
    handler: &Handler,
    attribute: Option<Path>,
    routes: &[Route],
    report: &Report,
) -> TokenStream {
    // The attribute is no longer there to be used: without this, its import would be called unused.
    let attribute = attribute.map(|path| quote!(#[allow(unused_imports)] use #path as _;));
    let name = &handler.sig.ident;
    let is_lint = |attr: &&syn::Attribute| {
        ["allow", "expect", "warn", "deny", "forbid"]
            .iter()
            .any(|lint| attr.path().is_ident(lint))
    };
    let docs = handler
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("doc"));
    // Around the function and the warnings, so that they silence both, and an `expect` counts once.
    let lints = handler.attrs.iter().filter(is_lint);
    let attrs = handler.attrs.iter().filter(|attr| !is_lint(attr));
    let Handler { vis, sig, body, .. } = handler;
    let policy = policy(runtime, valid);
    let variables = &valid.variables;
    let warnings = report.warnings();
    let registrations = routes
        .iter()
        .map(|route| registration(runtime, route, name));
    quote! {
        #(#docs)*
        #[allow(missing_docs, non_camel_case_types, unreachable_pub)]
        pub struct #name;

        impl #name {
            /// Who may call this handler from a browser.
            #[allow(dead_code)]
            pub const POLICY: &'static #runtime::Policy = {
                #(const _: &str = ::core::env!(#variables);)*
                static __CORS_POLICY: #runtime::Policy = #policy;
                &__CORS_POLICY
            };
        }

        #(#lints)*
        impl #runtime::__private::HttpServiceFactory for #name {
            fn register(self, __cors_app: &mut #runtime::__private::AppService) {
                #warnings

                #(#attrs)*
                #vis #sig #body

                #attribute
                #(#registrations)*
            }
        }
    }
}

fn registration(runtime: &Path, route: &Route, handler: &syn::Ident) -> TokenStream {
    let Route {
        path,
        name,
        guards,
        wraps,
        methods,
    } = route;
    let name = name
        .as_ref()
        .map_or_else(|| handler.to_string(), syn::LitStr::value);
    let methods: Vec<_> = methods.iter().map(|method| &method.name).collect();
    quote! {
        #runtime::__private::HttpServiceFactory::register(
            #runtime::__private::resource(#path, #name, &[#(#methods),*])
                #(.guard(#runtime::__private::fn_guard(#guards)))*
                #(.wrap(#wraps))*
                .wrap(#runtime::__private::layer(Self::POLICY, &[#(#methods),*]))
                .to(#handler),
            __cors_app,
        );
    }
}

fn policy(runtime: &Path, valid: &Valid) -> TokenStream {
    let mut policy = quote!(#runtime::__private::policy());
    let dev = |dev: bool| dev.then(|| quote!(#[cfg(debug_assertions)]));
    if valid.any_origin {
        policy.extend(quote!(.any_origin()));
    } else if valid.reflect_any_origin {
        policy.extend(quote!(.reflect_any_origin()));
    } else {
        let exact = valid.exact.iter().map(|(origin, is_dev)| {
            let dev = dev(*is_dev);
            quote!(#dev #origin)
        });
        let patterns = valid.patterns.iter().map(|(text, is_dev)| {
            let dev = dev(*is_dev);
            let pattern = pattern(runtime, text);
            quote!(#dev #pattern)
        });
        policy.extend(quote!(.origins(&[#(#exact),*], &[#(#patterns),*])));
    }
    if valid.credentials {
        policy.extend(quote!(.credentials()));
    }
    if valid.enforce {
        policy.extend(quote!(.enforce()));
    }
    if valid.allow_any_header {
        policy.extend(quote!(.allow_any_header()));
    }
    if let names @ [_, ..] = valid.allow_headers.as_slice() {
        policy.extend(quote!(.allow_headers(&[#(#names),*])));
    }
    if let names @ [_, ..] = valid.expose_headers.as_slice() {
        let value = names.join(", ");
        policy.extend(quote!(.expose_headers(&[#(#names),*], #value)));
    }
    if let Some(seconds) = valid.max_age {
        let value = seconds.to_string();
        policy.extend(quote!(.max_age(#seconds, #value)));
    }
    if !valid.dangers.is_empty() {
        let dangers = valid.dangers.iter().map(|(danger, reason)| {
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
