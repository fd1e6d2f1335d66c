//! Texts of others, as messages quote them.

use std::fmt::Display;

/// The text of `value` without what a terminal would act on, and cut to 80 characters.
pub fn shown(value: &dyn Display) -> String {
    const SHOWN: usize = 80;
    let value = value.to_string();
    match value.char_indices().nth(SHOWN) {
        None => escaped(&value),
        Some((end, _)) => format!("{}…", escaped(&value[..end])),
    }
}

/// Quotes and backslashes stay as they are: doubled, they would not be what was written.
fn escaped(value: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\'' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    value.chars().map(escape).collect()
}
