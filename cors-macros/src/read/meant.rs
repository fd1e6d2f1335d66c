//! Messages that say what was most likely meant.

use cors_rules::{Danger, Pattern, Violation, closest, header, max_age, shown};
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{Ident, LitStr, Path};

use super::foreign::{self, ANY, Meaning, NO_CREDENTIALS};
use crate::args::Form;
use crate::tokens::{is_ident, is_punct, path_text, split_commas, split_path};
use crate::wording;

/// The surroundings of an argument that does not exist.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) form: Form,
    /// All arguments.
    pub(super) all: &'a TokenStream,
    /// `..BASE` is among them.
    pub(super) has_base: bool,
    /// Nothing else is given.
    pub(super) is_alone: bool,
}

/// An argument that does not exist; `rest` follows its name. Also tells whether the help replaces
/// the argument as a whole, or its name alone.
pub(super) fn unknown_argument(
    name: &str,
    rest: &TokenStream,
    given: Given<'_>,
) -> (Violation, bool) {
    let form = given.form;
    let violation =
        wording::unknown_argument(&shown(&name), &form.name(), &form.known().join("`, `"));
    match argument(name, rest, given) {
        Some((help, is_whole)) => (violation.help(help), is_whole),
        None => (violation, false),
    }
}

/// The help for an argument that does not exist, and whether it replaces the argument as a whole.
fn argument(name: &str, rest: &TokenStream, given: Given<'_>) -> Option<(String, bool)> {
    let Given {
        form,
        all,
        has_base,
        is_alone,
    } = given;
    let has = |name| all.clone().into_iter().any(|token| is_ident(&token, name));
    let text = rest.to_string();
    let value = text.trim_start_matches('=').trim();
    let is_path = syn::parse_str::<Path>(value).is_ok();
    let path = shown(&value.replace(' ', ""));
    let renamed = |meant: &str| match meant {
        "credentials" | "enforce" if !rest.is_empty() => (flag_help(meant, rest, has_base), true),
        _ => (format!("did you mean `{meant}`?"), false),
    };
    let whole = match foreign::meaning(name) {
        Some(Meaning::Argument(meant)) => return Some(renamed(meant)),
        Some(Meaning::Methods) if form == Form::ByHand => return Some(renamed("methods")),
        Some(Meaning::Methods) if form == Form::Policy => {
            "remove it: methods belong to a handler, and are stated there"
        }
        Some(Meaning::Methods) => "remove it: the route attribute states the method",
        Some(Meaning::Write(_)) if value == "false" && has_base => return None,
        Some(Meaning::Write(_)) if value == "false" => "remove it",
        Some(Meaning::Write(help)) if help.starts_with("`origins") && has("origins") => {
            if has("credentials") {
                "remove it: `origins` is given"
            } else {
                "remove it; or, to allow anyone, `origins = [\"*\"]` in place of the others"
            }
        }
        Some(Meaning::Write(ANY)) if has("credentials") => {
            "`origins = [\"https://app.example.com\"]`: cookies are for origins that are listed"
        }
        Some(Meaning::Help(NO_CREDENTIALS)) if has_base => "`credentials = false`",
        Some(Meaning::Write(help) | Meaning::Help(help)) => help,
        Some(Meaning::Policy) if text.starts_with('!') => {
            "write the arguments of `policy!` here; or name a policy by the path of its `static`"
        }
        Some(Meaning::Policy) if is_path && form.is_attribute() && is_alone => {
            return Some((format!("`{path}`"), true));
        }
        Some(Meaning::Policy | Meaning::Base) if is_path && has_base => {
            "remove it: a policy has one base"
        }
        Some(Meaning::Policy | Meaning::Base) if is_path => {
            return Some((format!("`..{path}` as the last argument"), true));
        }
        _ => {
            if let Some(meant) = closest(name, form.known()) {
                return Some(renamed(meant));
            }
            if Danger::from_key(name).is_some() {
                let is_text = value.starts_with('"');
                let reason = shown(if is_text { &value } else { &"\"…\"" });
                return Some((format!("`danger({name} = {reason})`"), true));
            }
            let is_word = name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                && syn::parse_str::<Ident>(name).is_ok();
            let is_value =
                ["true", "false", "yes", "no", "on", "off", "all", "any"].contains(&name);
            let is_policy = is_word && !is_value && is_alone && rest.is_empty();
            return (form.is_attribute() && is_policy).then(|| {
                let name = shown(&name);
                let help = format!(
                    "a shared policy is named by a path with `::`, or in capitals: `self::{name}`"
                );
                (help, false)
            });
        }
    };
    Some((whole.to_owned(), true))
}

/// The help for a value that is more than a path: `"crate::API"`, `(crate::API)`, `&crate::API`.
pub(super) fn configured(value: &TokenStream) -> String {
    let path = path_in(value).unwrap_or_else(|| "crate::API".to_owned());
    format!("`configured = {}`", shown(&path))
}

