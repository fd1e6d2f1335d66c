//! What is emitted for a handler: data, and calls into the runtime.

use cors_rules::wording;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Path};

use crate::args::{self, Args, Form};
use crate::handler::Handler;
use crate::module;
use crate::policy;
use crate::report::{self, Report};
use crate::route::{self, Method, Route};
use crate::signature::Need;
use crate::validate::{self, Valid};

/// The whole of `#[cors(tokens)] item`.
///
/// Whatever is wrong, the item stays defined, so that one mistake is one error.
pub(crate) fn attribute(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let report = Report::default();
    if let Some(module) = module::read(&item) {
        let module = module::cover(tokens, module, &report);
        return [report.errors(), module].into_iter().collect();
    }
    let Some(mut handler) = Handler::read(item.clone(), &report) else {
        return [report.errors(), item].into_iter().collect();
    };
    handler.take_repeated(&report);
    let preview = args::parse(tokens.clone(), Form::Attribute, &Report::default());
    let route = handler.attrs.iter().position(route::is_route);
    let is_registered = route.is_some() || preview.key("methods").is_some();
    if let (true, None, Some(place)) = (is_registered, &preview.none, sinks_to(&handler, route)) {
        let sunk = sink(&policy::runtime(&preview), &tokens, handler, place);
        return [report.errors(), sunk].into_iter().collect();
    }
    let args = args::parse(tokens, Form::Attribute, &report);
    let item = if args.none.is_some() {
        handler.into_token_stream()
    } else if route.is_some() {
        routed(&args, handler, &report)
    } else {
        by_hand(&args, handler, &report)
    };
    [report.errors(), item].into_iter().collect()
}

/// Before which attribute `#[cors]` has to stand to be next to the route attribute or, without one, to the function;
/// `None` if it is there.
fn sinks_to(handler: &Handler, route: Option<usize>) -> Option<usize> {
    let end = route.unwrap_or(handler.attrs.len());
    let last_macro = handler.attrs[..end]
        .iter()
        .rposition(|attr| !route::is_inert(attr))?;
    Some(route.unwrap_or(last_macro + 1))
}

/// Moves the attribute down.
///
/// Macros in between see the function as they would without `#[cors]`: the route attribute above all, of which
/// `utoipa::path` reads the path and the method.
fn sink(runtime: &Path, args: &TokenStream, handler: Handler, place: usize) -> TokenStream {
    let Handler {
        attrs,
        vis,
        sig,
        body,
    } = handler;
    let (above, below) = attrs.split_at(place);
    quote! {
        #(#above)*
        #[#runtime::cors(#args)]
        #(#below)*
        #vis #sig #body
    }
}

/// A handler with route attributes.
fn routed(args: &Args, mut handler: Handler, report: &Report) -> TokenStream {
    // Of those below `#[routes]`, nobody but itself reads the names.
    let is_routes =
        |attr: &&Attribute| route::last_segment(attr).is_some_and(|last| last == "routes");
    let attribute = (handler.attrs.iter().find(is_routes))
        .or_else(|| handler.attrs.iter().find(|attr| route::is_route(attr)))
        .map(|attr| attr.path().clone());
    if let (Some(methods), Some(attribute)) = (args.key("methods"), &attribute) {
        report.add(
            wording::methods_with_route(&args::path_text(attribute)),
            methods,
        );
    }
    let is_method = handler.sig.receiver().is_some();
    let routes = if handler.check(report) {
        route::take(&mut handler.attrs, report)
    } else {
        handler.attrs.retain(|attr| !route::is_route(attr));
        None
    };
    if is_method {
        // A type cannot be defined inside an `impl`.
        return handler.into_token_stream();
    }
    let routes = routes.unwrap_or_default();
    let valid = validated(args, &handler, report);
    // All are judged, so that each says what is wrong with it.
    let sound = routes
        .iter()
        .filter(|route| !validate::methods(&route.methods, report))
        .count()
        == 0;
    let valid = if sound { valid } else { Valid::default() };
    service(
        &policy::runtime(args),
        &valid,
        &handler,
        attribute,
        &routes,
        report,
    )
}

/// A handler without a route attribute: its methods are stated, and whoever registers it adds the route of its
/// preflights.
fn by_hand(args: &Args, handler: Handler, report: &Report) -> TokenStream {
    let name = &handler.sig.ident;
    if args.key("methods").is_none() {
        report.add(wording::no_route(&name.to_string()), name);
    }
    let is_handler = handler.check(report);
    let methods: Vec<_> = args
        .methods
        .iter()
        .flat_map(|list| &list.elements)
        .map(Method::from)
        .collect();
    if let (Some(list), []) = (&args.methods, methods.as_slice()) {
        report.add(wording::empty_methods(), &list.tokens);
    }
    let valid = validated(args, &handler, report);
    validate::methods(&methods, report);
    if args.key("methods").is_none() || !is_handler {
        return handler.into_token_stream();
    }
    if name == "preflight" {
        report.add(
            wording::not_a_handler(
                "a handler without a route attribute cannot be named `preflight`",
                "that is the name of the function which makes the route of its preflights",
                "give it another name",
            ),
            name,
        );
        return handler.into_token_stream();
    }
    function(&policy::runtime(args), &valid, &handler, &methods, report)
}

/// The policy, and the warnings about what the handler takes; nobody is allowed if it has errors.
fn validated(args: &Args, handler: &Handler, report: &Report) -> Valid {
    let valid = validate::policy(args, report);
    if !args.incomplete && args.shared.is_none() {
        validate::signature(args, handler, report);
    }
    valid.unwrap_or_default()
}

