use cors_rules::{Danger, Pattern, Rule, Violation, closest, header, max_age};
use proc_macro2::TokenStream;
use syn::LitStr;

use super::{shown, violation};
use crate::read::Form;

const WRITTEN_OUT: &str =
    "the policy is checked at compile time, so its values are written out here";

fn known(form: Form) -> String {
    format!("its arguments are `{}`", form.known().join("`, `"))
}

/// An argument that does not exist; `rest` is what follows its name.
pub(crate) fn unknown_argument(name: &str, rest: &TokenStream, form: Form) -> Violation {
    let shown_name = shown(name);
    let violation = violation(
        Rule::UnknownArgument,
        &shown_name,
        format!("`{shown_name}` is not an argument of `{}`", form.name()),
        known(form),
    );
    // What other libraries call it.
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
    match foreign.or_else(|| closest(name, form.known())) {
        Some(meant) => violation.help(format!("did you mean `{meant}`?")),
        None if form.is_attribute() && is_word && rest.is_empty() => violation.help(format!(
            "a shared policy is named by a path with `::`, or in capitals: `self::{shown_name}`"
        )),
        None => violation,
    }
}

/// Something that is no argument at all; `all` is everything up to the next comma.
pub(crate) fn unknown_token(token: &TokenStream, all: &TokenStream, form: Form) -> Violation {
    let token = shown(&token.to_string());
    let violation = violation(
        Rule::UnknownArgument,
        &token,
        format!("`{token}` is not an argument of `{}`", form.name()),
        known(form),
    );
    let all = shown(&all.to_string().replace(' ', ""));
    match all.strip_prefix('&') {
        Some(path) if form.is_attribute() && !path.is_empty() => {
            violation.help(format!("a shared policy is named without `&`: `{path}`"))
        }
        _ if is_origin(&token) => violation.help(format!("`origins = [{token}]`")),
        _ => violation,
    }
}

pub(crate) fn duplicate_argument(name: &str, first: &str) -> Violation {
    violation(
        Rule::DuplicateArgument,
        name,
        format!("`{name}` is given twice"),
        format!("the first is {first}; it is unclear which one you meant"),
    )
    .help("keep one")
}

pub(crate) fn policy_of_policy(path: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        path,
        format!("`{path}` is another policy"),
        "`policy!` states a policy, and takes another one as its base only",
    )
    .help(format!(
        "`..{path}` for what is not stated here; or name it where it is used: `#[cors({path})]`"
    ))
}

pub(crate) fn beside_none() -> Violation {
    violation(
        Rule::InvalidValue,
        "none",
        "`none` is combined with other arguments",
        "it allows no origin, so the others would do nothing; only `enforce` has an effect beside it",
    )
    .help("`none` or `none, enforce`; or the others without `none`")
}

pub(crate) fn beside_shared_policy(name: &str, policy: &str) -> Violation {
    violation(
        Rule::DuplicateArgument,
        name,
        format!("`{name}` is given beside the policy `{policy}`"),
        "a handler has one policy, and two are not merged",
    )
    .help(format!(
        "`{name} …, ..{policy}` takes the rest from `{policy}`"
    ))
}

pub(crate) fn invalid_base(found: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        &shown(found),
        "`..` takes the path of a shared policy",
        "the policy there states what is left out here",
    )
    .help("`max_age = 60, ..PARTNERS`")
}

pub(crate) fn base_not_last(base: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        base,
        format!("`..{base}` is not last"),
        "it states what is left out, as in Rust's struct update",
    )
    .help(format!(
        "put `..{base}` at the end, without a comma after it"
    ))
}

pub(crate) fn dev_origins_without_origins() -> Violation {
    violation(
        Rule::InvalidValue,
        "dev_origins",
        "`dev_origins` is given without `origins`",
        "the two are one list in two builds, so they are taken from the base together or not at all",
    )
    .help("state `origins` here too")
}

pub(crate) fn missing_comma(after: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        after,
        format!("a comma is missing before `{after}`"),
        "arguments are separated by commas",
    )
    .help(format!("put one there: `, {after}`"))
}

pub(crate) fn extra_tokens(argument: &str, found: &str) -> Violation {
    let found = shown(found);
    violation(
        Rule::InvalidValue,
        &found,
        format!("`{found}` does not belong to `{argument}`"),
        "an argument has one value, and a comma after it",
    )
    .help("remove it, or put a comma before it")
}

