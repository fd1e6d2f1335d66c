//! Reads the value of an argument, and reports what cannot be read where it stands.

use cors_rules::{Danger, Violation, shown};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitInt, LitStr, Path, Token, bracketed, parenthesized, token};

use super::meant;
use crate::args::{Configured, DangerArg, List, Name, OriginElement, OriginKind, Seconds};
use crate::report::Report;
use crate::tokens::{is_punct, name, path_text, split_commas, whereabouts};
use crate::wording;

/// A value that is about to be read. Each reader returns `None` if it cannot read it, after saying
/// why.
pub(super) struct Value<'a> {
    pub(super) key: &'a Ident,
    pub(super) name: &'a str,
    pub(super) input: ParseStream<'a>,
    /// `..BASE` is among the arguments.
    pub(super) has_base: bool,
    pub(super) report: &'a Report,
}

impl<'a> Value<'a> {
    fn refuse<T>(&self, violation: Violation, culprit: impl ToTokens) -> Option<T> {
        self.report.add(violation, culprit);
        None
    }

    /// Takes `= false`, if that is the value.
    pub(super) fn off(&self) -> Option<TokenStream> {
        let ahead = self.input.fork();
        let is_off = ahead.parse::<Token![=]>().is_ok()
            && (ahead.parse::<syn::LitBool>()).is_ok_and(|literal| !literal.value)
            && is_at_end(&ahead);
        is_off.then(|| rest_of_argument(self.input))
    }

    /// No value at all. Tokens that don't start a value belong to the next argument, or to nothing.
    pub(super) fn flag(self) -> Option<Ident> {
        if !self.input.peek(Token![=]) && !self.has_other_equals() {
            return Some(self.key.clone());
        }
        let value = rest_of_argument(self.input);
        let violation = meant::flag_with_value(self.name, &value, self.has_base);
        self.refuse_whole(violation, &value)
    }

    /// True if a value follows as other languages write it: `key: value`, `key(value)`.
    fn has_other_equals(&self) -> bool {
        (self.input.peek(Token![:]) && !self.input.peek(Token![::]))
            || self.input.peek(token::Paren)
            || self.input.peek(token::Bracket)
    }

    /// Refuses the key and its value, which the help replaces.
    fn refuse_whole<T>(&self, violation: Violation, value: &TokenStream) -> Option<T> {
        let key = self.key;
        self.refuse(violation, quote!(#key #value))
    }

    pub(super) fn path(self) -> Option<Path> {
        self.read(Path::parse_mod_style)
    }

    /// The path of a `static`.
    pub(super) fn configured(self) -> Option<Configured> {
        let ahead = self.input.fork();
        if ahead.parse::<Token![=]>().is_ok()
            && let Ok(path) = ahead.call(Path::parse_mod_style)
            && is_at_end(&ahead)
        {
            self.input.advance_to(&ahead);
            let text = path_text(&path);
            return Some(Configured { path, text });
        }
        let value = rest_of_argument(self.input);
        let help = meant::configured(&value);
        self.refuse_whole(wording::invalid_configured(&help), &value)
    }

    /// An integer literal without sign, unit or type.
    pub(super) fn seconds(self) -> Option<Seconds> {
        self.equals()?;
        let ahead = self.input.fork();
        let is_argument = |next: &TokenStream| meant::seconds_in(&next.to_string()).is_none();
        if !ahead.peek(Token![-])
            && let Ok(literal) = ahead.parse::<LitInt>()
            && literal.suffix().is_empty()
            && (is_at_end(&ahead) || (ahead.peek(Ident) && is_argument(&next_token(&ahead))))
        {
            self.input.advance_to(&ahead);
            let Ok(number) = literal.base10_parse() else {
                return self.refuse(wording::huge_seconds(&shown(&literal)), literal);
            };
            return Some(Seconds {
                tokens: literal.to_token_stream(),
                number,
            });
        }
        let value = rest_of_argument(self.input);
        self.refuse_whole(meant::invalid_seconds(&value.to_string()), &value)
    }

    pub(super) fn names(self) -> Option<List<Name>> {
        self.list(|input| {
            let literal = literal(input)?;
            Some(Name {
                text: literal.value(),
                literal,
            })
        })
    }

    pub(super) fn origins(self) -> Option<List<OriginElement>> {
        let report = self.report;
        let has_unset = std::cell::Cell::new(false);
        let list = self.list(|input| {
            if let Some(literal) = literal(input) {
                return Some(OriginElement {
                    tokens: literal.to_token_stream(),
                    text: literal.value(),
                    kind: OriginKind::Literal,
                });
            }
            let ahead = input.fork();
            if let Ok(path) = ahead.call(Path::parse_mod_style)
                && is_at_end(&ahead)
            {
                input.advance_to(&ahead);
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
                report.add(wording::unset_variable(&variable.value(), &why), &variable);
                has_unset.set(true);
                String::new()
            });
            Some(OriginElement {
                tokens,
                text,
                kind: OriginKind::Variable(variable),
            })
        })?;
        (!has_unset.get()).then_some(list)
    }

    /// `(key = "reason", …)`. Empty beside a base, it takes away what that accepts.
    pub(super) fn dangers(self) -> Option<Vec<DangerArg>> {
        let Some(inner) = parenthesized(self.input) else {
            let mut culprit = rest_of_argument(self.input);
            if culprit.is_empty() {
                culprit = self.key.to_token_stream();
            }
            return self.refuse(meant::invalid_danger(), culprit);
        };
        let mut dangers = Vec::new();
        let mut complete = true;
        for piece in split_commas(inner) {
            complete &= self.danger(piece, &mut dangers).is_some();
        }
        complete.then_some(dangers)
    }

    /// Adds `key = "reason"`, unless it is given twice.
    fn danger(&self, piece: TokenStream, dangers: &mut Vec<DangerArg>) -> Option<()> {
        let parser = |input: ParseStream<'_>| {
            let key = input.call(Ident::parse_any)?;
            let equals: syn::Result<Token![=]> = input.parse();
            let reason = equals.and_then(|_| input.parse::<LitStr>());
            let rest = input.parse::<TokenStream>()?;
            Ok((key, reason.ok().filter(|_| rest.is_empty())))
        };
        let Ok((key, reason)) = parser.parse2(piece.clone()) else {
            return self.refuse(meant::invalid_danger(), piece);
        };
        let Some(danger) = Danger::from_key(&name(&key)) else {
            return self.refuse(meant::unknown_danger(&name(&key)), key);
        };
        if let Some(first) = dangers.iter().find(|other| other.danger == danger) {
            let first = whereabouts(&first.key);
            let violation = wording::duplicate_argument(&danger.key(), &first);
            self.report.add(violation, key);
            return Some(());
        }
        let Some(reason) = reason else {
            return self.refuse(wording::danger_without_reason(&danger.key()), piece);
        };
        dangers.push(DangerArg {
            key,
            danger,
            text: reason.value(),
            reason,
        });
        Some(())
    }

