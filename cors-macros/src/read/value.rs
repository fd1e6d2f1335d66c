//! Reads the value of an argument, and reports what cannot be read where it stands.

use cors_rules::Danger;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Lit, LitInt, LitStr, Path, Token, bracketed, parenthesized, token};

use crate::args::{DangerArg, List, Name, OriginElement, OriginKind, Seconds};
use crate::report::Report;
use crate::tokens::{name, path_text, whereabouts};
use crate::wording;

/// What follows a key. Each reader returns `None` if it cannot read it, after saying why.
pub(crate) struct Value<'a> {
    key: &'a Ident,
    name: String,
    input: ParseStream<'a>,
    report: &'a Report,
}

impl<'a> Value<'a> {
    pub(crate) fn new(key: &'a Ident, input: ParseStream<'a>, report: &'a Report) -> Self {
        Self {
            key,
            name: name(key),
            input,
            report,
        }
    }

    /// Takes `= false`, if that is the value.
    pub(crate) fn is_off(&self) -> bool {
        let ahead = self.input.fork();
        let is_off = ahead.parse::<Token![=]>().is_ok()
            && ahead
                .parse::<syn::LitBool>()
                .is_ok_and(|literal| !literal.value)
            && (ahead.is_empty() || ahead.peek(Token![,]));
        if is_off {
            rest_of_argument(self.input);
        }
        is_off
    }

    /// No value at all.
    pub(crate) fn flag(self) -> Option<()> {
        if self.input.is_empty() || self.input.peek(Token![,]) || !self.input.peek(Token![=]) {
            // Something else than `=` belongs to the next argument, or to nothing.
            return Some(());
        }
        let value = rest_of_argument(self.input);
        self.report.add(
            wording::flag_with_value(&self.name, &value.to_string()),
            value,
        );
        None
    }

    pub(crate) fn path(self) -> Option<Path> {
        self.read("a path", "crate = ::my_crate::cors_runtime", |input| {
            input.call(Path::parse_mod_style)
        })
    }

    /// An integer literal without sign, unit or type.
    pub(crate) fn seconds(self) -> Option<Seconds> {
        self.equals("a number of seconds", "max_age = 600")?;
        let ahead = self.input.fork();
        if !ahead.peek(Token![-])
            && let Ok(literal) = ahead.parse::<LitInt>()
            && literal.suffix().is_empty()
            && (ahead.is_empty() || ahead.peek(Token![,]) || ahead.peek(Ident))
        {
            let _ = self.input.parse::<LitInt>();
            let number = literal.base10_parse().unwrap_or(u64::MAX);
            return Some(Seconds {
                tokens: literal.to_token_stream(),
                number,
            });
        }
        let value = rest_of_argument(self.input);
        let meant = syn::parse2::<Expr>(value.clone())
            .ok()
            .and_then(|expr| seconds(&expr));
        self.report
            .add(wording::invalid_seconds(&value.to_string(), meant), value);
        None
    }

    pub(crate) fn names(self, example: &str) -> Option<List<Name>> {
        self.list("a list of names in quotes", example, |input| {
            let literal = literal(input)?;
            Some(Name {
                text: literal.value(),
                literal,
            })
        })
    }

    pub(crate) fn origins(self) -> Option<List<OriginElement>> {
        let example = format!("{} = [\"https://app.example.com\"]", self.name);
        let report = self.report;
        let unset = std::cell::Cell::new(false);
        let list = self.list("a list of origins in quotes", &example, |input| {
            if let Some(literal) = literal(input) {
                return Some(OriginElement {
                    tokens: literal.to_token_stream(),
                    text: literal.value(),
                    kind: OriginKind::Literal,
                });
            }
            let ahead = input.fork();
            if let Ok(path) = ahead.call(Path::parse_mod_style)
                && (ahead.is_empty() || ahead.peek(Token![,]))
            {
                let _ = input.call(Path::parse_mod_style);
                return Some(OriginElement {
                    tokens: path.to_token_stream(),
                    text: path_text(&path),
                    kind: OriginKind::Source(path),
                });
            }
            let (tokens, variable) = variable(input)?;
            let text = std::env::var(variable.value()).unwrap_or_else(|why| {
                let why = match why {
                    std::env::VarError::NotPresent => "is not set",
                    std::env::VarError::NotUnicode(_) => "is not UTF-8",
                };
                report.add(wording::unset_variable(&variable.value(), why), &variable);
                unset.set(true);
                String::new()
            });
            Some(OriginElement {
                tokens,
                text,
                kind: OriginKind::Variable(variable),
            })
        })?;
        (!unset.get()).then_some(list)
    }