/// The attributes of the function by what they are about: its documentation, the lints, and all others.
fn attributes(handler: &Handler) -> [Vec<&Attribute>; 3] {
    let is_lint = |attr: &Attribute| {
        ["allow", "expect", "warn", "deny", "forbid"]
            .iter()
            .any(|lint| attr.path().is_ident(lint))
    };
    let (lints, others): (Vec<_>, Vec<_>) = handler.attrs.iter().partition(|attr| is_lint(attr));
    let docs = others
        .iter()
        .copied()
        .filter(|attr| attr.path().is_ident("doc"))
        .collect();
    [docs, lints, others]
}

/// The type of a handler with route attributes, its policy and its registration.
fn service(
    runtime: &Path,
    valid: &Valid,
    handler: &Handler,
    attribute: Option<Path>,
    routes: &[Route],
    report: &Report,
) -> TokenStream {
    // The attribute is no longer there to be used: without this, its import would be called unused.
    let import = attribute.map(|path| quote!(#[allow(unused_imports)] use #path as _;));
    let name = &handler.sig.ident;
    // The lints are around the function and the warnings, so that they silence both, and an `expect` counts once.
    let [docs, lints, attrs] = attributes(handler);
    let Handler { sig, body, .. } = handler;
    let policy = policy_const(runtime, valid);
    let warnings = warnings(runtime, valid, handler, report);
    let registrations = routes
        .iter()
        .map(|route| registration(runtime, route, name));
    quote! {
        #(#docs)*
        #[allow(missing_debug_implementations, missing_docs, non_camel_case_types, unreachable_pub)]
        pub struct #name;

        impl #name {
            #policy
        }

        #(#lints)*
        impl #runtime::__private::HttpServiceFactory for #name {
            fn register(self, __cors_app: &mut #runtime::__private::AppService) {
                #warnings

                #(#attrs)*
                #sig #body

                #import
                #(#registrations)*
            }
        }
    }
}

fn registration(runtime: &Path, route: &Route, handler: &Ident) -> TokenStream {
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

/// A function that a route takes as its handler, and beside it, under the same name, a type with the policy, the route of
/// the preflights, and the function as it was written.
fn function(
    runtime: &Path,
    valid: &Valid,
    handler: &Handler,
    methods: &[Method],
    report: &Report,
) -> TokenStream {
    let [docs, lints, attrs] = attributes(handler);
    let Handler { vis, sig, body, .. } = handler;
    let name = &sig.ident;
    let methods: Vec<_> = methods.iter().map(|method| &method.name).collect();
    let policy = policy_const(runtime, valid);
    let warnings = warnings(runtime, valid, handler, report);
    let (generics, _, condition) = sig.generics.split_for_impl();
    let types = sig.generics.type_params().map(|param| &param.ident);
    let about = format!(
        "What belongs to [`{name}()`]: its policy, the route of its preflights, and the function itself."
    );
    quote! {
        #(#docs)*
        #[allow(missing_docs)]
        #vis fn #name #generics (
            __cors_request: #runtime::__private::Request,
        ) -> impl ::core::future::Future<Output = #runtime::__private::HttpResponse> #condition {
            #runtime::__private::handle(#name::POLICY, &[#(#methods),*], #name::#name #(::<#types>)*, __cors_request)
        }

        #[doc = #about]
        #[allow(dead_code, missing_debug_implementations, non_camel_case_types)]
        #vis struct #name {}

        #(#lints)*
        impl #name {
            #policy

            /// The route that answers the preflights, for the resource that has the handler.
            #[allow(dead_code)]
            #[must_use]
            #vis fn preflight() -> #runtime::__private::Route {
                #warnings
                #runtime::__private::preflight(Self::POLICY, &[#(#methods),*])
            }

            #(#attrs)*
            #[allow(clippy::unused_async)]
            #vis #sig #body
        }
    }
}

/// The policy as a constant of the handler's type.
fn policy_const(runtime: &Path, valid: &Valid) -> TokenStream {
    let value = match valid {
        // The compiler says at the path what is wrong with it.
        Valid::Shared(path) => quote_spanned!(path.span()=> &#path),
        Valid::Stated(stated) => {
            let variables = policy::variables(stated);
            let policy = policy::expression(runtime, stated);
            quote!({
                #variables
                static __CORS_POLICY: #runtime::Policy = #policy;
                &__CORS_POLICY
            })
        }
    };
    quote! {
        /// Who may call this handler from a browser.
        #[allow(dead_code, unused_qualifications)]
        pub const POLICY: &'static #runtime::Policy = #value;
    }
}

/// The warnings, of which those about a shared policy are for the compiler to decide: only it can see that policy.
fn warnings(runtime: &Path, valid: &Valid, handler: &Handler, report: &Report) -> TokenStream {
    let mut warnings = report.warnings();
    let Valid::Shared(path) = valid else {
        return warnings;
    };
    for (need, violation, parameter) in validate::needs(handler) {
        let meets = match need {
            Need::ContentType => quote!(allows_content_type),
            Need::Authorization => quote!(allows_authorization),
            Need::Cookies => quote!(allows_credentials),
        };
        let span = parameter.span();
        let name = Ident::new(violation.rule.name(), span);
        let note = report::text(&violation);
        warnings.extend(quote_spanned! {span=>
            #[allow(unused_qualifications)]
            const _: () = {
                struct __CorsMeets<const __CORS_MEETS: bool>;
                #[allow(dead_code, non_upper_case_globals)]
                impl __CorsMeets<true> {
                    const #name: () = ();
                }
                #[allow(dead_code, non_upper_case_globals)]
                impl __CorsMeets<false> {
                    #[deprecated(note = #note)]
                    const #name: () = ();
                }
                __CorsMeets::<{ #runtime::__private::#meets(&#path) }>::#name
            };
        });
    }
    warnings
}
