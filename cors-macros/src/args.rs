//! The arguments of `#[cors]` and `policy!`, as they are written.

use cors_rules::wording;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitInt, LitStr, Path, Token};

use crate::read::{
    dangers, flag, names, next_token, origins, rest_of_key, seconds, skip_to_comma, value,
};
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
