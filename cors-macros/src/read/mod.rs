//! Reads arguments: as much as can be read, and a report of the rest.

mod foreign;
mod meant;
mod value;

use cors_rules::shown;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Path, Token};

use self::meant::Given;
use self::value::{Value, next_token, rest_of_argument};
use crate::args::{Args, Form};
use crate::report::Report;
use crate::tokens::{is_punct, name, path_text, whereabouts};
use crate::wording;

/// Reads the arguments.
pub(crate) fn arguments(tokens: TokenStream, form: Form, report: &Report) -> Args {
    // Later arguments can change the help for earlier ones.
    let mut after_dot = false;
    let has_base = tokens.clone().into_iter().any(|token| {
        let is_dot = is_punct(&token, '.');
        std::mem::replace(&mut after_dot, is_dot) && is_dot
    });
    let all = tokens.clone();
    let parser = |input: ParseStream<'_>| {
        let mut reader = Reader {
            args: Args::default(),
            form,
            all: &all,
            has_base,
            report,
        };
        while !input.is_empty() {
            if reader.argument(input).is_none() {
                reader.args.incomplete = true;
                rest_of_argument(input);
            }
            let _ = input.parse::<Option<Token![,]>>();
        }
        reader.check_exclusive();
        Ok(reader.args)
    };
    // The parser takes anything, so it does not fail.
    parser.parse2(tokens).unwrap_or_default()
}

struct Reader<'a> {
    args: Args,
    form: Form,
    /// All arguments.
    all: &'a TokenStream,
    /// `..BASE` is among them.
    has_base: bool,
    report: &'a Report,
}

