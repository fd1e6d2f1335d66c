//! What is wrong, collected.

use std::cell::RefCell;

use cors_rules::{Rule, Severity, Violation};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};

/// All that was found wrong with one attribute.
#[derive(Default)]
pub(crate) struct Report(RefCell<Vec<Found>>);

struct Found {
    violation: Violation,
    culprit: TokenStream,
}

impl Report {
    /// Adds a violation at the smallest piece of code that is at fault.
    pub(crate) fn add(&self, violation: Violation, culprit: impl ToTokens) {
        self.0.borrow_mut().push(Found {
            violation,
            culprit: culprit.into_token_stream(),
        });
    }

    /// The errors, as the compiler shows them.
    pub(crate) fn errors(&self) -> TokenStream {
        let found = self.0.borrow();
        let errors = found
            .iter()
            .filter(|found| found.violation.rule.severity() == Severity::Error);
        errors
            .map(|found| {
                syn::Error::new_spanned(&found.culprit, text(&found.violation)).into_compile_error()
            })
            .collect()
    }

    /// The warnings: each a use of something deprecated, as there is no other warning that stable Rust lets a macro
    /// give. The user silences it as any other.
    pub(crate) fn warnings(&self) -> TokenStream {
        let found = self.0.borrow();
        let warnings = found
            .iter()
            .filter(|found| found.violation.rule.severity() == Severity::Warning);
        warnings
            .map(|found| {
                let note = text(&found.violation);
                let span = found
                    .culprit
                    .clone()
                    .into_iter()
                    .next()
                    .map_or_else(Span::call_site, |token| token.span());
                let name = format_ident!("{}", found.violation.rule.name(), span = span);
                // Only a build knows whether it has debug assertions: the macro runs in another one.
                let condition = (found.violation.rule == Rule::LoopbackOriginInRelease)
                    .then(|| quote_spanned!(span=> #[cfg(not(debug_assertions))]));
                quote_spanned! {span=>
                    #condition
                    const _: () = {
                        #[deprecated(note = #note)]
                        #[allow(non_upper_case_globals)]
                        const #name: () = ();
                        #name
                    };
                }
            })
            .collect()
    }
}

/// The message as the compiler shows it, which indents further lines by itself.
pub(crate) fn text(violation: &Violation) -> String {
    violation.to_string()
}
