//! The rules that only a policy and its base together can break: `..BASE`.
//!
//! The macro that writes a policy cannot see the base. So the macro that writes the base stores its
//! hazards in it, and the compiler evaluates [`assert_sound`]. The check and this module both ask
//! [`Rule`] when a hazard applies, and which danger permits it.

use cors_rules::{Danger, Rule};

use crate::core::hazards::Hazards;
use crate::core::origins::Origins;
use crate::core::policy::Policy;

/// A message, as [`Violation`](cors_rules::Violation) shows it.
macro_rules! message {
    ($rule:literal: $what:expr, $why:literal, $help:literal) => {
        concat!(
            $what,
            "\n  = why: ",
            $why,
            "\n  = help: ",
            $help,
            "\n  = rule: ",
            $rule,
            "\n  = docs: https://docs.rs/cors-runtime/latest/cors_runtime/rules/index.html#",
            $rule
        )
    };
}

macro_rules! needless {
    ($danger:literal) => {
        message!("needless_danger":
            concat!("nothing here needs `", $danger, "`"),
            "with what the base states it permits nothing, and leaving it in would hide the next origin that needs it",
            "`danger(…)` without it, which replaces that of the base; `danger()` for none"
        )
    };
}

/// Refuses a policy in which a hazard of this rule is a violation.
///
/// # Panics
///
/// While compiling, with this message.
#[track_caller] // the compiler points at the call
pub const fn assert_not(policy: &Policy, rule: Rule, message: &str) {
    assert!(!applies(policy, rule), "{}", message);
}

/// Refuses a policy that breaks a rule that only a policy and its base together can break.
///
/// # Panics
///
/// While compiling, with the message of the violation.
#[track_caller]
pub const fn assert_sound(policy: &Policy) {
    if let Some(violation) = violation(policy) {
        panic!("{}", violation);
    }
}

/// Refuses sources that are stated beside a base whose `credentials` they would be used with.
///
/// # Panics
///
/// While compiling, with the message.
#[track_caller]
pub const fn assert_promised(policy: &Policy) {
    assert!(!lacks_promise(policy), "{}", CREDENTIALS_OF_THE_BASE);
}

/// True if a source is used with `credentials`, and the compiler has not checked that it may be.
const fn lacks_promise(policy: &Policy) -> bool {
    let mut sources = policy.origins.sources();
    while let [source, rest @ ..] = sources {
        if policy.credentials && !source.is_credentialed {
            return true;
        }
        sources = rest;
    }
    false
}

/// True if a hazard of this rule is a violation: the rule applies, and no accepted danger permits
/// it.
const fn applies(policy: &Policy, rule: Rule) -> bool {
    let is_accepted = match rule.danger() {
        Some(danger) => accepts(policy, danger),
        None => false,
    };
    !is_accepted && rule.applies(policy.credentials)
}

/// A violation of the rules that only a policy and its base together can break, as the compiler
/// shows it.
const fn violation(policy: &Policy) -> Option<&'static str> {
    if policy.configured.is_some() {
        return Some(BASE_IS_CONFIGURED);
    }
    let Hazards {
        origins,
        expose_headers,
    } = policy.hazards;
    let mut lists: &[_] = &[origins, expose_headers];
    while let &[mut list, ref others @ ..] = lists {
        while let [(rule, message), others @ ..] = list {
            if applies(policy, *rule) {
                return Some(message);
            }
            list = others;
        }
        lists = others;
    }
    if let Origins::Nobody = policy.origins
        && has_more_than_enforce(policy)
    {
        return Some(BESIDE_NONE);
    }
    let allows_everyone = matches!(policy.origins, Origins::Any | Origins::Reflected);
    if allows_everyone && policy.enforce {
        return Some(NEEDLESS_ENFORCE);
    }
    if let Origins::Reflected = policy.origins
        && !accepts(policy, Danger::ReflectAnyOrigin)
    {
        return Some(REFLECTION_NOT_ACCEPTED);
    }
    if lacks_promise(policy) {
        return Some(SOURCE_WITHOUT_PROMISE);
    }
    let mut dangers = policy.dangers;
    while let [(danger, _), rest @ ..] = dangers {
        if !is_needed(policy, *danger) {
            return Some(match danger {
                Danger::InsecureOrigins => needless!("insecure_origins"),
                Danger::PublicSuffixes => needless!("public_suffixes"),
                Danger::NullOrigin => needless!("null_origin"),
                Danger::FileOrigin => needless!("file_origin"),
                Danger::ReflectAnyOrigin => needless!("reflect_any_origin"),
            });
        }
        dangers = rest;
    }
    None
}

const BASE_IS_CONFIGURED: &str = "a configured policy cannot be a base
  = why: it is set when the program starts, so the compiler cannot check what the two state together
  = help: name it alone, and state the whole policy in the configuration; or state all of it here";

const BESIDE_NONE: &str = message!("invalid_value":
    "arguments are combined with `none`, which the base states",
    "it allows no origin, so the others would do nothing; only `enforce` has an effect beside it",
    "state `origins` here, or leave the others out"
);

const NEEDLESS_ENFORCE: &str = message!("needless_enforce":
    "`enforce` refuses nobody here",
    "with the base, every origin is allowed, so there is no other to refuse",
    "leave `enforce` out, or write `enforce = false` if the base has it; or list the origins"
);

const REFLECTION_NOT_ACCEPTED: &str = message!("missing_origins":
    "`origins` is missing",
    "the base reflects any origin, and the `danger` that is stated here replaces the one there that accepts it",
    "`origins = [\"https://app.example.com\"]`; or accept `reflect_any_origin` here too"
);

const SOURCE_WITHOUT_PROMISE: &str = "a source of the base cannot be used with `credentials`
  = why: the base has no `credentials`, so the compiler has not asked whether the source is `CredentialSafe`
  = help: state `origins` here too";

const CREDENTIALS_OF_THE_BASE: &str = "the sources in `origins` would be used with the `credentials` of the base
  = why: `credentials` is not stated here, so the compiler has not asked whether they are `CredentialSafe`
  = help: state `credentials` here too";

const fn has_more_than_enforce(policy: &Policy) -> bool {
    let Policy {
        origins: _,
        credentials,
        enforce: _,
        allow_headers,
        expose_headers,
        max_age,
        dangers,
        configured: _,
        hazards: _,
    } = policy;
    *credentials
        || allow_headers.any
        || !allow_headers.names.is_empty()
        || !expose_headers.names.is_empty()
        || !max_age.is_empty()
        || !dangers.is_empty()
}

/// True if something in the policy needs an accepted danger.
const fn is_needed(policy: &Policy, danger: Danger) -> bool {
    if let Danger::ReflectAnyOrigin = danger {
        return policy.credentials && matches!(policy.origins, Origins::Reflected);
    }
    let mut hazards = policy.hazards.origins;
    while let [(rule, _), rest @ ..] = hazards {
        if let Some(permits) = rule.danger()
            && permits as u8 == danger as u8
            && rule.applies(policy.credentials)
        {
            return true;
        }
        hazards = rest;
    }
    false
}

const fn accepts(policy: &Policy, danger: Danger) -> bool {
    let mut dangers = policy.dangers;
    while let [(accepted, _), rest @ ..] = dangers {
        if *accepted as u8 == danger as u8 {
            return true;
        }
        dangers = rest;
    }
    false
}
