//! Messages that say what was most likely meant.

use cors_rules::{Danger, Pattern, Violation, closest, header, max_age};
use proc_macro2::TokenStream;
use syn::LitStr;

use crate::args::Form;
use crate::wording::{self, shown};

/// An argument that does not exist; `rest` follows its name.
pub(super) fn unknown_argument(name: &str, rest: &TokenStream, form: Form) -> Violation {
    let known = form.known();
    let violation = wording::unknown_argument(&shown(&name), &form.name(), &known.join("`, `"));
    // Names in other libraries.
    let foreign = match name {
        "allowed_origin" | "allowed_origins" | "allow_origin" | "allow_origins" => Some("origins"),
        "supports_credentials" | "allow_credentials" => Some("credentials"),
        "allowed_header" | "allowed_headers" | "headers" => Some("allow_headers"),
        "exposed_headers" => Some("expose_headers"),
        "block_on_origin_mismatch" => Some("enforce"),
        "None" => Some("none"),
        "vary" | "vary_header" | "disable_vary_header" => {
            return violation.help(
                "remove it: without `Vary: Origin`, a cache hands one origin's response to another",
            );
        }
        "methods" | "method" | "allowed_methods" | "allow_methods" => match form {
            Form::ByHand => Some("methods"),
            Form::Policy => {
                return violation
                    .help("remove it: methods belong to a handler, and are stated there");
            }
            Form::Routed | Form::Module => {
                return violation.help("remove it: the route attribute states the method");
            }
        },
        "policy" if rest.to_string().starts_with('!') => {
            return violation.help("write the arguments of `policy!` here; or name a policy by the path of its `static`");
        }
        _ => None,
    };
    let is_word = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    match foreign.or_else(|| closest(name, known)) {
        Some(meant) => violation.help(format!("did you mean `{meant}`?")),
        None if form.is_attribute() && is_word && rest.is_empty() => violation.help(format!(
            "a shared policy is named by a path with `::`, or in capitals: `self::{}`",
            shown(&name)
        )),
        None => violation,
    }
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
        _ if is_element("origins", &token) => violation.help(format!("`origins = [{token}]`")),
        _ => violation,
    }
}

/// A value, or an element of a list, of another kind than the argument takes.
pub(super) fn invalid_value(name: &str, found: &str, expected: &str, example: &str) -> Violation {
    let is_origins = name == "origins" || name == "dev_origins";
    if is_origins && found.replace(' ', "").contains("env::var") {
        return wording::run_time_variable(&name);
    }
    match example.split_once('[') {
        Some((start, _)) if is_element(name, found) => {
            wording::invalid_value(&name, &expected, &format!("{start}[{found}]"))
        }
        _ => wording::invalid_value(&name, &expected, &example),
    }
}

/// True if a list takes this literal in every policy.
fn is_element(list: &str, literal: &str) -> bool {
    let Ok(literal) = syn::parse_str::<LitStr>(literal) else {
        return false;
    };
    let text = &*literal.value();
    match list {
        "origins" | "dev_origins" => Pattern::parse(text)
            .is_ok_and(|pattern| pattern.is_exact() && pattern.scheme == "https"),
        "methods" => cors_rules::check_methods(&[text]).is_empty(),
        _ => header::is_valid(text) && text != "*",
    }
}

pub(super) fn invalid_seconds(found: &str) -> Violation {
    wording::invalid_seconds(&seconds(found).unwrap_or(600).min(max_age::MOST))
}

/// The seconds that a product, a text, or a number with a unit or a type stands for.
fn seconds(found: &str) -> Option<u64> {
    found.split('*').try_fold(1, |product: u64, factor| {
        let factor = factor.trim_matches(['"', '(', ')', ' ']);
        let is_digit = |c: char| c.is_ascii_digit() || c == '_';
        let (digits, unit) = factor.split_at(factor.find(|c| !is_digit(c)).unwrap_or(factor.len()));
        let unit = match unit {
            "" | "s" => 1,
            "m" | "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            integer if integer.starts_with(['u', 'i']) => 1,
            _ => return None,
        };
        let number: u64 = digits.replace('_', "").parse().ok()?;
        product.checked_mul(number.checked_mul(unit)?)
    })
}

pub(super) fn flag_with_value(name: &str, found: &TokenStream) -> Violation {
    let violation = wording::flag_with_value(&name);
    match found.to_string().trim_start_matches('=').trim() {
        "false" => violation.help(format!("leave `{name}` out")),
        _ => violation.help(format!("`{name}`")),
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
    match closest(key, &danger_keys()) {
        Some(meant) => violation.help(format!("did you mean `{meant}`?")),
        None => violation,
    }
}
