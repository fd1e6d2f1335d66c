//! What a handler's parameters say about the requests that it expects.

use cors_rules::Violation;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use crate::attr::Attr;
use crate::item::Function;
use crate::tokens::{find_word, is_punct, split_parameter, split_parameters};
use crate::wording;

/// What a parameter needs from a policy to be of use to a page on another origin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The header `content-type`, as the body is JSON.
    ContentType,
    /// The header `authorization`.
    Authorization,
    /// Cookies.
    Credentials,
}

/// The types that need something. `GraphQLRequest` is async-graphql's, which takes JSON unless a page
/// uploads files. An `Either<Json<_>, Form<_>>` takes what needs no preflight too.
const TYPES: [(&str, Need); 9] = [
    ("Json", Need::ContentType),
    ("GraphQLRequest", Need::ContentType),
    ("GraphQLBatchRequest", Need::ContentType),
    ("BearerAuth", Need::Authorization),
    ("BasicAuth", Need::Authorization),
    ("Session", Need::Credentials),
    ("Identity", Need::Credentials),
    ("Cookie", Need::Credentials),
    ("CookieJar", Need::Credentials),
];

/// A parameter that needs something.
pub(crate) struct ParameterNeed {
    pub(crate) need: Need,
    /// The name of its type.
    pub(crate) type_name: Ident,
    /// The `#[cfg]` under which it is compiled.
    pub(crate) condition: TokenStream,
}

impl ParameterNeed {
    /// The warning, for a policy that does not have what it needs.
    pub(crate) fn violation(&self) -> Violation {
        let name = self.type_name.to_string();
        match self.need {
            Need::ContentType => wording::json_without_content_type(&name),
            Need::Authorization => wording::bearer_without_authorization(&name),
            Need::Credentials => wording::session_without_credentials(&name),
        }
    }
}

/// What the parameters need, by the names of their types. Nothing here sees through a type alias.
pub(crate) fn needs(function: &Function) -> Vec<ParameterNeed> {
    let parameters = function.parameters.stream();
    // Most have none of the names, and to take them apart takes a macro long.
    if !has(parameters.clone(), &TYPES.map(|(name, _)| name)) {
        return Vec::new();
    }
    split_parameters(parameters)
        .into_iter()
        .filter_map(parameter)
        .collect()
}

fn parameter(tokens: TokenStream) -> Option<ParameterNeed> {
    let mut tokens = tokens.into_iter().peekable();
    let attrs = Attr::take(&mut tokens);
    let (_, ty) = split_parameter(tokens.collect());
    let (need, type_name) = type_need(&syn::parse2(ty).ok()?)?;
    let conditions = attrs.iter().filter(|attr| attr.is("cfg"));
    Some(ParameterNeed {
        need,
        type_name,
        condition: quote!(#(#conditions)*),
    })
}

fn type_need(ty: &Type) -> Option<(Need, Ident)> {
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
    let (_, need) = TYPES.iter().find(|(name, _)| last.ident == name)?;
    Some((*need, last.ident.clone()))
}

/// Whether it takes or returns what a handler does. A guess, good for a warning.
pub(crate) fn looks_like_handler(function: &Function) -> bool {
    // What a helper takes as well.
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
            || !needs(function).is_empty();
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