    /// Reads `=`.
    fn equals(&self) -> Option<()> {
        let equals: Option<Token![=]> = self.input.parse().ok().flatten();
        if equals.is_some() && !is_at_end(self.input) {
            return Some(());
        }
        let value = if equals.is_none() && self.has_other_equals() {
            rest_of_argument(self.input)
        } else {
            TokenStream::new()
        };
        let violation = if self.name == "max_age" && !value.is_empty() {
            let seconds = value.to_string();
            meant::invalid_seconds(seconds.trim_start_matches(':').trim())
        } else {
            meant::invalid_value(self.name, &value, false)
        };
        self.refuse_whole(violation, &quote!(#equals #value))
    }

    /// Reads `= value`.
    fn read<T>(&self, read: impl Fn(ParseStream<'a>) -> syn::Result<T>) -> Option<T> {
        self.equals()?;
        let ahead = self.input.fork();
        if let Ok(value) = read(self.input) {
            return Some(value);
        }
        let wrong = rest_of_argument(&ahead);
        let violation = meant::invalid_value(self.name, &wrong, false);
        self.refuse_whole(violation, &wrong)
    }

    /// Reads `= [element, …]`. Elements that cannot be read are reported and left out.
    fn list<T>(self, element: impl Fn(ParseStream<'_>) -> Option<T>) -> Option<List<T>> {
        let (inner, tokens) = self.read(|input| {
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
            let read = (!inner.peek(Token![,])).then(|| element(inner)).flatten();
            let was_read = read.is_some();
            elements.extend(read);
            if !was_read || !is_at_end(inner) {
                complete = false;
                let mut wrong = rest_of_argument(inner);
                if wrong.is_empty() {
                    wrong = next_token(inner);
                }
                let text = wrong.to_string();
                let violation = if was_read && meant::elements(self.name, &wrong).is_some() {
                    let separated = format!("the elements of `{}`", self.name);
                    wording::missing_comma(&shown(&text), &separated)
                } else if was_read {
                    wording::after_element(&shown(&text), &self.name)
                } else {
                    meant::invalid_value(self.name, &wrong, true)
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

/// `env!("NAME")`, and the name. After it may be what the compiler says without the variable.
fn variable(input: ParseStream<'_>) -> Option<(TokenStream, LitStr)> {
    let invocation: syn::Macro = input.fork().parse().ok()?;
    let last = invocation.path.segments.last()?;
    if last.ident != "env" {
        return None;
    }
    let body = |input: ParseStream<'_>| {
        let names = input.parse_terminated(<LitStr as syn::parse::Parse>::parse, Token![,])?;
        let mut names = names.into_iter();
        match (names.next(), names.nth(1)) {
            (Some(name), None) => Ok(name),
            _ => Err(input.error("a name, and perhaps a message")),
        }
    };
    let name = invocation.parse_body_with(body).ok()?;
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

/// True at the end of an argument, or of an element of a list.
fn is_at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// The next token, without taking it.
pub(super) fn next_token(input: ParseStream<'_>) -> TokenStream {
    (input.fork().parse::<TokenTree>())
        .map(ToTokens::into_token_stream)
        .unwrap_or_default()
}

/// Takes everything up to the next comma that is not between the parameters of a closure.
pub(super) fn rest_of_argument(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut in_parameters = false;
    let mut is_start = true;
    while in_parameters || !input.peek(Token![,]) {
        let Ok(token) = input.parse::<TokenTree>() else {
            break;
        };
        if is_punct(&token, '|') {
            in_parameters = !in_parameters && is_start;
        }
        is_start =
            is_punct(&token, '=') || matches!(&token, TokenTree::Ident(word) if word == "move");
        tokens.extend([token]);
    }
    tokens
}
