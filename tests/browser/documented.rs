//! Tables in the documentation that hold what was measured.
//!
//! `ENGINES=overwrite` writes what was measured into them, for a person to read and to commit.

use std::ops::Range;

use crate::engine::Engine;
use crate::world::Verdict;

/// A file of the project.
pub(crate) const ENGINES: &str = "docs/engines.md";
pub(crate) const DEBUGGING: &str = "cors-runtime/src/docs/debugging.md";

fn path(file: &str) -> String {
    format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file, and where in it the table of an engine is.
pub(crate) fn find(
    file: &str,
    engine: Engine,
    table: &str,
) -> Result<(String, Range<usize>), String> {
    let text = std::fs::read_to_string(path(file)).map_err(|error| format!("{file}: {error}"))?;
    let mark = format!("<!-- {} {table} -->\n", engine.name());
    let start = text
        .find(&mark)
        .ok_or_else(|| format!("no {mark} in {file}"))?
        + mark.len();
    let end = text[start..].find("<!-- end -->");
    let end = start + end.ok_or_else(|| format!("no end of {mark} in {file}"))?;
    Ok((text, start..end))
}

/// Compares what was measured with the table of an engine.
pub(crate) fn compare(file: &str, engine: Engine, table: &str, lines: &[String]) -> Verdict {
    let (text, Range { start, end }) = find(file, engine, table)?;
    let (written, measured) = (&text[start..end], lines.join("\n") + "\n");
    if written == measured {
        return Ok(());
    }
    if std::env::var_os("ENGINES").is_some_and(|value| value == "overwrite") {
        let text = format!("{}{measured}{}", &text[..start], &text[end..]);
        return std::fs::write(path(file), text).map_err(|error| format!("{file}: {error}"));
    }
    let differ: Vec<_> = (lines.iter().map(String::as_str))
        .filter(|line| !written.lines().any(|other| other == *line))
        .collect();
    Err(format!(
        "{file} says otherwise; `ENGINES=overwrite` writes what was measured:\n{}",
        differ.join("\n")
    ))
}
