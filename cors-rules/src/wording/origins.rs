use super::shown;
use crate::origin::Malformed;
use crate::pattern::Misplaced;
use crate::public_suffix::private_suffix_below;
use crate::suggest::Suggestion;
use crate::violation::{Place, Rule, Violation};

impl Violation {
    /// Offers what the check suggests, or else `otherwise`.
    fn suggest(self, suggestion: Suggestion, otherwise: &str) -> Self {
        match suggestion {
            Suggestion::Write(text) => self.help(format!("\"{text}\"")),
            Suggestion::Remove(twin) => self.help(format!("remove it: `{twin}` is listed already")),
            Suggestion::Nothing if otherwise.is_empty() => self,
            Suggestion::Nothing => self.help(otherwise),
        }
    }
}

pub(crate) fn missing_origins() -> Violation {
    Violation::new(
        Rule::MissingOrigins,
        Place::Policy,
        "",
        "`origins` is missing",
        "a policy must say whose script may read the response: allowing no one needs no attribute, and allowing anyone must be written out",
    )
    .help("`origins = [\"https://app.example.com\"]`, or `origins = [\"*\"]` for a public resource")
}

pub(crate) fn empty_origins() -> Violation {
    Violation::new(
        Rule::EmptyOrigins,
        Place::Origins,
        "[]",
        "`origins` is empty",
        "no page on another origin could read the response, which is what a handler without `#[cors]` does already",
    )
    .help("`origins = [\"https://app.example.com\"]`; or `#[cors(none)]`, which also refuses its preflights")
}

pub(crate) fn wildcard_with_credentials(place: Place) -> Violation {
    Violation::new(
        Rule::WildcardWithCredentials,
        place,
        "*",
        "`\"*\"` cannot be combined with `credentials`",
        "browsers reject a response that allows any origin and credentials, so script gets an error instead of the response",
    )
    .help("list the origins that may use cookies: `origins = [\"https://app.example.com\"], credentials`; or drop `credentials`")
}

pub(crate) fn wildcard_with_other_origins(place: Place) -> Violation {
    Violation::new(
        Rule::WildcardWithOtherOrigins,
        place,
        "*",
        "`\"*\"` is listed with other origins",
        "it allows anyone already, so the others look like a restriction and are not",
    )
    .help("`origins = [\"*\"]` to allow anyone, or the others without `\"*\"`")
}

pub(crate) fn beside_reflection(place: Place) -> Violation {
    Violation::new(
        Rule::CoveredOrigin,
        place,
        "",
        "`reflect_any_origin` allows this origin already",
        "it does nothing, and if you remove it later you may think that it is refused",
    )
    .help("remove it, or list the origins instead of `reflect_any_origin`")
}

pub(crate) fn needless_enforce(any: bool) -> Violation {
    Violation::new(
        Rule::NeedlessEnforce,
        Place::Enforce,
        "enforce",
        "`enforce` refuses nobody here",
        if any {
            "`origins = [\"*\"]` allows every origin, so there is no other to refuse"
        } else {
            "`reflect_any_origin` allows every origin, so there is no other to refuse"
        },
    )
    .help("remove `enforce`, or list the origins that may call this handler")
}

pub(crate) fn null_origin(place: Place) -> Violation {
    Violation::new(
        Rule::NullOrigin,
        place,
        "null",
        "`\"null\"` is the origin of every sandboxed page",
        "any site can send it from an `<iframe sandbox>`, so allowing it allows everyone",
    )
    .help("list the page's real origin; if it has none, accept the danger and say why it is harmless: `danger(null_origin = \"…\")`")
}

pub(crate) fn insecure_origin_with_credentials(
    place: Place,
    text: &str,
    scheme: &str,
    suggestion: Suggestion,
) -> Violation {
    if scheme == "http" {
        return Violation::new(
            Rule::InsecureOriginWithCredentials,
            place,
            text,
            format!("`{}` is not secure, and would use `credentials`", shown(text)),
            "anyone on the network between a user and that page can inject script into it, and read the response with the user's cookies",
        )
        .suggest(suggestion, "serve that page over https");
    }
    Violation::new(
        Rule::InsecureOriginWithCredentials,
        place,
        text,
        format!("`{}` can be any app, and would use `credentials`", shown(text)),
        "an app serves the pages of its own scheme itself, so any app on a user's device can show pages of this origin; they read the response with the cookies that the user has in that app",
    )
    .help("accept the danger, and say why it is harmless here: `danger(insecure_origins = \"…\")`")
}

pub(crate) fn public_suffix_with_credentials(place: Place, text: &str, domain: &str) -> Violation {
    let suffix = private_suffix_below(domain.strip_suffix('.').unwrap_or(domain)).unwrap_or(domain);
    let matched = if suffix == domain {
        ""
    } else {
        ", which this pattern matches"
    };
    Violation::new(
        Rule::PublicSuffixWithCredentials,
        place,
        text,
        format!("`{}` allows everyone with a name below `{suffix}`", shown(text)),
        format!("strangers get names below `{suffix}`{matched}: an attacker takes one, and reads the response with the user's cookies"),
    )
    .help("list your own sites below it one by one, each by its full name")
}