    /// `(key = "reason", …)`.
    pub(crate) fn dangers(self) -> Option<Vec<DangerArg>> {
        if !self.input.peek(token::Paren) {
            let value = rest_of_argument(self.input);
            let culprit = if value.is_empty() {
                self.key.to_token_stream()
            } else {
                value.clone()
            };
            self.report
                .add(wording::invalid_danger(&value.to_string()), culprit);
            return None;
        }
        let inner = parenthesized(self.input)?;
        if inner.is_empty() {
            self.report.add(wording::invalid_danger(""), self.key);
            return None;
        }
        let mut dangers = Vec::new();
        let mut complete = true;
        for piece in crate::tokens::split_commas(inner) {
            let key = |input: ParseStream<'_>| {
                let key = input.call(Ident::parse_any)?;
                let rest = input.parse::<TokenStream>()?;
                Ok((key, rest))
            };
            let reason = |input: ParseStream<'_>| {
                input.parse::<Token![=]>()?;
                input.parse::<LitStr>()
            };
            let read = key.parse2(piece.clone()).ok();
            let Some((key, rest)) = read else {
                self.report
                    .add(wording::invalid_danger(&piece.to_string()), piece);
                complete = false;
                continue;
            };
            let Some(danger) = Danger::from_key(&name(&key)) else {
                self.report.add(wording::unknown_danger(&name(&key)), &key);
                complete = false;
                continue;
            };
            if let Some(first) = dangers
                .iter()
                .find(|other: &&DangerArg| other.danger == danger)
            {
                let first = whereabouts(&first.key);
                self.report
                    .add(wording::duplicate_argument(danger.key(), &first), &key);
                continue;
            }
            if let Ok(reason) = reason.parse2(rest) {
                let text = reason.value();
                dangers.push(DangerArg {
                    key,
                    danger,
                    reason,
                    text,
                });
            } else {
                self.report
                    .add(wording::danger_without_reason(danger), piece);
                complete = false;
            }
        }
        complete.then_some(dangers)
    }

    /// Reads `=`.
    fn equals(&self, expected: &str, example: &str) -> Option<()> {
        let given = self
            .input
            .parse::<Option<Token![=]>>()
            .ok()
            .flatten()
            .is_some();
        if !given || self.input.is_empty() || self.input.peek(Token![,]) {
            self.report.add(
                wording::invalid_value(&self.name, "", expected, example),
                self.key,
            );
            return None;
        }
        Some(())
    }

    /// Reads `= value`.
    fn read<T>(
        &self,
        expected: &str,
        example: &str,
        read: impl Fn(ParseStream<'a>) -> syn::Result<T>,
    ) -> Option<T> {
        self.equals(expected, example)?;
        let ahead = self.input.fork();
        if let Ok(value) = read(self.input) {
            return Some(value);
        }
        let wrong = rest_of_argument(&ahead);
        let violation = wording::invalid_value(&self.name, &wrong.to_string(), expected, example);
        self.report.add(violation, wrong);
        None
    }

    /// Reads `= [element, …]`. Elements that cannot be read are reported and left out.
    fn list<T>(
        self,
        expected: &str,
        example: &str,
        element: impl Fn(ParseStream<'_>) -> Option<T>,
    ) -> Option<List<T>> {
        let (inner, tokens) = self.read(expected, example, |input| {
            if !input.peek(token::Bracket) {
                return Err(input.error("a list"));
            }
            let tokens = input.fork().parse::<TokenTree>()?.into_token_stream();
            let inner;
            bracketed!(inner in input);
            Ok((inner, tokens))
        })?;
        let inner = &inner;
        let mut complete = true;
        let mut elements = Vec::new();
        while !inner.is_empty() {
            let read = if inner.peek(Token![,]) {
                None
            } else {
                element(inner)
            };
            let was_read = read.is_some();
            elements.extend(read);
            let at_end = inner.is_empty() || inner.peek(Token![,]);
            if !was_read || !at_end {
                complete = false;
                let wrong = rest_of_argument(inner);
                let wrong = if wrong.is_empty() {
                    next_token(inner)
                } else {
                    wrong
                };
                let text = wrong.to_string();
                let violation = if was_read && text.starts_with('"') {
                    wording::missing_comma_in_list(&self.name, &text)
                } else {
                    wording::invalid_value(&self.name, &text, expected, example)
                };
                self.report.add(violation, wrong);
            }
            let _ = inner.parse::<Option<Token![,]>>();
        }
        // A list that lost an element is not judged: it could be called empty, or its wildcard
        // alone.
        complete.then_some(List { tokens, elements })
    }
}

/// A string. `"text"suffix` is one to the tokenizer only.
fn literal(input: ParseStream<'_>) -> Option<LitStr> {
    let ahead = input.fork();
    let literal = ahead.parse::<LitStr>().ok()?;
    if !literal.suffix().is_empty() {
        return None;
    }
    input.advance_to(&ahead);
    Some(literal)
}

/// `env!("NAME")`, and the name.
fn variable(input: ParseStream<'_>) -> Option<(TokenStream, LitStr)> {
    let invocation: syn::Macro = input.fork().parse().ok()?;
    let last = invocation.path.segments.last()?;
    if last.ident != "env" {
        return None;
    }
    let name = invocation.parse_body().ok()?;
    let _ = input.parse::<syn::Macro>();
    Some((invocation.to_token_stream(), name))
}

fn parenthesized(input: ParseStream<'_>) -> Option<TokenStream> {
    let read = |input: ParseStream<'_>| {
        let inner;
        parenthesized!(inner in input);
        inner.parse::<TokenStream>()
    };
    read(input).ok()
}

/// The seconds that an expression such as `60 * 10` or a number with a unit stands for.
fn seconds(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => {
                let unit = match number.suffix() {
                    "m" | "min" => 60,
                    "h" => 3_600,
                    "d" => 86_400,
                    _ => 1,
                };
                number
                    .base10_digits()
                    .parse::<u64>()
                    .ok()?
                    .checked_mul(unit)
            }
            Lit::Str(text) => text.value().trim().parse().ok(),
            _ => None,
        },
        Expr::Binary(product) if matches!(product.op, syn::BinOp::Mul(_)) => {
            seconds(&product.left)?.checked_mul(seconds(&product.right)?)
        }
        Expr::Paren(inner) => seconds(&inner.expr),
        _ => None,
    }
}

/// The next token, without taking it.
pub(crate) fn next_token(input: ParseStream<'_>) -> TokenStream {
    (input.fork().parse::<TokenTree>())
        .map(ToTokens::into_token_stream)
        .unwrap_or_default()
}

/// Takes everything up to the next comma.
pub(crate) fn rest_of_argument(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<TokenTree>() {
            Ok(token) => tokens.extend([token]),
            Err(_) => break,
        }
    }
    tokens
}
