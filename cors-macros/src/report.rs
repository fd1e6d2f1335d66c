//! The violations of one attribute, collected.

use std::cell::RefCell;

use cors_rules::{Rule, Severity, Violation};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::tokens::framed;

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
        self.0.borrow_mut().push(Entry {
            violation,
            culprit: culprit.into_token_stream(),
            condition,
        });
    }

    /// The errors, as the compiler shows them. They are the user's by their spans, so that the
    /// compiler mentions no macro. In edition 2015, the user's `::core` is not the crate, but
    /// `::std` is.
    pub(crate) fn errors(&self) -> TokenStream {
        self.each(Severity::Error, |entry, message| {
            let mut spans = (entry.culprit.clone().into_iter()).map(|token| token.span());
            let start = spans.next().unwrap_or_else(Span::call_site);
            let end = spans.last().unwrap_or(start);
            let error = framed(start, end, quote!(::std::compile_error! { #message }));
            let condition = &entry.condition;
            quote!(#condition #error)
        })
    }

    /// Writes the entries of this severity. The compiler takes time for each message in proportion
    /// to the length of its line, so there is a limit. The last message counts those beyond it.
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
                let message = entry.violation.to_string();
                if beyond == 0 || i + 1 < MOST {
                    return write(entry, message);
                }
                let note =
                    format!("{beyond} more in this attribute are not shown; fix these first");
                write(entry, format!("{message}\n  = note: {note}"))
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
