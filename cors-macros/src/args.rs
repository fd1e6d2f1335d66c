//! The arguments of `#[cors]` and `policy!`, as they are written.

use cors_rules::wording;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitInt, LitStr, Path, Token, bracketed, parenthesized, token};

use crate::report::Report;

/// The arguments that were given, each with the tokens it was given as.
#[derive(Default)]
pub(crate) struct Args {
    /// `none`: no policy at all.
    pub(crate) none: Option<Ident>,
    /// A policy that is stated elsewhere.
    pub(crate) shared: Option<Path>,
    pub(crate) methods: Option<List<LitStr>>,
    pub(crate) origins: Option<List<OriginElement>>,
    pub(crate) dev_origins: Option<List<OriginElement>>,
    pub(crate) credentials: Option<Ident>,
    pub(crate) enforce: Option<Ident>,
    pub(crate) allow_headers: Option<List<LitStr>>,
    pub(crate) expose_headers: Option<List<LitStr>>,
    pub(crate) max_age: Option<LitInt>,
    pub(crate) dangers: Vec<DangerArg>,
    pub(crate) runtime: Option<Path>,
    /// Whether something could not be read: what seems to be missing may just be unreadable.
    pub(crate) incomplete: bool,
    given: Vec<Ident>,
}

/// A list in brackets.
pub(crate) struct List<T> {
    /// The brackets and what is in them.
    pub(crate) tokens: TokenStream,
    pub(crate) elements: Vec<T>,
}

/// An element of a list of origins.
pub(crate) struct OriginElement {
    pub(crate) tokens: TokenStream,
    pub(crate) value: OriginValue,
}

pub(crate) enum OriginValue {
    /// An origin or a pattern. The variable is that of `env!`, from which the text was taken.
    Text {
        text: String,
        variable: Option<LitStr>,
    },
    /// A `static` that decides at run time.
    Source(Path),
}

impl OriginElement {
    /// The variable of the build's environment that the origin was taken from.
    pub(crate) fn variable(&self) -> Option<&LitStr> {
        match &self.value {
            OriginValue::Text { variable, .. } => variable.as_ref(),
            OriginValue::Source(_) => None,
        }
    }
}

/// Where arguments stand.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// `#[cors(…)]`
    Attribute,
    /// `policy!(…)`, which has no methods and cannot be another policy.
    Policy,
}

impl Form {
    fn known(self) -> &'static [&'static str] {
        match self {
            Self::Attribute => &KNOWN,
            Self::Policy => &KNOWN[..KNOWN.len() - 1],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Attribute => "#[cors]",
            Self::Policy => "policy!",
        }
    }
}

/// `key = "reason"` in `danger(…)`.
pub(crate) struct DangerArg {
    pub(crate) key: Ident,
    pub(crate) reason: LitStr,
}

const KNOWN: [&str; 10] = [
    "origins",
    "credentials",
    "allow_headers",
    "expose_headers",
    "max_age",
    "dev_origins",
    "enforce",
    "danger",
    "crate",
    "methods",
];

/// Reads as much as can be read, and reports the rest.
pub(crate) fn parse(tokens: TokenStream, form: Form, report: &Report) -> Args {
    let parser = |input: ParseStream<'_>| {
        let mut args = Args::default();
        while !input.is_empty() {
            if args.argument(input, form, report).is_none() {
                args.incomplete = true;
                skip_to_comma(input);
            }
            if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                args.incomplete = true;
                report.add(
                    wording::invalid_value(
                        "cors",
                        "",
                        "its arguments separated by commas",
                        "origins = […], credentials",
                    ),
                    next_token(input),
                );
                skip_to_comma(input);
                let _ = input.parse::<Token![,]>();
            }
        }
        args.alone(report);
        Ok(args)
    };
    // The parser reads anything, so it does not fail.
    syn::parse::Parser::parse2(parser, tokens).unwrap_or_default()
}

impl Args {
    /// Reads one argument; `None` if it could not be read, after saying why.
    fn argument(&mut self, input: ParseStream<'_>, form: Form, report: &Report) -> Option<()> {
        if matches!(form, Form::Attribute)
            && let Some(path) = policy_path(input)
        {
            match &self.shared {
                None => self.shared = Some(path),
                Some(first) => report.add(
                    wording::duplicate_argument(
                        &path_text(&path),
                        &format!("`{}`", path_text(first)),
                    ),
                    path,
                ),
            }
            return Some(());
        }
        let Ok(key) = Ident::parse_any(input) else {
            let token = next_token(input);
            report.add(
                wording::unknown_argument(&token.to_string(), form.name(), form.known()),
                token,
            );
            return None;
        };
        let name = key.unraw().to_string();
        if name == "none" && matches!(form, Form::Attribute) {
            flag(&key, input, report)?;
            self.none = Some(key);
            return Some(());
        }
        if !form.known().contains(&name.as_str()) {
            // `max-age` is three tokens.
            let rest = if input.peek(Token![-]) {
                rest_of_key(&input.fork())
            } else {
                String::new()
            };
            report.add(
                wording::unknown_argument(&format!("{name}{rest}"), form.name(), form.known()),
                &key,
            );
            return None;
        }
        if let Some(first) = self.given.iter().find(|given| **given == key) {
            let line = first.span().unwrap().line();
            report.add(
                wording::duplicate_argument(&name, &format!("in line {line}")),
                &key,
            );
            skip_to_comma(input);
            return Some(());
        }
        self.given.push(key.clone());
        self.value(key, &name, input, report)?;
        // What follows a value up to the comma does not belong there.
        if !input.is_empty() && !input.peek(Token![,]) {
            let extra = next_token(input);
            report.add(
                wording::invalid_value(
                    &name,
                    &extra.to_string(),
                    "one value, and a comma after it",
                    &format!("{name}, …"),
                ),
                extra,
            );
            return None;
        }
        Some(())
    }

