//! What a handler's signature says about the requests that it expects.

use syn::punctuated::Punctuated;
use syn::{FnArg, GenericArgument, Ident, PathArguments, Token, Type};

/// What a parameter needs to be of use to a page on another origin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The header `content-type`, as the body is JSON.
    ContentType,
    /// The header `authorization`.
    Authorization,
    /// Cookies.
    Cookies,
}

/// What the parameters need, by the names of their types.
///
/// An `Either<Json<_>, Form<_>>` needs nothing: the other side takes what needs no preflight.
pub(crate) fn needs(inputs: &Punctuated<FnArg, Token![,]>) -> Vec<(Need, &Ident)> {
    inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => need(&typed.ty),
            FnArg::Receiver(_) => None,
        })
        .collect()
}

fn need(ty: &Type) -> Option<(Need, &Ident)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let found = match last.ident.to_string().as_str() {
        "Json" => Need::ContentType,
        "BearerAuth" | "BasicAuth" => Need::Authorization,
        "Session" | "Identity" | "Cookie" | "CookieJar" => Need::Cookies,
        "Option" | "Result" => {
            let PathArguments::AngleBracketed(arguments) = &last.arguments else {
                return None;
            };
            let GenericArgument::Type(inner) = arguments.args.first()? else {
                return None;
            };
            return need(inner);
        }
        _ => return None,
    };
    Some((found, &last.ident))
}
