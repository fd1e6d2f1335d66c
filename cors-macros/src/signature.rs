//! The parameters of a handler, which tell the requests that it expects.

use std::fmt::Display;

use cors_rules::{Checked, Violation};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use crate::args::Args;
use crate::attr::Attr;
use crate::item::Function;
use crate::tokens::{find_word, is_punct, split_parameter, split_parameters};
use crate::wording;

/// Something that parameters of some types need from a policy. A page on another origin has no use
/// of the handler otherwise.
pub(crate) struct Need {
    types: &'static [&'static str],
    /// True if a policy that its arguments state meets the need.
    pub(crate) is_met: fn(&Args, &Checked<'_>) -> bool,
    /// The function of the runtime that knows it of every policy.
    pub(crate) is_met_at_compile_time: &'static str,
    /// The warning, by the name of the type.
    pub(crate) warning: fn(&dyn Display) -> Violation,
}

static NEEDS: [Need; 3] = [
    Need {
        // `GraphQLRequest` is async-graphql's, which takes JSON unless a page uploads files. An
        // `Either<Json<_>, Form<_>>` also takes forms, which need no preflight.
        types: &["Json", "GraphQLRequest", "GraphQLBatchRequest"],
        is_met: |_, policy| policy.allow_any_header || allows(policy, "content-type"),
        is_met_at_compile_time: "allows_content_type",
        warning: wording::json_without_content_type,
    },
    Need {
        types: &["BearerAuth", "BasicAuth"],
        is_met: |_, policy| allows(policy, "authorization"),
        is_met_at_compile_time: "allows_authorization",
        warning: wording::bearer_without_authorization,
    },
    Need {
        types: &["Session", "Identity", "Cookie", "CookieJar"],
        is_met: |args, _| args.credentials.is_some(),
        is_met_at_compile_time: "allows_credentials",
        warning: wording::session_without_credentials,
    },
];

fn allows(policy: &Checked<'_>, name: &str) -> bool {
    policy.allow_headers.iter().any(|allowed| allowed == name)
}

/// A parameter that needs something.
pub(crate) struct NeedyParameter {
    pub(crate) need: &'static Need,
    /// The name of its type.
    pub(crate) type_name: Ident,
    /// The `#[cfg]` under which it is compiled.
    pub(crate) condition: TokenStream,
}

/// The parameters that need something, by the names of their types. Nothing here sees through a
/// type alias.
pub(crate) fn needy_parameters(function: &Function) -> Vec<NeedyParameter> {
    let parameters = function.parameters.stream();
    // Most have none of the names, and to take them apart takes a macro long.
    if !has(
        parameters.clone(),
        &NEEDS.each_ref().map(|need| need.types).concat(),
    ) {
        return Vec::new();
    }
    split_parameters(parameters)
        .into_iter()
        .filter_map(parameter)
        .collect()
}

fn parameter(tokens: TokenStream) -> Option<NeedyParameter> {
    let mut tokens = tokens.into_iter().peekable();
    let attrs = Attr::take(&mut tokens);
    let (_, ty) = split_parameter(tokens.collect());
    let (need, type_name) = type_need(&syn::parse2(ty).ok()?)?;
    let conditions = attrs.iter().filter(|attr| attr.is("cfg"));
    Some(NeedyParameter {
        need,
        type_name,
        condition: quote!(#(#conditions)*),
    })
}

fn type_need(ty: &Type) -> Option<(&'static Need, Ident)> {
    let path = match ty {
        Type::Path(path) => path,
        Type::Group(group) => return type_need(&group.elem),
        Type::Paren(paren) => return type_need(&paren.elem),
        _ => return None,
    };
    let last = path.path.segments.last()?;
    if last.ident == "Option" || last.ident == "Result" {
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        let GenericArgument::Type(inner) = arguments.args.first()? else {
            return None;
        };
        return type_need(inner);
    }
    let mut needs = NEEDS.iter();
    let need = needs.find(|need| need.types.iter().any(|name| last.ident == name))?;
    Some((need, last.ident.clone()))
}

/// Guesses from its parameters and its return type. That is good enough for a warning.
pub(crate) fn looks_like_handler(function: &Function) -> bool {
    // A helper takes these as well.
    const TAKEN: [&str; 4] = ["HttpRequest", "Payload", "Bytes", "Data"];
    const OF_HANDLERS: [&str; 5] = ["Json", "Form", "Path", "Query", "Multipart"];
    const RETURNED: [&str; 3] = ["Responder", "HttpResponse", "Json"];
    let is_test = function.attrs.iter().any(|attr| attr.is_last(&["test"]));
    if !function.is_async() || is_test || function.receiver().is_some() {
        return false;
    }
    let parameters = function.parameters.stream();
    let of_handlers = has(parameters.clone(), &OF_HANDLERS);
    if has(function.output.clone(), &RETURNED) {
        return parameters.is_empty()
            || of_handlers
            || has(parameters, &TAKEN)
            || !needy_parameters(function).is_empty();
    }
    // A `Result<_, _>`, a text or an alias: only what it takes can tell.
    let is_extractor = |parameter: &TokenStream| {
        let (_, of_type) = split_parameter(parameter.clone());
        let first = of_type.into_iter().next();
        let is_reference = first.is_none_or(|first| is_punct(&first, '&'));
        !is_reference && (has(parameter.clone(), &TAKEN) || has(parameter.clone(), &OF_HANDLERS))
    };
    !function.output.is_empty()
        && of_handlers
        && split_parameters(parameters).iter().all(is_extractor)
}

fn has(tokens: TokenStream, names: &[&str]) -> bool {
    find_word(tokens, names).is_some()
}
