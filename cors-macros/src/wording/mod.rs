//! What a violation says that only the attribute can see. The rules about values are worded in
//! `cors-rules`.

mod arguments;
mod handler;
mod module;
mod route;
mod signature;

pub(crate) use arguments::*;
pub(crate) use handler::*;
pub(crate) use module::*;
pub(crate) use route::*;
pub(crate) use signature::*;

use cors_rules::{Place, Rule, Violation};

/// A violation of the attribute as a whole.
fn violation(
    rule: Rule,
    value: &str,
    what: impl Into<String>,
    why: impl Into<String>,
) -> Violation {
    Violation::new(rule, Place::Policy, value, what, why)
}

/// Code, cut to a readable length.
fn shown(code: &str) -> String {
    const SHOWN: usize = 80;
    match code.char_indices().nth(SHOWN) {
        None => code.to_owned(),
        Some((end, _)) => format!("{}…", &code[..end]),
    }
}

/// Follows the last message that is shown.
pub(crate) fn not_shown(count: usize) -> String {
    format!("\n  = note: {count} more in this attribute are not shown; fix these first")
}
