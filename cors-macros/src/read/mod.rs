//! Reads arguments: as much as can be read, and a report of the rest.

mod value;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Path, Token};

use self::value::{Value, next_token, rest_of_argument};
use crate::args::Args;
use crate::report::Report;
use crate::tokens::{name, path_text, whereabouts};
use crate::wording;

/// Where arguments stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `#[cors(…)]` above a route attribute.
    Routed,
    /// `#[cors(…)]` above a function without one.
    ByHand,
    /// `#[cors(…)]` above a module.
    Module,
    /// `policy!(…)`, which has no methods and cannot be another policy.
    Policy,
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

impl Form {
    /// The names of the arguments that it takes.
    pub(crate) fn known(self) -> &'static [&'static str] {
        match self {
            Self::ByHand => &KNOWN,
            // `methods` has an error of its own at an attribute.
            Self::Routed | Self::Module | Self::Policy => &KNOWN[..KNOWN.len() - 1],
        }
    }

    pub(crate) fn is_attribute(self) -> bool {
        self != Self::Policy
    }

    pub(crate) fn name(self) -> &'static str {
        if self.is_attribute() {
            "#[cors]"
        } else {
            "policy!"
        }
    }
}

/// Reads the arguments.
pub(crate) fn arguments(tokens: TokenStream, form: Form, report: &Report) -> Args {
    let parser = |input: ParseStream<'_>| {
        let mut reader = Reader {
            args: Args::default(),
            form,
            report,
        };
        while !input.is_empty() {
            if reader.argument(input).is_none() {
                reader.args.incomplete = true;
                rest_of_argument(input);
            }
            let _ = input.parse::<Option<Token![,]>>();
        }
        reader.alone();
        Ok(reader.args)
    };
    // The parser takes anything, so it does not fail.
    parser.parse2(tokens).unwrap_or_default()
}

struct Reader<'a> {
    args: Args,
    form: Form,
    report: &'a Report,
}

