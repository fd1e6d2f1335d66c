//! A module whose handlers share a policy: `#[cors(…)]` above each of them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

use super::policy::{expression, variables};
use crate::args::Args;
use crate::attr::Attr;
use crate::check::Policy;
use crate::module::{ModuleInput, Part};
use crate::placement::{covering, with_cors};
use crate::report::Report;
use crate::tokens::{path_at_call_site, with_content};

/// The module with its policy. If something is wrong with that, the handlers stay as they are.
pub(crate) fn module(input: &ModuleInput, policy: &Policy<'_>, report: &Report) -> TokenStream {
    if input.module.content.is_none() || matches!(policy, Policy::Erroneous) {
        return input.module.to_token_stream();
    }
    let mut content = parts(&input.parts, &input.args, policy, 0);
    content.extend(shared_policy(input, policy, report));
    input.module.with_content(content).into_token_stream()
}

/// The items, `depth` modules further in than the annotated one.
fn parts(parts: &[Part], args: &Args, policy: &Policy<'_>, depth: usize) -> TokenStream {
    let cors = || cors(args, policy, depth);
    let part = |part: &Part| match part {
        Part::Other(item) => item.clone(),
        Part::Function(function, own, inner) => {
            let mut function = function.clone();
            if let Some(own) = own {
                function.attrs = with_cors(function.attrs, &unless(own, cors()));
            }
            function.body = self::parts(inner, args, policy, depth);
            function.into_token_stream()
        }
        Part::Group(group, inner) => {
            with_content(group, self::parts(inner, args, policy, depth)).into_token_stream()
        }
        Part::ConditionalModule(module, own) => {
            let mut module = module.clone();
            module.attrs.push(unless(own, cors()));
            module.into_token_stream()
        }
        Part::Module(module, inner) => module
            .with_content(self::parts(inner, args, policy, depth + 1))
            .into_token_stream(),
    };
    parts.iter().map(part).collect()
}

/// The attribute, unless one of these conditions holds.
fn unless(conditions: &[TokenStream], cors: Attr) -> Attr {
    if conditions.is_empty() {
        return cors;
    }
    Attr::with_condition(&quote!(not(any(#(#conditions),*))), &[cors])
}

/// The attribute of a handler, which names the shared policy.
fn cors(args: &Args, policy: &Policy<'_>, depth: usize) -> Attr {
    let up = std::iter::repeat_n(quote!(super::), depth);
    let here = quote!(#(#up)* __cors);
    let runtime = match &args.runtime {
        Some(path) if is_relative(path) => quote!(#here::runtime),
        _ => args.runtime().into_token_stream(),
    };
    let crate_arg = (args.runtime.is_some()).then(|| quote!(, crate = #runtime));
    let policy = match policy {
        Policy::Nobody { enforce: false } | Policy::Erroneous => quote!(none),
        Policy::Nobody { enforce: true } => quote!(none, enforce),
        Policy::Configured(_) | Policy::Shared(_) | Policy::Stated(_) => quote!(#here::POLICY),
    };
    covering(&runtime, &quote!(#policy #crate_arg))
}

fn is_relative(path: &Path) -> bool {
    path.leading_colon.is_none()
}

/// The policy as a `static`, with the warnings about it. Its paths start where the attribute
/// stands, outside.
fn shared_policy(input: &ModuleInput, policy: &Policy<'_>, report: &Report) -> TokenStream {
    let args = &input.args;
    let runtime = path_at_call_site(&args.runtime());
    let scope = (input.has_relative_path).then(|| {
        quote!(
            use super::super::*;
        )
    });
    // The handlers need these names of the runtime. A private alias of the crate cannot be
    // re-exported, but its items can.
    let alias = args.runtime.as_ref().is_some_and(is_relative).then(|| {
        quote! {
            pub(super) mod runtime {
                use super::super::super::*;
                pub use #runtime::{__private, Danger, Policy, cors};
            }
        }
    });
    let policy = match policy {
        Policy::Nobody { .. } | Policy::Erroneous => None,
        Policy::Configured(_) | Policy::Shared(_) | Policy::Stated(_) => {
            let value = expression(&args.runtime(), policy);
            let variables = variables(policy);
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
