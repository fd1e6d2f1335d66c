//! `Access-Control-Request-Headers`: the request headers that a page wants to send.

use super::refusal::Refusal;
use super::request::{Field, Request};
use super::token::is_token;
use crate::core::policy::{AllowHeaders, Policy};

/// The most bytes of the field that are read, over all lines.
///
/// In Fetch, a browser lists each name once, so a longer list is an attack.
const MAX_LEN: usize = 16 * 1024;

/// Checks the names from left to right, and stops at the first that is not allowed.
///
/// Names may be in any order and case, on any number of lines.
pub(super) fn check<'a>(
    allowed: &AllowHeaders,
    lines: impl Iterator<Item = &'a [u8]>,
) -> Result<(), Refusal> {
    for line in bounded(lines) {
        for name in names_on(line?) {
            let is_allowed = allowed.contains(name);
            // A listed name is a token. `*` allows any name, so it must still be one.
            if (!is_allowed || allowed.any) && !is_token(name) {
                return Err(Refusal::MalformedHeaders);
            }
            if !is_allowed {
                return Err(Refusal::HeaderNotAllowed);
            }
        }
    }
    Ok(())
}

/// The lines that are read, then an error if there are more.
fn bounded<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
) -> impl Iterator<Item = Result<&'a [u8], Refusal>> {
    let mut room = MAX_LEN;
    lines.map(move |line| {
        room = room
            .checked_sub(line.len())
            .ok_or(Refusal::HeadersTooLong)?;
        Ok(line)
    })
}

/// The names on a line. A recipient must accept empty elements:
/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2>
fn names_on(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|name| !name.is_empty())
}

/// The names on the lines that are read.
pub(crate) fn names<R: Request>(request: &R) -> impl Iterator<Item = &[u8]> {
    bounded(request.lines(Field::AccessControlRequestHeaders))
        .map_while(Result::ok)
        .flat_map(names_on)
}

/// The names that are not allowed, cut: the first eight that are names of headers.
pub(crate) fn refused<R: Request>(policy: &Policy, request: &R) -> Vec<String> {
    const MOST: usize = 8;
    let mut refused: Vec<String> = Vec::new();
    let is_refused = |name: &&[u8]| !policy.allow_headers.contains(name) && is_token(name);
    for name in names(request).filter(is_refused) {
        let name = String::from_utf8_lossy(&name[..name.len().min(64)]).into_owned();
        if refused.len() == MOST {
            break;
        }
        if !refused.contains(&name) {
            refused.push(name);
        }
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::decision::sent::Sent;

    #[test]
    fn a_list_is_read_as_fetch_and_rfc_9110_say() {
        let full = ",".repeat(16_384);
        let half = ",".repeat(8_192);
        let listed = AllowHeaders::new(false, &["content-type", "x-a"]);
        let any = AllowHeaders::new(true, &["authorization"]);
        let all_but_one = AllowHeaders::new(true, &[]);
        for (what, allowed, lines, expected) in [
            ("no line", listed, &[][..], Ok(())),
            ("an empty line", listed, &[""], Ok(())),
            ("one name", listed, &["x-a"], Ok(())),
            ("any order and case", listed, &["X-A,Content-Type"], Ok(())),
            ("several lines", listed, &["x-a", "content-type"], Ok(())),
            ("blanks and empty elements", listed, &[" , x-a\t,,"], Ok(())),
            ("16 KiB", listed, &[&*full], Ok(())),
            ("16 KiB on two lines", listed, &[&*half, &*half], Ok(())),
            (
                "16 KiB and a byte",
                listed,
                &[&*full, ","],
                Err(Refusal::HeadersTooLong),
            ),
            (
                "another name",
                listed,
                &["x-a, x-b"],
                Err(Refusal::HeaderNotAllowed),
            ),
            ("a prefix", listed, &["x"], Err(Refusal::HeaderNotAllowed)),
            (
                "a space inside",
                listed,
                &["x a"],
                Err(Refusal::MalformedHeaders),
            ),
            (
                "not a token",
                listed,
                &["x-\u{e4}"],
                Err(Refusal::MalformedHeaders),
            ),
            ("`*` and any name", all_but_one, &["x-b"], Ok(())),
            (
                "`*` and no token",
                all_but_one,
                &["x b"],
                Err(Refusal::MalformedHeaders),
            ),
            (
                "`*` does not cover it",
                all_but_one,
                &["Authorization"],
                Err(Refusal::HeaderNotAllowed),
            ),
            ("`*` beside it", any, &["Authorization"], Ok(())),
            ("the name `*`", any, &["*"], Err(Refusal::HeaderNotAllowed)),
            (
                "the name `*` in a list of names",
                listed,
                &["*"],
                Err(Refusal::HeaderNotAllowed),
            ),
            ("a name with `*` in it", any, &["x*, **"], Ok(())),
        ] {
            let lines = lines.iter().map(|line| line.as_bytes());
            assert_eq!(check(&allowed, lines), expected, "{what}");
        }
    }

    #[test]
    fn the_first_eight_names_that_are_refused_are_shown() {
        let policy = crate::__private::policy()
            .any_origin()
            .allow_headers(false, &["x-a"])
            .policy;
        let (long, cut) = ("b".repeat(65), "b".repeat(64));
        let full = ",".repeat(MAX_LEN - "x-b".len());
        for (what, lines, expected) in [
            ("nothing", &[][..], &[][..]),
            ("what is allowed", &["x-a, X-A"], &[]),
            ("two lines", &["x-b,x-a", "x-c"], &["x-b", "x-c"]),
            ("empty elements", &[",, x-b\t,"], &["x-b"]),
            ("a name twice", &["x-b,x-b"], &["x-b"]),
            ("what is not a name", &["x\u{e4}"], &[]),
            ("a long name", &[&*long], &[&*cut]),
            (
                "nine names",
                &["1,2,3,4,5,6,7,8,9"],
                &["1", "2", "3", "4", "5", "6", "7", "8"],
            ),
            ("16 KiB", &[&*full, "x-b"], &["x-b"]),
            ("beyond 16 KiB", &[&*full, "x-bc", "x-b"], &[]),
        ] {
            let sent = Sent::new("OPTIONS", &[]).with(Field::AccessControlRequestHeaders, lines);
            assert_eq!(refused(&policy, &sent), expected, "{what}");
        }
    }
}
