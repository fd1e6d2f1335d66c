//! The stages of `#[cors]` and of `policy!`: read, check, expand.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::args::Form;
use crate::input::Input;
use crate::report::Report;
use crate::{check, expand, read};

/// The whole of `#[cors(tokens)] item`.
///
/// The item stays defined if something is wrong, so that one mistake is one error.
pub(crate) fn attribute(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let report = Report::default();
    let expanded = match Input::read(tokens, item, &report) {
        Input::Output(output) => return output,
        Input::Unusable(item) => item,
        Input::Handler(handler) => match check::handler(&handler, &report) {
            Some(checked) => expand::handler(&handler, &checked, &report),
            None => handler.function.to_token_stream(),
        },
        Input::Module(module) => {
            let policy = check::module(&module, &report);
            expand::module(&module, &policy, &report)
        }
    };
    let mut whole = report.errors();
    // This appends a stream as a whole; `quote!` would do so token by token.
    whole.extend([expanded]);
    whole
}

/// The whole of `policy!(tokens)`.
pub(crate) fn policy(tokens: TokenStream) -> TokenStream {
    let report = Report::default();
    let args = read::arguments(tokens, Form::Policy, &report);
    let policy = check::policy(&args, Form::Policy, &report);
    expand::policy(&args, &policy, &report)
}
