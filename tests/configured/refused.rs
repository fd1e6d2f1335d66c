//! Configurations that stop the server, with words that its operator understands.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use cors_rules::{Rule, Severity};
use libtest_mimic::Trial;

use crate::program::{Started, refused, start_at};
use crate::reachable_rules::reachable;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("each_rule_stops_the_server_and_names_the_place", each_rule),
        trial("a_file_that_cannot_be_read_stops_the_server", unreadable),
        trial(
            "a_key_that_is_unknown_or_of_another_type_stops_the_server",
            keys,
        ),
        trial("a_variable_is_told_by_what_is_wrong_with_it", variables),
        trial("a_thousand_mistakes_are_found_and_not_all_written", many),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table is read as a whole")]
fn each_rule() {
    const APP: &str = "origins = [\"https://a.example\"]";
    let rows = [
        (
            Rule::WildcardWithCredentials,
            "origins[0]",
            "origins = [\"*\"]\ncredentials = true",
        ),
        (
            Rule::WildcardWithOtherOrigins,
            "origins[1]",
            "origins = [\"https://a.example\", \"*\"]",
        ),
        (Rule::NullOrigin, "origins[0]", "origins = [\"null\"]"),
        (Rule::FileOrigin, "origins[0]", "origins = [\"file://\"]"),
        (
            Rule::InsecureOriginWithCredentials,
            "origins[1]",
            "origins = [\"https://a.example\", \"http://b.example\"]\ncredentials = true",
        ),
        (
            Rule::PublicSuffixWithCredentials,
            "origins[0]",
            "origins = [\"https://*.github.io\"]\ncredentials = true",
        ),
        (
            Rule::MalformedOrigin,
            "origins[0]",
            "origins = [\"https://a.example/\"]",
        ),
        (
            Rule::MisplacedWildcard,
            "origins[0]",
            "origins = [\"https://a*.example\"]",
        ),
        (
            Rule::DuplicateOrigin,
            "origins[1]",
            "origins = [\"https://a.example\", \"https://a.example\"]",
        ),
        (
            Rule::CoveredOrigin,
            "origins[0]",
            "origins = [\"https://a.example.org\", \"https://*.example.org\"]",
        ),
        (
            Rule::NeedlessEnforce,
            "enforce",
            "origins = [\"*\"]\nenforce = true",
        ),
        (
            Rule::ForbiddenRequestHeader,
            "allow_headers[0]",
            &format!("{APP}\nallow_headers = [\"cookie\"]"),
        ),
        (
            Rule::ResponseHeaderInRequest,
            "allow_headers[0]",
            &format!("{APP}\nallow_headers = [\"access-control-allow-origin\"]"),
        ),
        (
            Rule::InvalidHeader,
            "allow_headers[1]",
            &format!("{APP}\nallow_headers = [\"x-a\", \"x b\"]"),
        ),
        (
            Rule::DuplicateHeader,
            "expose_headers[1]",
            &format!("{APP}\nexpose_headers = [\"x-a\", \"X-A\"]"),
        ),
        (
            Rule::WildcardExposeWithCredentials,
            "expose_headers[0]",
            &format!("{APP}\ncredentials = true\nexpose_headers = [\"*\"]"),
        ),
        (
            Rule::ForbiddenResponseHeader,
            "expose_headers[0]",
            &format!("{APP}\nexpose_headers = [\"set-cookie\"]"),
        ),
        (
            Rule::RequestHeaderInResponse,
            "expose_headers[0]",
            &format!("{APP}\nexpose_headers = [\"origin\"]"),
        ),
        (
            Rule::MaxAgeTooLarge,
            "max_age",
            &format!("{APP}\nmax_age = 86401"),
        ),
        (
            Rule::EmptyReason,
            "danger.null_origin",
            "origins = [\"null\"]\ndanger.null_origin = \"\"",
        ),
        (
            Rule::NeedlessDanger,
            "danger.file_origin",
            &format!("{APP}\ndanger.file_origin = \"a kiosk\""),
        ),
    ];
    let mut errors = reachable();
    errors.retain(|rule| rule.severity() == Severity::Error);
    assert_eq!(
        rows.iter().map(|(rule, ..)| *rule).collect::<BTreeSet<_>>(),
        errors
    );
    for (rule, place, table) in rows {
        let said = refused(format!("[cors]\n{table}\n").as_bytes(), &[]);
        assert!(
            said.contains(&format!("the server cannot start: cors: {place}: ")),
            "{said}"
        );
        for part in [
            "\n  = why: ",
            "\n  = help: ",
            &format!("\n  = rule: {rule}\n"),
        ] {
            assert!(said.contains(part), "{part:?} is not in {said}");
        }
        assert_eq!(said.matches("  = rule: ").count(), 1, "{said}");
    }
    // All of them at once.
    let said = refused(
        b"[cors]\norigins = [\"null\", \"http://a.example/\"]\nmax_age = 86401\n",
        &[],
    );
    for place in ["origins[0]", "origins[1]", "max_age"] {
        assert!(said.contains(&format!("cors: {place}: ")), "{said}");
    }
}

