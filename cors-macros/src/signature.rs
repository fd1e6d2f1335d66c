//! The parameters of a handler, which tell the requests that it expects.

use std::fmt::Display;

use cors_rules::{Checked, Violation};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

use crate::args::Args;
use crate::attr::Attr;
use crate::item::Function;
use crate::tokens::{find_word, is_among, split_parameter, split_parameters};
use crate::wording;

/// Something that parameters of some types need from a policy. A page on another origin has no use
/// of the handler otherwise.
pub(crate) struct Need {
    types: &'static [&'static str],
    /// True if a policy that its arguments state meets the need.
    pub(crate) is_met: fn(&Args, &Checked<'_>) -> bool,
    /// The function of the runtime that tells whether a policy meets the need.
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
    let pieces = split_parameters(parameters).into_iter();
    pieces.filter_map(needy_parameter).collect()
}

/// The attributes of a parameter, and its type.
fn attrs_and_type(parameter: TokenStream) -> Option<(Vec<Attr>, Type)> {
    let mut tokens = parameter.into_iter().peekable();
    let attrs = Attr::take(&mut tokens);
    let (_, ty) = split_parameter(tokens.collect());
    Some((attrs, syn::parse2(ty).ok()?))
}

fn needy_parameter(parameter: TokenStream) -> Option<NeedyParameter> {
    let (attrs, ty) = attrs_and_type(parameter)?;
    let (need, type_name) = type_need(&ty)?;
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
    if is_among(&last.ident, &["Option", "Result"]) {
        return type_need(first_argument(last)?);
    }
    let need = NEEDS
        .iter()
        .find(|need| is_among(&last.ident, need.types))?;
    Some((need, last.ident.clone()))
}

/// `T` in `Name<T, …>`.
fn first_argument(segment: &PathSegment) -> Option<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// Guesses from its parameters and its return type. That is good enough for a warning.
pub(crate) fn looks_like_handler(function: &Function) -> bool {
    // A helper takes these as well.
    const TAKEN: [&str; 4] = ["HttpRequest", "Payload", "Bytes", "Data"];
    const OF_HANDLERS: [&str; 5] = ["Json", "Form", "Path", "Query", "Multipart"];
    const RETURNED: [&str; 3] = ["Responder", "HttpResponse", "Json"];
    let is_test = function.attrs.iter().any(|attr| attr.is_last(&["test"]));
    let is_awaited = function.is_async() || function.returns_future();
    if !is_awaited || is_test || function.receiver().is_some() {
        return false;
    }
    let parameters = function.parameters.stream();
    let of_handlers = has(parameters.clone(), &OF_HANDLERS);
    let pieces = split_parameters(parameters.clone());
    let can_be_extracted = |parameter: &TokenStream| {
        attrs_and_type(parameter.clone()).is_some_and(|(_, ty)| is_extractable(&ty))
    };
    if !pieces.iter().all(can_be_extracted) {
        return false;
    }
    if has(function.output.clone(), &RETURNED) {
        return parameters.is_empty()
            || of_handlers
            || has(parameters, &TAKEN)
            || !needy_parameters(function).is_empty();
    }
    // A `Result<_, _>`, a text or an alias: only what it takes can tell.
    let is_extractor =
        |parameter: &TokenStream| has(parameter.clone(), &[&TAKEN[..], &OF_HANDLERS].concat());
    !function.output.is_empty() && of_handlers && pieces.iter().all(is_extractor)
}

/// False if actix-web has no way to make a value of the type from a request.
fn is_extractable(ty: &Type) -> bool {
    // Of the standard library; no such type is an extractor.
    const PLAIN: [&str; 29] = [
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "i128", "isize", "f32", "f64", "Vec", "Box", "Rc", "Arc", "Cow", "HashMap",
        "HashSet", "BTreeMap", "BTreeSet", "Duration", "Instant", "PathBuf",
    ];
    match ty {
        Type::Group(group) => is_extractable(&group.elem),
        Type::Paren(paren) => is_extractable(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_extractable),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let is_wrapper = is_among(&last.ident, &["Option", "Result", "Either"]);
            !is_among(&last.ident, &PLAIN)
                && (!is_wrapper || first_argument(last).is_none_or(is_extractable))
        }),
        Type::ImplTrait(_) | Type::Infer(_) | Type::Macro(_) => true,
        // References and pointers, arrays, functions and trait objects.
        _ => false,
    }
}

fn has(tokens: TokenStream, names: &[&str]) -> bool {
    find_word(tokens, names).is_some()
}