    /// Reads what follows a key.
    fn value(
        &mut self,
        key: Ident,
        name: &str,
        input: ParseStream<'_>,
        report: &Report,
    ) -> Option<()> {
        match name {
            "credentials" => {
                flag(&key, input, report)?;
                self.credentials = Some(key);
            }
            "enforce" => {
                flag(&key, input, report)?;
                self.enforce = Some(key);
            }
            "danger" => self.dangers = dangers(&key, input, report)?,
            "crate" => {
                const FORM: (&str, &str) = ("a path", "crate = ::my_crate::cors_runtime");
                let path = value(&key, input, report, FORM, |input| {
                    input.call(Path::parse_mod_style)
                })?;
                self.runtime = Some(path);
            }
            "max_age" => {
                const FORM: (&str, &str) = ("a number of seconds, without quotes", "max_age = 600");
                self.max_age = Some(value(&key, input, report, FORM, seconds)?);
            }
            "methods" => {
                self.methods = Some(names(&key, input, report, "methods = [\"PUT\"]")?);
            }
            "origins" => self.origins = Some(origins(&key, input, report)?),
            "dev_origins" => self.dev_origins = Some(origins(&key, input, report)?),
            "allow_headers" => {
                self.allow_headers = Some(names(
                    &key,
                    input,
                    report,
                    "allow_headers = [\"content-type\"]",
                )?);
            }
            _ => {
                self.expose_headers = Some(names(
                    &key,
                    input,
                    report,
                    "expose_headers = [\"x-total\"]",
                )?);
            }
        }
        Some(())
    }

    /// The key of an argument, if it was given.
    pub(crate) fn key(&self, name: &str) -> Option<&Ident> {
        self.given.iter().find(|key| **key == name)
    }

    /// `none` goes with nothing, and a shared policy with what does not belong to a policy.
    fn alone(&mut self, report: &Report) {
        if let (Some(none), true) = (&self.none, self.shared.is_some() || !self.given.is_empty()) {
            report.add(wording::beside_none(), none);
            self.incomplete = true;
        }
        if let Some(shared) = &self.shared {
            let stated = self
                .given
                .iter()
                .filter(|key| !["methods", "crate"].iter().any(|own| *key == own));
            for key in stated {
                report.add(
                    wording::beside_shared_policy(&key.unraw().to_string(), &path_text(shared)),
                    key,
                );
                self.incomplete = true;
            }
        }
    }
}

/// The path of a shared policy, which is told from a misspelt argument by its `::` or by its case.
fn policy_path(input: ParseStream<'_>) -> Option<Path> {
    let ahead = input.fork();
    let path = ahead.call(Path::parse_mod_style).ok()?;
    let is_static = path
        .get_ident()
        .is_none_or(|ident| !ident.to_string().contains(|c: char| c.is_ascii_lowercase()));
    let is_alone = ahead.is_empty() || ahead.peek(Token![,]);
    (is_static && is_alone).then(|| input.call(Path::parse_mod_style).ok())?
}

/// A path as it was written, but for white space and for a `self` that changes nothing.
pub(crate) fn path_text(path: &Path) -> String {
    let text = path.to_token_stream().to_string().replace(' ', "");
    text.strip_prefix("self::").unwrap_or(&text).to_owned()
}

/// An integer literal; a minus sign is not part of one.
fn seconds(input: ParseStream<'_>) -> syn::Result<LitInt> {
    if input.peek(Token![-]) {
        Err(input.error("negative"))
    } else {
        input.parse()
    }
}

fn flag(key: &Ident, input: ParseStream<'_>, report: &Report) -> Option<()> {
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
fn value<T>(
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
fn list<T>(
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

fn origins(key: &Ident, input: ParseStream<'_>, report: &Report) -> Option<List<OriginElement>> {
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

fn names(
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

fn dangers(key: &Ident, input: ParseStream<'_>, report: &Report) -> Option<Vec<DangerArg>> {
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
fn rest_of_key(input: ParseStream<'_>) -> String {
    let mut rest = String::new();
    while input.parse::<Token![-]>().is_ok() {
        let part = Ident::parse_any(input).map(|part| part.to_string());
        rest = format!("{rest}-{}", part.unwrap_or_default());
    }
    rest
}

/// The next token, without taking it.
fn next_token(input: ParseStream<'_>) -> TokenStream {
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

fn skip_to_comma(input: ParseStream<'_>) {
    rest_of_argument(input);
}
