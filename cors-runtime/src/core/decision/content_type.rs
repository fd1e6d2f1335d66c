//! `Content-Type`: values that browsers send without a preflight, and values that need one.

use super::request::{Field, Request, single};

/// True if a page can send the `Content-Type` only after a preflight.
pub(super) fn needs_preflight<R: Request>(request: &R) -> bool {
    // Fetch looks at each entry of the header list, and at their length together:
    // https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    const MAX_LEN: usize = 1_024;
    let mut len = 0;
    let mut entries = request.lines(Field::ContentType).flat_map(entries);
    let are_safelisted = entries.all(|entry| {
        len += entry.len();
        len <= MAX_LEN && is_safelisted_type(entry)
    });
    !are_safelisted && !is_sent_unasked(request)
}

/// The entries of the header list that a browser joined to one line.
///
/// Fetch does not judge the joined value, but all three browser engines do. So they ask for two
/// entries of `text/plain`, and another browser may not.
fn entries(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_one = is_safelisted_type(line);
    line.split(move |byte| *byte == b',' && !is_one)
        .map(<[u8]>::trim_ascii)
}

/// True if browsers themselves send this type without a preflight: reports of a Content Security
/// Policy (<https://w3c.github.io/webappsec-csp/#report-violation>), and pings of links
/// (<https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing>).
///
/// Both are in mode `no-cors`. What script sends after a preflight is in mode `cors`.
fn is_sent_unasked<R: Request>(request: &R) -> bool {
    let Some(content_type) = single(request, Field::ContentType) else {
        return false;
    };
    has_essence(content_type, &["application/csp-report", "text/ping"])
        && !request
            .lines(Field::SecFetchMode)
            .any(|mode| mode == b"cors")
}

/// True if Fetch [safelists](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) the
/// value of `Content-Type`.
fn is_safelisted_type(value: &[u8]) -> bool {
    const MAX_LEN: usize = 128;
    value.len() <= MAX_LEN
        && !value.iter().any(|byte| is_unsafe(*byte))
        && has_essence(
            value,
            &[
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "text/plain",
            ],
        )
}

/// True if the type is one of these, whatever its parameters are, and however they are written:
/// <https://mimesniff.spec.whatwg.org/#parsing-a-mime-type>
fn has_essence(value: &[u8], types: &[&str]) -> bool {
    let essence = value.split(|byte| *byte == b';').next().unwrap_or_default();
    let essence = essence.trim_ascii();
    (types.iter()).any(|it| essence.eq_ignore_ascii_case(it.as_bytes()))
}

/// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte>
fn is_unsafe(byte: u8) -> bool {
    (byte < b' ' && byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::decision::sent::Sent;

    #[test]
    fn each_entry_of_a_joined_type_must_be_safelisted() {
        let entry = format!("text/plain;{}", "a".repeat(117));
        let joined = |count: usize| vec![&*entry; count].join(", ");
        let half = "text/plain;a=b";
        let (last, longer_last) = (&entry[..118], &entry[..119]);
        for (what, lines, is_unsafe) in [
            ("no line", &[][..], false),
            ("an empty line", &[""], true),
            ("two entries", &["text/plain, text/plain"], false),
            (
                "two entries, without a blank",
                &["text/plain,multipart/form-data"],
                false,
            ),
            (
                "entries with parameters",
                &["text/plain;a=b, TEXT/plain ; c"],
                false,
            ),
            ("two lines", &["text/plain", half], false),
            (
                "lines with entries",
                &["text/plain, text/plain", half],
                false,
            ),
            ("JSON second", &["text/plain, application/json"], true),
            ("JSON first", &["application/json, text/plain"], true),
            (
                "JSON on the second line",
                &["text/plain", "application/json"],
                true,
            ),
            (
                "JSON on the first line",
                &["application/json", "text/plain"],
                true,
            ),
            ("an empty entry", &["text/plain,"], true),
            ("another empty entry", &[", text/plain"], true),
            ("an unsafe byte", &["text/plain, text/plain;a=(b)"], true),
            ("a comma in a parameter", &["text/plain;a,b"], false),
            // No browser is known to send this without a preflight.
            (
                "a comma in a parameter, joined",
                &["text/plain, text/plain;a,b"],
                true,
            ),
            ("1,024 bytes", &[&*joined(8)], false),
            (
                "1,024 bytes on three lines",
                &[&*joined(7), last, "text/plain"],
                false,
            ),
            (
                "1,025 bytes on three lines",
                &[&*joined(7), longer_last, "text/plain"],
                true,
            ),
            ("more than 1,024 bytes", &[&*joined(9)], true),
            (
                "more than 1,024 bytes on two lines",
                &[&*joined(8), half],
                true,
            ),
            (
                "an entry of 129 bytes",
                &["text/plain", &format!("{entry}a")],
                true,
            ),
        ] {
            let sent = Sent::new("POST", &[]).with(Field::ContentType, lines);
            assert_eq!(needs_preflight(&sent), is_unsafe, "{what}");
        }
    }

    #[test]
    fn a_content_type_is_safelisted_as_fetch_says() {
        let padded = |len: usize| format!("text/plain;{}", "a".repeat(len - "text/plain;".len()));
        for (value, safelisted) in [
            ("text/plain", true),
            ("TEXT/Plain", true),
            (" text/plain\t", true),
            ("text/plain;charset=utf-8", true),
            ("text/plain ; charset=utf-8", true),
            ("text/plain;", true),
            ("text/plain; application/json", true),
            ("text/plain;,application/json", true),
            ("multipart/form-data; boundary=----a", true),
            ("application/x-www-form-urlencoded;charset=UTF-8", true),
            (&padded(128), true),
            (&padded(129), false),
            ("", false),
            ("text", false),
            ("text/", false),
            ("text /plain", false),
            ("text/plain x", false),
            ("text/plain,application/json", false),
            ("text/plain, text/plain", false),
            ("text/plain; charset=\"utf-8\"", false),
            ("text/plain; a=(b)", false),
            ("text/plain\u{1}", false),
            ("text/plain;\u{7f}", false),
            ("application/json", false),
            ("application/csp-report", false),
            ("text/ping", false),
            ("text/html", false),
        ] {
            assert_eq!(is_safelisted_type(value.as_bytes()), safelisted, "{value}");
        }
    }
}