impl Reader<'_> {
    /// Reads `..BASE`, which ends the arguments.
    fn base(&mut self, input: ParseStream<'_>) -> Option<()> {
        let dots = input.parse::<Token![..]>().ok()?;
        let Ok(path) = input.call(Path::parse_mod_style) else {
            let rest = rest_of_argument(input);
            let culprit = if rest.is_empty() {
                dots.into_token_stream()
            } else {
                rest.clone()
            };
            self.report
                .add(wording::invalid_base(&rest.to_string()), culprit);
            return None;
        };
        if !input.is_empty() {
            self.report
                .add(wording::base_not_last(&path_text(&path)), &path);
            self.args.incomplete = true;
        }
        self.args.base = Some(path);
        Some(())
    }

    /// Reads one argument; `None` if it could not be read, after saying why.
    fn argument(&mut self, input: ParseStream<'_>) -> Option<()> {
        if input.peek(Token![..]) {
            return self.base(input);
        }
        if let Some(path) = policy_path(input) {
            if !self.form.is_attribute() {
                let violation = wording::policy_of_policy(&path_text(&path));
                self.report.add(violation, path);
                self.args.incomplete = true;
                return Some(());
            }
            match &self.args.shared {
                None => self.args.shared = Some(path),
                Some(first) => {
                    let first = format!("`{}`", path_text(first));
                    self.report
                        .add(wording::duplicate_argument(&path_text(&path), &first), path);
                }
            }
            return Some(());
        }
        let Ok(key) = input.call(Ident::parse_any) else {
            let token = next_token(input);
            let all = rest_of_argument(&input.fork());
            self.report
                .add(wording::unknown_token(&token, &all, self.form), token);
            return None;
        };
        let name = name(&key);
        if name == "none" {
            Value::new(&key, input, self.report).flag()?;
            if let Some(first) = &self.args.none {
                let violation = wording::duplicate_argument(&name, &whereabouts(first));
                self.report.add(violation, key);
            } else {
                self.args.none = Some(key);
            }
            return Some(());
        }
        if !KNOWN.contains(&name.as_str()) || (name == "methods" && !self.form.is_attribute()) {
            let all = format!("{name}{}", rest_of_key(&input.fork()));
            let rest = rest_of_argument(&input.fork());
            self.report
                .add(wording::unknown_argument(&all, &rest, self.form), &key);
            return None;
        }
        if let Some(first) = self.args.key(&name) {
            self.report.add(
                wording::duplicate_argument(&name, &whereabouts(first)),
                &key,
            );
            rest_of_argument(input);
            return Some(());
        }
        self.args.given.push(key.clone());
        let read = self.value(&key, &name, input);
        if read.is_some() && !input.is_empty() && !input.peek(Token![,]) {
            self.extra(&name, input);
        }
        read
    }

    /// What follows a value: another argument, if a comma was forgotten.
    fn extra(&mut self, name: &str, input: ParseStream<'_>) {
        let token = next_token(input);
        let next = token.to_string();
        if KNOWN.contains(&next.as_str()) {
            self.report.add(wording::missing_comma(&next), token);
            self.args.incomplete = true;
            if self.argument(input).is_some() {
                return;
            }
        } else {
            self.report.add(wording::extra_tokens(name, &next), token);
            self.args.incomplete = true;
        }
        rest_of_argument(input);
    }

    /// Reads what follows a key.
    fn value(&mut self, key: &Ident, name: &str, input: ParseStream<'_>) -> Option<()> {
        let value = Value::new(key, input, self.report);
        let args = &mut self.args;
        match name {
            "credentials" | "enforce" if value.is_off() => args.off.push(key.clone()),
            "credentials" => {
                value.flag()?;
                args.credentials = Some(key.clone());
            }
            "enforce" => {
                value.flag()?;
                args.enforce = Some(key.clone());
            }
            "danger" => args.dangers = value.dangers()?,
            "crate" => args.runtime = Some(value.path()?),
            "max_age" => args.max_age = Some(value.seconds()?),
            "methods" => args.methods = Some(value.names("methods = [\"PUT\"]")?),
            "origins" => args.origins = Some(value.origins()?),
            "dev_origins" => args.dev_origins = Some(value.origins()?),
            "allow_headers" => {
                args.allow_headers = Some(value.names("allow_headers = [\"content-type\"]")?);
            }
            _ => args.expose_headers = Some(value.names("expose_headers = [\"x-total\"]")?),
        }
        Some(())
    }

    /// `none` goes with `enforce` alone, and a shared policy with nothing. What does not belong to a
    /// policy goes with both.
    fn alone(&mut self) {
        let args = &mut self.args;
        if args.base.is_none() {
            for key in std::mem::take(&mut args.off) {
                self.report
                    .add(wording::flag_with_value(&name(&key), "= false"), key);
                args.incomplete = true;
            }
        } else if let (Some(_), None) = (&args.dev_origins, &args.origins)
            && let Some(key) = args.key("dev_origins")
        {
            self.report.add(wording::dev_origins_without_origins(), key);
            args.incomplete = true;
        }
        let belongs_to_policy = |key: &&Ident| !["methods", "crate"].contains(&name(key).as_str());
        let stated: Vec<_> = args
            .given
            .iter()
            .filter(belongs_to_policy)
            .cloned()
            .collect();
        if let Some(none) = &args.none
            && (args.shared.is_some()
                || args.base.is_some()
                || stated.iter().any(|key| name(key) != "enforce"))
        {
            self.report.add(wording::beside_none(), none);
            args.incomplete = true;
        } else if let (Some(shared), Some(base)) = (&args.shared, &args.base) {
            let first = format!("`{}`", path_text(shared));
            self.report
                .add(wording::duplicate_argument(&path_text(base), &first), base);
            args.incomplete = true;
        } else if let Some(shared) = &args.shared {
            for key in stated {
                let violation = wording::beside_shared_policy(&name(&key), &path_text(shared));
                self.report.add(violation, key);
                args.incomplete = true;
            }
        }
    }
}

/// The path of a shared policy. Its `::` or its case tells it from a misspelt argument.
fn policy_path(input: ParseStream<'_>) -> Option<Path> {
    if input.peek2(Token![=]) {
        return None; // most arguments, which need not be read twice
    }
    let ahead = input.fork();
    let path = ahead.call(Path::parse_mod_style).ok()?;
    let is_static = (path.get_ident())
        .is_none_or(|ident| !ident.to_string().contains(|c: char| c.is_ascii_lowercase()));
    let is_alone = ahead.is_empty() || ahead.peek(Token![,]);
    (is_static && is_alone).then(|| input.call(Path::parse_mod_style).ok())?
}

/// What of a name with hyphens follows its first part.
fn rest_of_key(input: ParseStream<'_>) -> String {
    let mut rest = String::new();
    while input.parse::<Token![-]>().is_ok() {
        let part = input
            .call(Ident::parse_any)
            .map(|part| part.to_token_stream().to_string());
        rest = format!("{rest}-{}", part.unwrap_or_default());
    }
    rest
}