fn unreadable() {
    let Started::Stopped(1, said) = start_at("no/such/file.toml") else {
        panic!("it serves");
    };
    assert!(said.contains("no/such/file.toml"), "{said}");
    for text in [
        &b"[cors"[..],
        b"[cors]\norigins = [\"https://a.example]",
        b"\xff",
    ] {
        let said = refused(text, &[]);
        assert!(said.contains("server-"), "{said}");
    }
}

fn keys() {
    for (text, parts) in [
        (
            "[cors]\norgins = []",
            &["unknown key `orgins`: did you mean `origins`?"][..],
        ),
        (
            "[cors]\nallow-headers = []",
            &["did you mean `allow_headers`?"],
        ),
        (
            "[cors.danger]\ninsecure_origin = \"x\"",
            &["unknown key `insecure_origin` of `danger`: did you mean `insecure_origins`?"],
        ),
        (
            "[cors]\norigins = 5",
            &[
                "`origins` to be a list of strings, or one string with commas between them",
                "5",
            ],
        ),
        (
            "[cors]\ncredentials = \"yes\"",
            &["`credentials` to be `true` or `false`", "yes"],
        ),
        (
            "[cors]\nmax_age = \"10m\"",
            &[
                "`max_age` to be a whole number of seconds up to 86400",
                "10m",
            ],
        ),
        ("[cors]\nmax_age = -1", &["a whole number of seconds", "-1"]),
        (
            "[cors]\ndanger = \"none\"",
            &["`danger` to be a table of dangers, each with the reason why it is harmless"],
        ),
        ("cors = \"on\"", &["a table with the keys `origins`, "]),
        ("crs = {}", &["unknown field `crs`"]),
    ] {
        let said = refused(text.as_bytes(), &[]);
        for part in parts {
            assert!(said.contains(part), "{part:?} is not in {said}");
        }
    }
}

fn variables() {
    let quoted = "\"https://a.example\",\"https://b.example\"";
    for (variable, value, part) in [
        (
            "SERVER__CORS__ORIGINS",
            quoted,
            "`\"https://a.example\"` is not an origin: it has quotation marks around it",
        ),
        (
            "SERVER__CORS__ORIGINS",
            "[\"https://a.example\"]",
            "it has `[\"` before it and `\"]` after it",
        ),
        (
            "SERVER__CORS__ORIGINS",
            "https://a.example https://b.example",
            "is more than one origin",
        ),
        (
            "SERVER__CORS__CREDENTIALS",
            "1",
            "`credentials` to be `true` or `false`",
        ),
        ("SERVER__CORS__MAX_AGE", "86401", "cors: max_age: "),
        (
            "SERVER__CORS__ORGINS",
            "https://a.example",
            "did you mean `origins`?",
        ),
        (
            "SERVER__CORS__DANGER__NULL_ORIGIN",
            "",
            "`null_origin` has no reason",
        ),
    ] {
        let said = refused(b"", &[(variable, OsStr::new(value))]);
        assert!(said.contains(part), "{part:?} is not in {said}");
        assert!(!said.contains("help: write `\""), "{said}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;

        let value = OsStr::from_bytes(b"https://a.example\xff");
        let said = refused(b"", &[("SERVER__CORS__ORIGINS", value)]);
        assert!(
            said.contains("cors__origins") && said.contains("non-Unicode"),
            "{said}"
        );
    }
}

fn many() {
    for entry in [
        "http://a.example",
        "https://*.a.example/",
        "\"https://a.example\"",
        "https://a*.example",
    ] {
        let entries = (0..1_000).map(|i| {
            format!(
                "{:?}",
                entry
                    .replace("a.", &format!("a{i}."))
                    .replace("a*", &format!("a{i}*"))
            )
        });
        let list = entries.collect::<Vec<_>>().join(",\n");
        let text = format!("[cors]\ncredentials = true\norigins = [\n{list}]\n");
        let said = refused(text.as_bytes(), &[]);
        assert!(said.contains("cors: origins[49]: "), "{said}");
        assert!(said.ends_with("and 950 more\n"), "{said}");
    }
}
