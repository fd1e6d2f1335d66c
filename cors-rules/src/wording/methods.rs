use super::shown;
use crate::method;
use crate::violation::{Place, Rule, Violation};

pub(crate) fn forbidden_method(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::ForbiddenMethod,
        place,
        written,
        format!("no page can send the method `{written}`"),
        "Fetch forbids it to script, so no browser ever sends it or asks for it",
    )
    .help("remove it, or remove `#[cors]` if browsers do not call this handler")
}

pub(crate) fn any_method(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::InvalidMethod,
        place,
        written,
        format!("`{written}` is not a method that a page sends"),
        "methods are compared as they are written, so this is the name of one method and does not stand for all",
    )
    .help("list the methods that the handler is registered for: `methods = [\"GET\", \"PUT\"]`")
}

/// `listed` are all methods of the list.
pub(crate) fn invalid_method(place: Place, written: &str, listed: &[&str]) -> Violation {
    let violation = Violation::new(
        Rule::InvalidMethod,
        place,
        written,
        if written.is_empty() {
            "an empty string is not a method".to_owned()
        } else {
            format!("`{}` is not a method", shown(written))
        },
        "a method is a token: letters, digits and ``!#$%&'*+-.^_`|~``; browsers refuse to send anything else",
    );
    let parts: Vec<_> = (written.split([',', ' ', ';', '|']))
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    let mut meant = Vec::new();
    for part in &parts {
        let literal = format!("\"{part}\"");
        if !listed.contains(&part.as_str()) && !meant.contains(&literal) {
            meant.push(literal);
        }
    }
    if !parts.iter().all(|part| method::is_standard(part)) || parts.is_empty() {
        violation.help("a method such as `\"PUT\"`")
    } else if meant.is_empty() {
        violation.help("remove it: what it names is listed already")
    } else {
        violation.help(meant.join(", "))
    }
}

pub(crate) fn miscased_method(
    place: Place,
    written: &str,
    standard: &str,
    is_listed: bool,
) -> Violation {
    Violation::new(
        Rule::MiscasedMethod,
        place,
        written,
        format!("`{written}` is not `{standard}`"),
        if method::is_normalized(written) {
            format!("methods are case-sensitive, and browsers send this one as `{standard}` however the page writes it")
        } else {
            format!("methods are case-sensitive, and browsers keep the case of this one: the page must write `{standard}` too")
        },
    )
    .help(if is_listed {
        format!("remove it: `{standard}` is listed already")
    } else {
        format!("\"{standard}\"")
    })
}

pub(crate) fn duplicate_method(place: Place, written: &str) -> Violation {
    Violation::new(
        Rule::DuplicateMethod,
        place,
        written,
        format!("`{}` is listed twice", shown(written)),
        "one of the two does nothing",
    )
    .help("remove this one")
}
