//! Warnings about what a handler takes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::item::Function;
use crate::report::Report;
use crate::signature::{self, Need};
use crate::validate::Valid;

/// The warnings about a handler whose policy is `policy`. The macro cannot see a shared one or a
/// base, so the compiler decides on those.
pub(super) fn warnings(
    runtime: &Path,
    valid: &Valid<'_>,
    policy: &TokenStream,
    function: &Function,
    report: &Report,
) -> TokenStream {
    let mut warnings = report.warnings();
    let is_seen = match valid {
        Valid::Shared(_) => false,
        Valid::Stated(stated) => stated.args.base.is_none(),
        Valid::Nobody { .. } | Valid::Erroneous => true,
    };
    if is_seen {
        return warnings;
    }
    for needy in signature::needs(function) {
        let meets = match needy.need {
            Need::ContentType => quote!(allows_content_type),
            Need::Authorization => quote!(allows_authorization),
            Need::Credentials => quote!(allows_credentials),
        };
        let span = needy.type_name.span();
        let violation = needy.violation();
        let rule = violation.rule.name();
        let [own, name] = [Span::call_site(), span].map(|span| Ident::new(rule, span));
        let note = violation.to_string();
        let condition = &needy.condition;
        // What is defined is the macro's own, so that no lint is about it: an `allow` would be at
        // odds with a `forbid`.
        let definitions = quote! {
            struct __Cors<const __CORS_MEETS: bool>;
            impl __Cors<true> {
                const #own: () = ();
            }
            impl __Cors<false> {
                #[deprecated(note = #note)]
                const #own: () = ();
            }
        };
        warnings.extend(quote_spanned! {span=>
            #condition
            const _: () = {
                #definitions
                __Cors::<{ #runtime::__private::#meets(#policy) }>::#name
            };
        });
    }
    warnings
}