/// The path in a value that is more than a path.
fn path_in(value: &TokenStream) -> Option<String> {
    let text = value.to_string().replace(' ', "");
    let path = text.trim_matches(|c: char| "=&()[]\"".contains(c));
    let path = path
        .strip_prefix(':')
        .filter(|rest| !rest.starts_with(':'))
        .unwrap_or(path);
    let is_path = Path::parse_mod_style.parse_str(path).is_ok();
    is_path.then(|| path.to_owned())
}

/// Something that is no argument at all; `all` is everything up to the next comma.
pub(super) fn unknown_token(token: &TokenStream, all: &TokenStream, form: Form) -> Violation {
    let token = shown(token);
    let violation = wording::unknown_argument(&token, &form.name(), &form.known().join("`, `"));
    let all = shown(&all.to_string().replace(' ', ""));
    match all.strip_prefix('&') {
        Some(path) if form.is_attribute() && !path.is_empty() => {
            violation.help(format!("a shared policy is named without `&`: `{path}`"))
        }
        _ if is_origin(&token) => violation.help(format!("`origins = [{token}]`")),
        _ if token.starts_with('[') && token.contains('"') => {
            violation.help(format!("`origins = {token}`"))
        }
        _ => violation,
    }
}

/// The values that an argument takes, and an example of it.
fn expected(name: &str) -> (&'static str, &'static str) {
    const ORIGINS: &str = "a list of origins in quotes";
    const NAMES: &str = "a list of names in quotes";
    match name {
        "crate" => ("a path", "crate = ::my_crate::cors_runtime"),
        "max_age" => ("a number of seconds", "max_age = 600"),
        "origins" => (ORIGINS, "origins = [\"https://app.example.com\"]"),
        "dev_origins" => (ORIGINS, "dev_origins = [\"https://app.example.com\"]"),
        "methods" => (NAMES, "methods = [\"PUT\"]"),
        "allow_headers" => (NAMES, "allow_headers = [\"content-type\"]"),
        _ => (NAMES, "expose_headers = [\"x-total\"]"),
    }
}

/// A value, or an element of a list, of another kind than the argument takes. The help is what it
/// most likely means, in the form that it replaces.
pub(super) fn invalid_value(name: &str, found: &TokenStream, is_element: bool) -> Violation {
    let is_origins = name == "origins" || name == "dev_origins";
    let text = found.to_string();
    let compact = text.replace(' ', "");
    if is_origins && compact.contains("env::var") {
        return wording::run_time_variable(&name);
    }
    if is_origins && (text.starts_with('|') || text.starts_with("move") || text.contains("Regex")) {
        return wording::run_time_origin(&name);
    }
    let meant = if is_origins && compact.ends_with("::") {
        Some(vec![format!("{compact}TENANTS")])
    } else {
        elements(name, found).filter(|elements| !elements.is_empty())
    };
    let (expected, example) = expected(name);
    if name == "crate"
        && let Some(path) = path_in(found)
    {
        return wording::invalid_value(&name, &expected, &format!("crate = {path}"));
    }
    let help = match (example.split_once('['), meant) {
        (Some(_), Some(elements)) if is_element => elements.join(", "),
        (Some((start, _)), Some(elements)) => format!("{start}[{}]", elements.join(", ")),
        (Some((_, element)), None) if is_element => element.trim_end_matches(']').to_owned(),
        _ => example.to_owned(),
    };
    wording::invalid_value(&name, &expected, &help)
}

/// The elements that code of another form most likely means: `vec!["…"]`, `"a, b"`, a path alone.
pub(super) fn elements(key: &str, tokens: &TokenStream) -> Option<Vec<String>> {
    let is_origins = key == "origins" || key == "dev_origins";
    let mut rest = tokens.clone().into_iter().peekable();
    while rest
        .next_if(|token| ['&', '*', ':'].iter().any(|c| is_punct(token, *c)))
        .is_some()
    {}
    match rest.peek()? {
        TokenTree::Group(group) => {
            let pieces = split_commas(group.stream()).into_iter();
            let pieces: Option<Vec<_>> = pieces.map(|piece| elements(key, &piece)).collect();
            return Some(pieces?.concat());
        }
        TokenTree::Literal(literal) => {
            let literal: LitStr = syn::parse2(TokenTree::from(literal.clone()).into()).ok()?;
            return Some(strings(key, &literal.value()));
        }
        _ => {}
    }
    let (path, rest) = split_path(rest.collect())?;
    let text = path_text(&path);
    let mut after = rest.into_iter();
    let last = path.segments.last()?.ident.to_string();
    if last.eq_ignore_ascii_case("any") && key != "methods" {
        return Some(vec!["\"*\"".to_owned()]);
    }
    match after.next() {
        Some(token) if is_punct(&token, '!') => match (last.as_str(), after.next()) {
            ("env", Some(_)) if is_origins => Some(vec![tokens.to_string().replace(' ', "")]),
            ("vec", Some(TokenTree::Group(group))) => elements(key, &TokenTree::from(group).into()),
            _ => None,
        },
        // `Some("…")`, `String::from("…")`
        Some(TokenTree::Group(group)) => elements(key, &TokenTree::from(group).into()),
        Some(_) => None,
        None if is_origins => {
            let is_static = !last.contains(|c: char| c.is_ascii_lowercase());
            is_static.then(|| vec![text])
        }
        None if last.contains(|c: char| c.is_ascii_lowercase()) => None,
        None if key == "methods" => {
            cors_rules::method::is_standard(&last).then(|| vec![format!("{last:?}")])
        }
        None => {
            let name = last.to_ascii_lowercase().replace('_', "-");
            (path.segments.len() > 1 && header::is_valid(&name)).then(|| vec![format!("{name:?}")])
        }
    }
}