pub(crate) fn missing_comma_in_list(list: &str, next: &str) -> Violation {
    let next = shown(next);
    violation(
        Rule::InvalidValue,
        &next,
        format!("a comma is missing before `{next}`"),
        format!("the elements of `{list}` are separated by commas"),
    )
    .help(format!("put one there: `, {next}`"))
}

pub(crate) fn flag_with_value(name: &str, found: &str) -> Violation {
    let value = found.trim_start_matches('=').trim();
    let violation = violation(
        Rule::InvalidValue,
        &shown(found),
        format!("`{name}` takes no value"),
        "it is a flag: a policy has it if it is written, and does not have it otherwise",
    );
    match value {
        "false" => violation.help(format!("leave `{name}` out")),
        _ => violation.help(format!("`{name}`")),
    }
}

/// `meant` are the seconds that it stands for, if that can be told.
pub(crate) fn invalid_seconds(found: &str, meant: Option<u64>) -> Violation {
    violation(
        Rule::InvalidValue,
        &shown(found),
        "`max_age` takes a number of seconds, without a sign, a unit or quotes",
        WRITTEN_OUT,
    )
    .help(match meant {
        Some(meant) => format!("`max_age = {}`", meant.min(max_age::MOST)),
        None => "`max_age = 600`".to_owned(),
    })
}

/// A value, or an element of a list, of another kind than the argument takes.
pub(crate) fn invalid_value(name: &str, found: &str, expected: &str, example: &str) -> Violation {
    let is_origins = name == "origins" || name == "dev_origins";
    if is_origins && found.replace(' ', "").contains("env::var") {
        return violation(
            Rule::InvalidValue,
            &shown(found),
            format!("`{name}` is checked at compile time, and cannot call a function"),
            "the environment of the running program is not known yet",
        )
        .help("`env!(\"NAME\")` takes it from the environment of the build; an `Allowlist` is filled at run time");
    }
    violation(
        Rule::InvalidValue,
        &shown(found),
        format!("`{name}` takes {expected}"),
        WRITTEN_OUT,
    )
    .help(
        match (example.split_once('['), syn::parse_str::<LitStr>(found)) {
            (Some((start, _)), Ok(literal)) if is_element(name, &literal.value()) => {
                format!("`{start}[{found}]`")
            }
            _ => format!("`{example}`"),
        },
    )
}

fn is_origin(token: &str) -> bool {
    syn::parse_str::<LitStr>(token).is_ok_and(|literal| is_element("origins", &literal.value()))
}

/// Whether a list takes this, in whatever policy it is.
fn is_element(list: &str, text: &str) -> bool {
    match list {
        "origins" | "dev_origins" => Pattern::parse(text)
            .is_ok_and(|pattern| pattern.is_exact() && pattern.scheme == "https"),
        "methods" => cors_rules::check_methods(&[text]).is_empty(),
        _ => header::is_valid(text) && text != "*",
    }
}

pub(crate) fn unset_variable(name: &str, why: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        name,
        format!("the environment variable `{name}` {why}"),
        "the origin is taken from the environment of the build, and checked like a literal",
    )
    .help(format!(
        "`{name}=https://app.example.com cargo build`, or write the origin out"
    ))
}

fn danger_keys() -> Vec<&'static str> {
    Danger::ALL.iter().map(|danger| danger.key()).collect()
}

pub(crate) fn unknown_danger(key: &str) -> Violation {
    let key = shown(key);
    let violation = violation(
        Rule::UnknownDanger,
        &key,
        format!("`{key}` is not a danger that can be accepted"),
        format!("the ones that can are `{}`", danger_keys().join("`, `")),
    );
    match closest(&key, &danger_keys()) {
        Some(meant) => violation.help(format!("did you mean `{meant}`?")),
        None => violation,
    }
}

pub(crate) fn invalid_danger(found: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        &shown(found),
        "`danger` takes keys with reasons, in parentheses",
        format!(
            "a danger is accepted by its name, one of `{}`",
            danger_keys().join("`, `")
        ),
    )
    .help("`danger(insecure_origins = \"…\")`, with the reason why it is harmless")
}

pub(crate) fn danger_without_reason(danger: Danger) -> Violation {
    violation(
        Rule::InvalidValue,
        danger.key(),
        format!("`{}` takes a reason in quotes", danger.key()),
        "a reviewer needs to know why this is harmless here, and only you can say it",
    )
    .help(format!(
        "`{} = \"…\"`, with the reason why it is harmless",
        danger.key()
    ))
}