impl Reader<'_> {
    /// Reads one argument; `None` if it could not be read, after saying why.
    fn argument(&mut self, input: ParseStream<'_>) -> Option<()> {
        if input.peek(Token![..]) {
            return self.base(input);
        }
        if let Some(path) = policy_path(input) {
            self.shared(path);
            return Some(());
        }
        if input.peek(Ident::peek_any) && input.peek2(Token![::]) {
            let path = rest_of_argument(input);
            let text = path.to_string().replace(' ', "");
            if text.ends_with("::") {
                self.report.add(wording::half_path(&shown(&text)), path);
            } else {
                let violation = meant::unknown_token(&path, &path, self.form);
                self.report.add(violation, path);
            }
            return None;
        }
        let Ok(key) = input.call(Ident::parse_any) else {
            let token = next_token(input);
            let all = rest_of_argument(&input.fork());
            let violation = meant::unknown_token(&token, &all, self.form);
            self.report.add(violation, token);
            return None;
        };
        let name = name(&key);
        if !self.form.reads(&name) {
            let ahead = input.fork();
            let parts = rest_of_key(&ahead);
            let whole = format!("{name}{}", parts.to_string().replace(' ', ""));
            let rest = rest_of_argument(&ahead);
            let is_alone = self.args.given.is_empty() && !self.args.incomplete && ahead.is_empty();
            let given = Given {
                form: self.form,
                all: self.all,
                has_base: self.has_base,
                is_alone,
            };
            let (violation, is_whole) = meant::unknown_argument(&whole, &rest, given);
            self.args.unread_danger |= cors_rules::Danger::from_key(&whole).is_some();
            let rest = is_whole.then_some(rest);
            self.report.add(violation, quote!(#key #parts #rest));
            return None;
        }
        if let Some(first) = self.args.key(&name).cloned() {
            if name == "danger" {
                return self.another_danger(&key, &first, input);
            }
            let violation = wording::duplicate_argument(&name, &whereabouts(&first));
            self.report.add(violation, &key);
            rest_of_argument(input);
            return Some(());
        }
        self.args.given.push(key.clone());
        let read = self.value(&key, &name, input);
        if read.is_some() && !input.is_empty() && !input.peek(Token![,]) {
            self.trailing_tokens(&name, input);
        }
        read
    }

    /// Reads a further `danger(…)`, as if the first had held it.
    fn another_danger(&mut self, key: &Ident, first: &Ident, input: ParseStream<'_>) -> Option<()> {
        let rest = rest_of_argument(&input.fork());
        self.value(key, "danger", input)?;
        let entries = self.args.dangers.iter();
        let entries: Vec<_> = entries
            .map(|arg| format!("{} = {:?}", arg.danger.key(), arg.text))
            .collect();
        let both = format!("danger({})", entries.join(", "));
        let violation = wording::several_dangers(&whereabouts(first), &both);
        self.refuse(violation, quote!(#key #rest));
        Some(())
    }

    /// Reads `..BASE`, which ends the arguments.
    fn base(&mut self, input: ParseStream<'_>) -> Option<()> {
        let dots = input.parse::<Token![..]>().ok()?;
        let ahead = input.fork();
        let Ok(path) = ahead.call(Path::parse_mod_style) else {
            let found = rest_of_argument(input);
            let mut meant = found.to_string().replace(['&', ' '], "");
            if meant.ends_with("::") {
                meant.push_str("PARTNERS");
            } else if syn::parse_str::<Path>(&meant).is_err() {
                meant = String::from("PARTNERS");
            }
            let violation = wording::invalid_base(&shown(&meant));
            self.report.add(violation, quote!(#dots #found));
            return None;
        };
        input.advance_to(&ahead);
        if !input.is_empty() {
            self.refuse(wording::base_not_last(&path_text(&path)), &path);
        }
        self.args.base = Some(path);
        self.args.dots = Some(dots.spans[0]);
        Some(())
    }

    /// Takes the path of a shared policy.
    fn shared(&mut self, path: Path) {
        let text = path_text(&path);
        if !self.form.is_attribute() {
            self.refuse(wording::policy_of_policy(&text), path);
        } else if let Some(first) = &self.args.shared {
            let first = format!("`{}`", path_text(first));
            let violation = wording::duplicate_argument(&text, &first);
            self.report.add(violation, path);
        } else {
            self.args.shared = Some(path);
        }
    }

    /// Reports something that makes the arguments incomplete.
    fn refuse(&mut self, violation: cors_rules::Violation, culprit: impl ToTokens) {
        self.report.add(violation, culprit);
        self.args.incomplete = true;
    }

    /// Reads on after a value: with another argument, if a comma was forgotten.
    fn trailing_tokens(&mut self, name: &str, input: ParseStream<'_>) {
        let token = next_token(input);
        let next = token.to_string();
        if self.form.reads(&next) {
            self.refuse(wording::missing_comma(&next, &"arguments"), token);
            if self.argument(input).is_some() {
                return;
            }
        } else {
            self.refuse(wording::trailing_tokens(&shown(&next), &name), token);
        }
        rest_of_argument(input);
    }

    /// Reads the value of a key.
    fn value(&mut self, key: &Ident, name: &str, input: ParseStream<'_>) -> Option<()> {
        let value = Value {
            key,
            name,
            input,
            has_base: self.has_base,
            report: self.report,
        };
        let args = &mut self.args;
        if (name == "credentials" || name == "enforce")
            && let Some(off) = value.off()
        {
            args.off.push((key.clone(), off));
            return Some(());
        }
        match name {
            "none" => args.none = Some(value.flag()?),
            "credentials" => args.credentials = Some(value.flag()?),
            "enforce" => args.enforce = Some(value.flag()?),
            "danger" => {
                let dangers = value.dangers();
                args.unread_danger |= dangers.is_none();
                args.dangers.extend(dangers?);
            }
            "configured" => args.configured = Some(value.configured()?),
            "crate" => args.runtime = Some(value.path()?),
            "max_age" => args.max_age = Some(value.seconds()?),
            "methods" => args.methods = Some(value.names()?),
            "origins" => args.origins = Some(value.origins()?),
            "dev_origins" => args.dev_origins = Some(value.origins()?),
            "allow_headers" => args.allow_headers = Some(value.names()?),
            _ => args.expose_headers = Some(value.names()?),
        }
        Some(())
    }

    /// Refuses arguments that exclude each other. `none` goes with `enforce` alone, and a shared
    /// policy with nothing. `methods` and `crate` are not part of a policy, and go with both.
    fn check_exclusive(&mut self) {
        if self.args.key("configured").is_some() {
            return self.check_beside_configured();
        }
        if self.args.base.is_none() {
            for (key, off) in std::mem::take(&mut self.args.off) {
                let violation = meant::flag_with_value(&name(&key), &off, false);
                self.refuse(violation, quote!(#key #off));
            }
            if let Some(key) = self.args.key("danger").cloned()
                && self.args.dangers.is_empty()
                && !self.args.unread_danger
            {
                self.refuse(meant::invalid_danger().help("leave `danger` out"), key);
            }
        } else if self.args.origins.is_none()
            && self.args.dev_origins.is_some()
            && let Some(key) = self.args.key("dev_origins").cloned()
        {
            self.refuse(wording::dev_origins_without_origins(), key);
        }
        let args = &self.args;
        let mut stated = args.given.clone();
        stated.retain(|key| !["none", "methods", "crate"].contains(&&*name(key)));
        let other_policy = args.shared.clone().or(args.base.clone());
        if let Some(none) = args.none.clone() {
            if other_policy.is_some() || stated.iter().any(|key| name(key) != "enforce") {
                self.refuse(wording::beside_none(), none);
            }
        } else if let (Some(shared), Some(base)) = (&args.shared, args.base.clone()) {
            let first = format!("`{}`", path_text(shared));
            self.refuse(wording::duplicate_argument(&path_text(&base), &first), base);
        } else if let Some(shared) = args.shared.as_ref().map(path_text) {
            for key in stated {
                self.refuse(wording::beside_shared_policy(&name(&key), &shared), key);
            }
        }
    }

    /// Nothing else states a policy that is set when the program starts.
    fn check_beside_configured(&mut self) {
        let Self { args, report, .. } = self;
        for key in &args.given {
            let violation = match &*name(key) {
                "configured" | "methods" | "crate" => continue,
                "none" => wording::none_beside_configured(),
                "dev_origins" => wording::beside_configured(&"dev_origins", &"origins"),
                other => wording::beside_configured(&other, &other),
            };
            report.add(violation, key);
            args.incomplete = true;
        }
        for path in [&args.shared, &args.base].into_iter().flatten() {
            report.add(wording::policy_beside_configured(&path_text(path)), path);
            args.incomplete = true;
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

/// The parts of a name with hyphens after its first part.
fn rest_of_key(input: ParseStream<'_>) -> TokenStream {
    let mut rest = TokenStream::new();
    while let Ok(hyphen) = input.parse::<Token![-]>() {
        hyphen.to_tokens(&mut rest);
        rest.extend(input.call(Ident::parse_any).map(Ident::into_token_stream));
    }
    rest
}