pub(crate) fn placeholder_origin(place: Place, text: &str) -> Violation {
    Violation::new(
        Rule::MalformedOrigin,
        place,
        text,
        format!("`{}` is a placeholder", shown(text)),
        "`your-name` stands for a name of yours, and somebody else may own this one",
    )
    .help("write your own name")
}

pub(crate) fn several_origins(place: Place, text: &str, offered: &[String]) -> Violation {
    let violation = Violation::new(
        Rule::MalformedOrigin,
        place,
        text,
        format!("`{}` is more than one origin", shown(text)),
        "each string in the list is compared with the request's `Origin` as a whole, so this would never match",
    );
    if offered.is_empty() {
        violation.help("one string for each origin")
    } else {
        let offered: Vec<_> = offered
            .iter()
            .map(|origin| format!("\"{origin}\""))
            .collect();
        violation.help(offered.join(", "))
    }
}

pub(crate) fn malformed_origin(
    place: Place,
    text: &str,
    why: Malformed,
    suggestion: Suggestion,
) -> Violation {
    Violation::new(
        Rule::MalformedOrigin,
        place,
        text,
        if text.is_empty() {
            "an empty string is not an origin".to_owned()
        } else {
            format!("`{}` is not an origin: {why}", shown(text))
        },
        match why {
            Malformed::OpaqueScheme => {
                "browsers send `null` for such pages, as they do for every sandboxed page"
            }
            Malformed::PagelessScheme => {
                "browsers name the page that connects, not the endpoint it connects to"
            }
            Malformed::DefaultPort => {
                "browsers leave a default port out, and origins are compared byte for byte"
            }
            Malformed::Empty => "an origin is `scheme://host` or `scheme://host:port`",
            Malformed::EmptyHost
            | Malformed::PortZero
            | Malformed::PortTooLarge
            | Malformed::PortNotANumber => "no page can have this origin, so it would never match",
            _ => {
                "browsers write an origin in one way only, and origins are compared byte for byte, so this would never match"
            }
        },
    )
    .suggest(suggestion, "")
}

pub(crate) fn misplaced_wildcard(
    place: Place,
    text: &str,
    why: Misplaced,
    suggestion: Suggestion,
) -> Violation {
    let what = match why {
        Misplaced::Scheme => "in the scheme",
        Misplaced::WholeHost => "as the whole host",
        Misplaced::PartOfLabel => "in a part of a label",
        Misplaced::InnerLabel => "in a label that is not the first",
        Misplaced::BeforeAddress => "before an IP address",
        Misplaced::PartOfPort => "in a part of the port",
    };
    Violation::new(
        Rule::MisplacedWildcard,
        place,
        text,
        format!("`{}` has a `*` {what}", shown(text)),
        match why {
            Misplaced::PartOfLabel => {
                "owning a part of a label proves nothing: anyone can register a name that starts or ends with it"
            }
            Misplaced::BeforeAddress => "an IP address has no subdomains",
            Misplaced::WholeHost => "that allows everyone, although its scheme looks like a restriction",
            _ => "a `*` stands for one or more whole labels at the start of the host, or for the whole port",
        },
    )
    .suggest(
        suggestion,
        match why {
            Misplaced::WholeHost => "`origins = [\"*\"]` to allow anyone, or list the hosts",
            Misplaced::PartOfLabel => {
                "list the origins, or fill an `Allowlist` with them at run time"
            }
            _ => "`*` as the whole first label or the whole port: \"https://*.example.com\", \"http://localhost:*\"",
        },
    )
}

pub(crate) fn duplicate_origin(place: Place, text: &str) -> Violation {
    Violation::new(
        Rule::DuplicateOrigin,
        place,
        text,
        format!("`{}` is listed twice", shown(text)),
        "one of the two does nothing, and if you remove the other later you may think that the origin is refused",
    )
    .help("remove this one")
}

pub(crate) fn covered_origin(place: Place, text: &str, cover: &str) -> Violation {
    Violation::new(
        Rule::CoveredOrigin,
        place,
        text,
        format!("`{}` is already allowed by `{}`", shown(text), shown(cover)),
        "it does nothing, and if you remove it later you may think that it is refused",
    )
    .help("remove it, or the pattern")
}

pub(crate) fn loopback_origin_in_release(place: Place, text: &str) -> Violation {
    Violation::new(
        Rule::LoopbackOriginInRelease,
        place,
        text,
        format!(
            "`{}` is the user's own machine, in a build without `debug_assertions`",
            shown(text)
        ),
        "any program that serves that port on a user's machine could read the response",
    )
    .help(format!(
        "`dev_origins = [\"{text}\"]`, which a release build does not contain"
    ))
}
