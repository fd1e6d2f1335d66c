//! What is wrong, collected.

use std::cell::RefCell;

use cors_rules::{Rule, Severity, Violation};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::wording;

/// Everything that was found wrong with one attribute.
#[derive(Default)]
pub(crate) struct Report(RefCell<Vec<Entry>>);

struct Entry {
    violation: Violation,
    culprit: TokenStream,
    /// The `cfg` under which it is compiled.
    condition: TokenStream,
}

impl Report {
    /// Adds a violation at the smallest piece of code that is at fault. No tokens stand for the
    /// attribute as a whole.
    pub(crate) fn add(&self, violation: Violation, culprit: impl ToTokens) {
        self.add_under(TokenStream::new(), violation, culprit);
    }

    /// Adds a violation of code that is compiled under `#[cfg(…)]`.
    pub(crate) fn add_under(
        &self,
        condition: TokenStream,
        violation: Violation,
        culprit: impl ToTokens,
    ) {
        let culprit = culprit.into_token_stream();
        self.0.borrow_mut().push(Entry {
            violation,
            culprit,
            condition,
        });
    }

    /// The errors, as the compiler shows them.
    pub(crate) fn errors(&self) -> TokenStream {
        self.errors_by(|span| quote_spanned!(span=> ::core))
    }

    /// The errors, by the `compile_error!` that `home` gives for a place.
    pub(crate) fn errors_by(&self, home: impl Fn(Span) -> TokenStream) -> TokenStream {
        self.each(Severity::Error, |entry, message| {
            let mut spans = (entry.culprit.clone().into_iter()).map(|token| token.span());
            let start = spans.next().unwrap_or_else(Span::call_site);
            let end = spans.last().unwrap_or(start);
            let home = home(start);
            let name = quote_spanned!(start=> #home::compile_error);
            let message = quote_spanned!(end=> !{ #message });
            let condition = &entry.condition;
            quote!(#condition #name #message)
        })
    }

    /// Writes what was found. The compiler takes time for each message in proportion to the length
    /// of its line, so there is a limit, and the last message says how many there are beyond it.
    fn each(
        &self,
        severity: Severity,
        write: impl Fn(&Entry, String) -> TokenStream,
    ) -> TokenStream {
        const MOST: usize = 100;
        let entries = self.0.borrow();
        let all: Vec<_> = (entries.iter())
            .filter(|entry| entry.violation.rule.severity() == severity)
            .collect();
        let beyond = all.len().saturating_sub(MOST);
        (all.into_iter().take(MOST).enumerate())
            .map(|(i, entry)| {
                let mut message = entry.violation.to_string();
                if beyond > 0 && i + 1 == MOST {
                    message.push_str(&wording::not_shown(beyond));
                }
                write(entry, message)
            })
            .collect()
    }

    /// The warnings. Each is a use of a deprecated macro, since stable Rust gives a macro no other
    /// way to warn; it is silenced like any other use of something deprecated.
    pub(crate) fn warnings(&self) -> TokenStream {
        self.each(Severity::Warning, |entry, note| {
            let Entry {
                violation,
                culprit,
                condition,
            } = entry;
            let first = culprit.clone().into_iter().next();
            let span = first.map_or_else(Span::call_site, |token| token.span());
            let name = format_ident!("{}", violation.rule.name(), span = span);
            // Only the build knows whether it has debug assertions: this macro runs in another.
            let release = (violation.rule == Rule::LoopbackOriginInRelease)
                .then(|| quote_spanned!(span=> #[cfg(not(debug_assertions))]));
            quote_spanned! {span=>
                #release
                #condition
                const _: () = {
                    #[deprecated(note = #note)]
                    macro_rules! #name { () => { () }; }
                    #name!()
                };
            }
        })
    }
}
