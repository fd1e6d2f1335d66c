//! Reads the values of arguments, and reports what cannot be read where it stands.

use cors_rules::wording;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitInt, LitStr, Path, Token, bracketed, parenthesized, token};

use crate::args::{DangerArg, List, OriginElement, OriginValue};
use crate::report::Report;

/// An integer literal; a minus sign is not part of one.
pub(crate) fn seconds(input: ParseStream<'_>) -> syn::Result<LitInt> {
    if input.peek(Token![-]) {
        Err(input.error("negative"))
    } else {
        input.parse()
    }
}

pub(crate) fn flag(key: &Ident, input: ParseStream<'_>, report: &Report) -> Option<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Some(());
    }
    let token = rest_of_argument(input);
    report.add(
        wording::invalid_value(
            &key.to_string(),
            &token.to_string(),
            "no value: it is a flag",
            &key.to_string(),
        ),
        token,
    );
    None
}

/// Reads `= value`.
pub(crate) fn value<T>(
    key: &Ident,
    input: ParseStream<'_>,
    report: &Report,
    (expected, example): (&str, &str),
    read: impl Fn(ParseStream<'_>) -> syn::Result<T>,
) -> Option<T> {
    let name = key.unraw().to_string();
    if input.parse::<Option<Token![=]>>().ok().flatten().is_none()
        || input.is_empty()
        || input.peek(Token![,])
    {
        report.add(wording::invalid_value(&name, "", expected, example), key);
        return None;
    }
    let ahead = input.fork();
    if let Ok(value) = read(input) {
        return Some(value);
    }
    let wrong = rest_of_argument(&ahead);
    report.add(
        wording::invalid_value(&name, &wrong.to_string(), expected, example),
        wrong,
    );
    None
}

/// Reads `= [element, …]`; elements that cannot be read are reported and left out.
pub(crate) fn list<T>(
    key: &Ident,
    input: ParseStream<'_>,
    report: &Report,
    form: (&str, &str),
    element: impl Fn(ParseStream<'_>) -> Option<T>,
) -> Option<List<T>> {
    let (inner, tokens) = value(key, input, report, form, |input| {
        if !input.peek(token::Bracket) {
            return Err(input.error("a list"));
        }
        let tokens = input
            .fork()
            .parse::<proc_macro2::TokenTree>()?
            .into_token_stream();
        let inner;
        bracketed!(inner in input);
        Ok((inner.parse::<TokenStream>()?, tokens))
    })?;
    let mut complete = true;
    let parser = |inner: ParseStream<'_>| {
        let mut elements = Vec::new();
        while !inner.is_empty() {
            let read = if inner.peek(Token![,]) {
                None
            } else {
                element(inner)
            };
            let at_end = inner.is_empty() || inner.peek(Token![,]);
            match read {
                Some(read) if at_end => elements.push(read),
                _ => {
                    complete = false;
                    let wrong = rest_of_argument(inner);
                    let wrong = if wrong.is_empty() {
                        next_token(inner)
                    } else {
                        wrong
                    };
                    report.add(
                        wording::invalid_value(
                            &key.to_string(),
                            &wrong.to_string(),
                            form.0,
                            form.1,
                        ),
                        wrong,
                    );
                }
            }
            let _ = inner.parse::<Option<Token![,]>>();
        }
        Ok(elements)
    };
    let elements = syn::parse::Parser::parse2(parser, inner).unwrap_or_default();
    // A list that lost an element is not judged: it would be called empty, or its wildcard lonely.
    complete.then_some(List { tokens, elements })
}

pub(crate) fn origins(
    key: &Ident,
    input: ParseStream<'_>,
    report: &Report,
) -> Option<List<OriginElement>> {
    let name = key.to_string();
    let example = format!("{name} = [\"https://app.example.com\"]");
    let unset = std::cell::Cell::new(false);
    let list = list(
        key,
        input,
        report,
        ("a list of origins in quotes", &example),
        |input| {
            if let Ok(literal) = input.fork().parse::<LitStr>() {
                no_suffix(&literal)?;
                let _ = input.parse::<LitStr>();
                let text = literal.value();
                let value = OriginValue::Text {
                    text,
                    variable: None,
                };
                return Some(OriginElement {
                    tokens: literal.to_token_stream(),
                    value,
                });
            }
            let ahead = input.fork();
            if let Ok(path) = ahead.call(Path::parse_mod_style)
                && !ahead.peek(Token![!])
            {
                let _ = input.call(Path::parse_mod_style);
                return Some(OriginElement {
                    tokens: path.to_token_stream(),
                    value: OriginValue::Source(path),
                });
            }
            let invocation: syn::Macro = input.fork().parse().ok()?;
            if invocation
                .path
                .segments
                .last()
                .is_none_or(|last| last.ident != "env")
            {
                return None;
            }
            let name: LitStr = invocation.parse_body().ok()?;
            let _ = input.parse::<syn::Macro>();
            let text = std::env::var(name.value()).unwrap_or_else(|why| {
                let why = match why {
                    std::env::VarError::NotPresent => "is not set",
                    std::env::VarError::NotUnicode(_) => "is not UTF-8",
                };
                report.add(wording::unset_variable(&name.value(), why), &name);
                unset.set(true);
                String::new()
            });
            let value = OriginValue::Text {
                text,
                variable: Some(name),
            };
            Some(OriginElement {
                tokens: invocation.to_token_stream(),
                value,
            })
        },
    )?;
    (!unset.get()).then_some(list)
}

pub(crate) fn names(
    key: &Ident,
    input: ParseStream<'_>,
    report: &Report,
    example: &str,
) -> Option<List<LitStr>> {
    list(
        key,
        input,
        report,
        ("a list of names in quotes", example),
        |input| {
            let literal = input.fork().parse::<LitStr>().ok()?;
            no_suffix(&literal)?;
            input.parse().ok()
        },
    )
}

/// `"text"suffix` is a literal to the tokenizer, and nothing to anybody else.
fn no_suffix(literal: &LitStr) -> Option<()> {
    literal.suffix().is_empty().then_some(())
}

pub(crate) fn dangers(
    key: &Ident,
    input: ParseStream<'_>,
    report: &Report,
) -> Option<Vec<DangerArg>> {
    const EXAMPLE: &str = "danger(insecure_origins = \"why that is harmless\")";
    let invalid = |found: TokenStream, culprit: TokenStream| {
        report.add(
            wording::invalid_value(
                "danger",
                &found.to_string(),
                "keys with reasons, in parentheses",
                EXAMPLE,
            ),
            culprit,
        );
    };
    if !input.peek(token::Paren) {
        let wrong = rest_of_argument(input);
        let culprit = if wrong.is_empty() {
            key.to_token_stream()
        } else {
            wrong.clone()
        };
        invalid(wrong, culprit);
        return None;
    }
    let read = |input: ParseStream<'_>| {
        let inner;
        parenthesized!(inner in input);
        inner.parse::<TokenStream>()
    };
    let inner = read(input).ok()?;
    let mut dangers: Vec<DangerArg> = Vec::new();
    let mut complete = true;
    let parser = |inner: ParseStream<'_>| {
        if inner.is_empty() {
            invalid(TokenStream::new(), key.to_token_stream());
        }
        while !inner.is_empty() {
            let ahead = inner.fork();
            let one = |input: ParseStream<'_>| -> syn::Result<DangerArg> {
                let key = input.call(Ident::parse_any)?;
                input.parse::<Token![=]>()?;
                Ok(DangerArg {
                    key,
                    reason: input.parse()?,
                })
            };
            match one(inner) {
                Ok(danger) if inner.is_empty() || inner.peek(Token![,]) => {
                    match dangers.iter().find(|other| other.key == danger.key) {
                        Some(first) => {
                            let place = format!("in line {}", first.key.span().unwrap().line());
                            report.add(
                                wording::duplicate_argument(&danger.key.to_string(), &place),
                                &danger.key,
                            );
                        }
                        None => dangers.push(danger),
                    }
                }
                _ => {
                    complete = false;
                    let wrong = rest_of_argument(&ahead);
                    skip_to_comma(inner);
                    let wrong = if wrong.is_empty() {
                        next_token(inner)
                    } else {
                        wrong
                    };
                    invalid(wrong.clone(), wrong);
                }
            }
            let _ = inner.parse::<Option<Token![,]>>();
        }
        Ok(())
    };
    let _ = syn::parse::Parser::parse2(parser, inner);
    complete.then_some(dangers)
}

/// What of a name with hyphens follows its first part.
pub(crate) fn rest_of_key(input: ParseStream<'_>) -> String {
    let mut rest = String::new();
    while input.parse::<Token![-]>().is_ok() {
        let part = Ident::parse_any(input).map(|part| part.to_string());
        rest = format!("{rest}-{}", part.unwrap_or_default());
    }
    rest
}

/// The next token, without taking it.
pub(crate) fn next_token(input: ParseStream<'_>) -> TokenStream {
    input
        .fork()
        .parse::<proc_macro2::TokenTree>()
        .map(ToTokens::into_token_stream)
        .unwrap_or_default()
}

/// Takes all up to the next comma.
fn rest_of_argument(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<proc_macro2::TokenTree>() {
            Ok(token) => tokens.extend([token]),
            Err(_) => break,
        }
    }
    tokens
}

pub(crate) fn skip_to_comma(input: ParseStream<'_>) {
    rest_of_argument(input);
}