/// The strings in one that holds several.
fn strings(list: &str, text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    let parts = parts.filter(|part| !part.is_empty());
    parts
        .map(|part| match list {
            "methods" => format!("{:?}", part.to_ascii_uppercase()),
            _ => format!("{part:?}"),
        })
        .collect()
}

/// True if a policy can have this literal for its origins.
fn is_origin(literal: &str) -> bool {
    syn::parse_str::<LitStr>(literal).is_ok_and(|literal| {
        let text = literal.value();
        let is_secure = |pattern: Pattern<'_>| pattern.is_exact() && pattern.scheme == "https";
        text == "*" || Pattern::parse(&text).is_ok_and(is_secure)
    })
}

pub(super) fn invalid_seconds(found: &str) -> Violation {
    let expected = "a number of seconds, without a sign, a unit or quotes";
    let meant = seconds(found).unwrap_or(600).min(max_age::MOST);
    wording::invalid_value(&"max_age", &expected, &format!("max_age = {meant}"))
}

/// The seconds that a product, a text, or a number with a unit or a type stands for.
fn seconds(found: &str) -> Option<u64> {
    let compact = found.replace(' ', "");
    let durations = [
        ("from_secs(", 1),
        ("from_mins(", 60),
        ("from_minutes(", 60),
        ("from_hours(", 3_600),
        ("from_days(", 86_400),
        ("seconds(", 1),
        ("minutes(", 60),
        ("hours(", 3_600),
        ("days(", 86_400),
    ];
    for (call, unit) in durations {
        if let Some((_, argument)) = compact.split_once(call) {
            return seconds(argument.strip_suffix(')')?)?.checked_mul(unit);
        }
    }
    let found = compact.strip_prefix("Some").unwrap_or(&compact);
    found.split('*').try_fold(1, |product: u64, factor| {
        let factor = factor.trim_matches(['"', '(', ')', ' ']);
        let is_digit = |c: char| c.is_ascii_digit() || c == '_';
        let (digits, unit) = factor.split_at(factor.find(|c| !is_digit(c)).unwrap_or(factor.len()));
        let unit = match unit {
            "" => 1,
            suffix if suffix.starts_with(['u', 'i']) => 1,
            ".0" | "f32" | "f64" => 1,
            unit => seconds_in(unit)?,
        };
        let number: u64 = digits.replace('_', "").parse().ok()?;
        product.checked_mul(number.checked_mul(unit)?)
    })
}

/// The seconds in a unit of time.
pub(super) fn seconds_in(unit: &str) -> Option<u64> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(3_600),
        "d" | "day" | "days" => Some(86_400),
        _ => None,
    }
}

pub(super) fn flag_with_value(name: &str, found: &TokenStream, has_base: bool) -> Violation {
    let violation = if has_base {
        wording::flag_beside_base(&name)
    } else {
        wording::flag_with_value(&name)
    };
    violation.help(flag_help(name, found, has_base))
}

/// The flag; or, in place of one that is off, nothing or what takes it away from the base.
fn flag_help(name: &str, value: &TokenStream, has_base: bool) -> String {
    let value = value.to_string();
    let is_off = ["false", "0", "no", "off", "None"]
        .contains(&value.trim_matches(|c: char| !c.is_alphanumeric()));
    if is_off && has_base {
        format!("`{name} = false`")
    } else if is_off {
        format!("leave `{name}` out")
    } else {
        format!("`{name}`")
    }
}

fn danger_keys() -> [&'static str; Danger::ALL.len()] {
    Danger::ALL.map(Danger::key)
}

pub(super) fn invalid_danger() -> Violation {
    wording::invalid_danger(&danger_keys().join("`, `"))
}

pub(super) fn unknown_danger(key: &str) -> Violation {
    let violation = wording::unknown_danger(&shown(&key), &danger_keys().join("`, `"));
    if key.contains("any") || key.contains("all") || key.contains("wildcard") {
        return violation.help("did you mean `reflect_any_origin`?");
    }
    let starts_with = || {
        danger_keys()
            .into_iter()
            .find(|known| known.starts_with(key))
    };
    match closest(key, &danger_keys()).or_else(starts_with) {
        Some(meant) => violation.help(format!("did you mean `{meant}`?")),
        None => violation,
    }
}
