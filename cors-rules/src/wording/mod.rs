//! What a violation of each rule says: what is wrong with which value, why, and what to write
//! instead.
//!
//! An editor shows the first line alone, so it names the value. The second is one sentence on the
//! attack, or on what a browser does. The third can be pasted.

mod danger;
mod headers;
mod max_age;
mod methods;
mod origins;

pub(crate) use danger::*;
pub(crate) use headers::*;
pub(crate) use max_age::*;
pub(crate) use methods::*;
pub(crate) use origins::*;

/// A reason that only a placeholder has.
pub(crate) const PLACEHOLDER_REASON: &str = "why that is harmless";

/// `value` without what a terminal would act on, and cut to a readable length.
fn shown(value: &str) -> String {
    const SHOWN: usize = 80;
    match value.char_indices().nth(SHOWN) {
        None => value.escape_debug().to_string(),
        Some((end, _)) => format!("{}…", value[..end].escape_debug()),
    }
}
