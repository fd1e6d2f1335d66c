//! What a violation of each rule says: the value that is wrong, why, and what to write instead.
//!
//! The first line is all that an editor shows, so it names the value and says what is wrong with it.
//! The second is one sentence on the attack, or on what a browser will do. The third can be pasted.

use crate::danger::Danger;
use crate::origin::Malformed;
use crate::pattern::{Misplaced, Pattern};
use crate::violation::{Place, Rule, Violation};
use crate::{max_age, method};

fn violation(
    rule: Rule,
    place: Place,
    value: &str,
    what: impl Into<String>,
    why: impl Into<String>,
) -> Violation {
    Violation {
        rule,
        place,
        value: value.to_owned(),
        what: what.into(),
        why: why.into(),
        help: None,
    }
}

impl Violation {
    fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}

/// `value` as a string literal, shortened so that a message stays readable.
fn quoted(value: &str) -> String {
    const SHOWN: usize = 80;
    match value.char_indices().nth(SHOWN) {
        None => format!("{value:?}"),
        Some((end, _)) => format!("{:?}…", &value[..end]),
    }
}

// ---- origins ----

pub(crate) fn missing_origins() -> Violation {
    violation(
        Rule::MissingOrigins,
        Place::Policy,
        "",
        "`origins` is missing",
        "a policy has to say whose script may read the answer; nobody is a default, and anyone is not one",
    )
    .help("`origins = [\"https://app.example.com\"]`, or `origins = [\"*\"]` for a public resource")
}

pub(crate) fn empty_origins() -> Violation {
    violation(
        Rule::EmptyOrigins,
        Place::Origins,
        "[]",
        "`origins` is empty",
        "nobody could read the answer, which is what a handler without `#[cors]` does already",
    )
    .help("`origins = [\"https://app.example.com\"]`, or no `#[cors]` at all")
}

pub(crate) fn wildcard_with_credentials(place: Place) -> Violation {
    violation(
        Rule::WildcardWithCredentials,
        place,
        "*",
        "`\"*\"` cannot go with `credentials`",
        "browsers refuse an answer that allows any origin and credentials: script gets an error instead of the answer",
    )
    .help("list who may use cookies: `origins = [\"https://app.example.com\"], credentials`; or drop `credentials`")
}

pub(crate) fn wildcard_with_other_origins(place: Place) -> Violation {
    violation(
        Rule::WildcardWithOtherOrigins,
        place,
        "*",
        "`\"*\"` stands beside other origins",
        "it allows anyone already, so the others would look like a restriction that is not there",
    )
    .help("`origins = [\"*\"]` for anyone, or the others without `\"*\"`")
}

pub(crate) fn null_origin(place: Place) -> Violation {
    violation(
        Rule::NullOrigin,
        place,
        "null",
        "`\"null\"` is the origin of every sandboxed page",
        "any site can send it, from an `<iframe sandbox>` of its own, so allowing it allows everyone",
    )
    .help("list the page's real origin; if the page has none, accept it by name: `danger(null_origin = \"why that is harmless\")`")
}

pub(crate) fn insecure_origin_with_credentials(place: Place, text: &str) -> Violation {
    let scheme = text.split("://").next().unwrap_or_default();
    let violation = violation(
        Rule::InsecureOriginWithCredentials,
        place,
        text,
        format!("`{text}` is not secure, and would use `credentials`"),
        "whoever controls the network between a user and that page can put script into it, and read the answer with the user's cookies",
    );
    if scheme == "http" {
        let secure = text.replacen("http://", "https://", 1);
        let secure = secure.strip_suffix(":443").unwrap_or(&secure);
        violation.help(format!("\"{secure}\""))
    } else {
        violation.help("`danger(insecure_origins = \"why that is harmless\")`, if the scheme is an app's own and its pages come from no network")
    }
}

pub(crate) fn public_suffix_with_credentials(place: Place, text: &str, suffix: &str) -> Violation {
    violation(
        Rule::PublicSuffixWithCredentials,
        place,
        text,
        format!("`{text}` allows everyone who registers a name below `{suffix}`"),
        format!("`{suffix}` is a public suffix: an attacker gets a name there in minutes, and reads the answer with the user's cookies"),
    )
    .help(format!("\"{}\"", text.replacen("*.", "*.your-name.", 1)))
}

pub(crate) fn malformed_origin(place: Place, text: &str, why: Malformed) -> Violation {
    let violation = violation(
        Rule::MalformedOrigin,
        place,
        text,
        if text.is_empty() {
            "an empty string is not an origin".to_owned()
        } else {
            format!("`{}` is not an origin: {why}", unquoted(text))
        },
        match why {
            Malformed::OpaqueScheme => {
                "browsers send `null` for them, and every sandboxed page sends that too"
            }
            Malformed::PagelessScheme => {
                "browsers name the page that connects, not what it connects to"
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
                "browsers write an origin in one way only, and origins are compared byte for byte: this would never match"
            }
        },
    );
    match corrected(text) {
        Some(origin) => violation.help(format!("\"{origin}\"")),
        None => violation,
    }
}

pub(crate) fn misplaced_wildcard(place: Place, text: &str, why: Misplaced) -> Violation {
    let (what, help) = match why {
        Misplaced::Scheme => (
            "in the scheme",
            Some(
                text.replacen("*://", "https://", 1)
                    .replacen("http*", "https", 1)
                    .replacen("https*", "https", 1),
            ),
        ),
        Misplaced::WholeHost => ("as the whole host", None),
        Misplaced::PartOfLabel => ("in a part of a label", Some(whole_label(text))),
        Misplaced::InnerLabel => ("in a label that is not the first", None),
        Misplaced::BeforeAddress => ("before an IP address", Some(text.replacen("*.", "", 1))),
        Misplaced::PartOfPort => (
            "in a part of the port",
            text.rsplit_once(':')
                .map(|(before, _)| format!("{before}:*")),
        ),
        Misplaced::Tail => ("after the host", None),
    };
    let violation = violation(
        Rule::MisplacedWildcard,
        place,
        text,
        format!("`{}` has a `*` {what}", unquoted(text)),
        match why {
            Misplaced::PartOfLabel => {
                "part of a name is nobody's property: anyone can register a name that ends or starts the same way"
            }
            Misplaced::BeforeAddress => "an IP address has no subdomains",
            Misplaced::WholeHost => {
                "that allows everyone, with a scheme that looks like a restriction"
            }
            _ => {
                "a `*` stands for one or more whole labels at the start of the host, or for the whole port"
            }
        },
    );
    match help.filter(|help| Pattern::parse(help).is_ok()) {
        Some(help) => violation.help(format!("\"{help}\"")),
        None if why == Misplaced::WholeHost => {
            violation.help("`origins = [\"*\"]` allows anyone, or list the hosts")
        }
        None => violation.help("\"https://*.example.com\" or \"http://localhost:*\""),
    }
}

/// `https://app-*.example.com` as `https://*.example.com`.
fn whole_label(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    match rest.split_once('.') {
        // `https://*example.com`: the dot is what was forgotten.
        Some(_) if rest.starts_with('*') && rest[1..].matches('.').count() == 1 => {
            format!("{scheme}://*.{}", &rest[1..])
        }
        Some((_, domain)) => format!("{scheme}://*.{domain}"),
        None => text.to_owned(),
    }
}

pub(crate) fn duplicate_origin(place: Place, text: &str) -> Violation {
    violation(
        Rule::DuplicateOrigin,
        place,
        text,
        format!("`{}` is listed twice", unquoted(text)),
        "one of the two does nothing, and whoever removes the other later will believe that it is gone",
    )
    .help("remove this one")
}

pub(crate) fn covered_origin(place: Place, text: &str, cover: &str) -> Violation {
    violation(
        Rule::CoveredOrigin,
        place,
        text,
        format!("`{text}` is already allowed by `{cover}`"),
        "it does nothing, and whoever removes it later will believe that it is refused",
    )
    .help("remove it, or the pattern")
}

pub(crate) fn loopback_origin_in_release(place: Place, text: &str) -> Violation {
    violation(
        Rule::LoopbackOriginInRelease,
        place,
        text,
        format!("`{text}` is this machine, in a build without `debug_assertions`"),
        "whatever runs on a user's own machine, at that port, could read the answer",
    )
    .help(format!(
        "`dev_origins = [\"{text}\"]`, which a release build does not contain"
    ))
}

/// The origin that was meant, if it can be told.
fn corrected(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let with_scheme = match trimmed.split_once("://") {
        Some((scheme, rest)) => {
            let scheme = scheme.to_ascii_lowercase();
            let scheme = match scheme.as_str() {
                "wss" => "https",
                "ws" => "http",
                scheme => scheme,
            };
            format!("{scheme}://{rest}")
        }
        None if trimmed.is_empty() || trimmed.contains(':') && !trimmed.contains('.') => {
            return None;
        }
        None => format!(
            "https://{}",
            trimmed.trim_start_matches("https:").trim_start_matches('/')
        ),
    };
    // The URL parser knows no `*`; it gets a label and a port that nobody writes.
    let starred = with_scheme.contains("://*.");
    let any_port = with_scheme.trim_end_matches('/').ends_with(":*");
    let url = with_scheme
        .replacen("://*.", "://wildcard-label.", 1)
        .replace(":*", "");
    let url = url::Url::parse(&url).ok()?;
    let mut origin = match url.origin() {
        url::Origin::Tuple(..) => url.origin().ascii_serialization(),
        url::Origin::Opaque(_) => return None,
    };
    if starred {
        origin = origin.replacen("://wildcard-label.", "://*.", 1);
    }
    if any_port {
        origin.push_str(":*");
    }
    let origin = origin.strip_suffix('.').unwrap_or(&origin).to_owned();
    (origin != text && Pattern::parse(&origin).is_ok()).then_some(origin)
}

/// `text` with what a terminal would act on escaped, and shortened.
fn unquoted(text: &str) -> String {
    let quoted = quoted(text);
    quoted
        .replacen('"', "", 1)
        .trim_end_matches('…')
        .trim_end_matches('"')
        .to_owned()
        + if quoted.ends_with('…') { "…" } else { "" }
}

// ---- methods ----

pub(crate) fn forbidden_method(place: Place, written: &str) -> Violation {
    violation(
        Rule::ForbiddenMethod,
        place,
        written,
        format!("`{written}` is a method that no page can send"),
        "Fetch forbids it to script, so no browser will ever ask for it",
    )
    .help("remove it, or remove `#[cors]` if browsers do not call this handler")
}

pub(crate) fn invalid_method(place: Place, written: &str) -> Violation {
    violation(
        Rule::InvalidMethod,
        place,
        written,
        if written.is_empty() {
            "an empty string is not a method".to_owned()
        } else {
            format!("`{}` is not a method", unquoted(written))
        },
        "a method is a token, of letters, digits and ``!#$%&'*+-.^_`|~``; browsers refuse to send anything else",
    )
    .help("\"PUT\"")
}

pub(crate) fn miscased_method(place: Place, written: &str, standard: &str) -> Violation {
    violation(
        Rule::MiscasedMethod,
        place,
        written,
        format!("`{written}` is not `{standard}`"),
        if method::is_normalized(written) {
            format!("methods are case-sensitive, and browsers send this one as `{standard}` whatever the page wrote")
        } else {
            format!("methods are case-sensitive, and browsers do not change the case of this one: the page has to write `{standard}` too")
        },
    )
    .help(format!("\"{standard}\""))
}

pub(crate) fn duplicate_method(place: Place, written: &str) -> Violation {
    violation(
        Rule::DuplicateMethod,
        place,
        written,
        format!("`{written}` is listed twice"),
        "one of the two does nothing",
    )
    .help("remove this one")
}

// ---- headers ----

pub(crate) fn forbidden_request_header(place: Place, written: &str, name: &str) -> Violation {
    let violation = violation(
        Rule::ForbiddenRequestHeader,
        place,
        written,
        format!("`{written}` is a header that no page can set"),
        "only the browser sets it, and it never asks in a preflight whether it may",
    );
    match name {
        "cookie" | "cookie2" => {
            violation.help("cookies are sent where the policy has `credentials`; remove this one")
        }
        _ => violation.help("remove it"),
    }
}

pub(crate) fn response_header_in_request(place: Place, written: &str) -> Violation {
    violation(
        Rule::ResponseHeaderInRequest,
        place,
        written,
        format!("`{written}` is a response header"),
        "the server answers with it, and the policy writes it; a page that sends it has mistaken which side allows",
    )
    .help("remove it here, and from the page's request")
}

pub(crate) fn invalid_header(place: Place, written: &str) -> Violation {
    let violation = violation(
        Rule::InvalidHeader,
        place,
        written,
        if written.is_empty() {
            "an empty string is not a header name".to_owned()
        } else {
            format!("`{}` is not a header name", unquoted(written))
        },
        "a header name is a token, of letters, digits and ``!#$%&'*+-.^_`|~``",
    );
    let names: Vec<_> = written
        .split([',', ' ', ';'])
        .filter(|name| !name.is_empty())
        .collect();
    match names.as_slice() {
        names if names.iter().all(|name| crate::header::is_valid(name)) && !names.is_empty() => {
            let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
            violation.help(quoted.join(", "))
        }
        _ => match written.split_once(':') {
            Some((name, _)) if crate::header::is_valid(name.trim()) => {
                violation.help(format!("\"{}\"", name.trim()))
            }
            _ => violation.help("\"x-request-id\""),
        },
    }
}

pub(crate) fn duplicate_header(place: Place, written: &str) -> Violation {
    violation(
        Rule::DuplicateHeader,
        place,
        written,
        format!("`{written}` is listed twice"),
        "header names are compared without regard to case, so one of the two does nothing",
    )
    .help("remove this one")
}

pub(crate) fn header_beside_wildcard(place: Place, written: &str) -> Violation {
    violation(
        Rule::DuplicateHeader,
        place,
        written,
        format!("`{written}` is already covered by `\"*\"`"),
        "`*` stands for every name but `authorization`, so this one does nothing",
    )
    .help("remove this one, or `\"*\"`")
}

pub(crate) fn wildcard_headers_with_credentials(place: Place) -> Violation {
    violation(
        Rule::WildcardHeadersWithCredentials,
        place,
        "*",
        "`\"*\"` in `allow_headers` cannot go with `credentials`",
        "for a request with credentials, browsers read `*` as the name of a header, and no other is allowed",
    )
    .help("`allow_headers = [\"content-type\"]`: name what the page sends")
}

pub(crate) fn wildcard_expose_with_credentials(place: Place) -> Violation {
    violation(
        Rule::WildcardExposeWithCredentials,
        place,
        "*",
        "`\"*\"` in `expose_headers` cannot go with `credentials`",
        "for a request with credentials, browsers read `*` as the name of a header, and no other is exposed",
    )
    .help("`expose_headers = [\"x-total\"]`: name what the page reads")
}

pub(crate) fn forbidden_response_header(place: Place, written: &str) -> Violation {
    violation(
        Rule::ForbiddenResponseHeader,
        place,
        written,
        format!("`{written}` is a header that script never reads"),
        "browsers hide it from script whatever the server exposes; the cookie itself takes effect where the policy has `credentials`",
    )
    .help("remove it")
}

pub(crate) fn request_header_in_response(place: Place, written: &str) -> Violation {
    violation(
        Rule::RequestHeaderInResponse,
        place,
        written,
        format!("`{written}` is a request header"),
        "the browser asks with it; no answer carries it, so there is nothing to expose",
    )
    .help("remove it")
}

pub(crate) fn safelisted_request_header(place: Place, written: &str) -> Violation {
    violation(
        Rule::SafelistedHeader,
        place,
        written,
        format!("`{written}` is always allowed"),
        "Fetch safelists it: browsers ask only if its value is unusual, such as one of over 128 bytes",
    )
    .help("remove it, unless the page sends such values")
}

pub(crate) fn safelisted_response_header(place: Place, written: &str) -> Violation {
    violation(
        Rule::SafelistedHeader,
        place,
        written,
        format!("`{written}` is always exposed"),
        "Fetch safelists it: script reads it whatever the server says",
    )
    .help("remove it")
}

// ---- max_age ----

pub(crate) fn max_age_too_large(seconds: u64) -> Violation {
    violation(
        Rule::MaxAgeTooLarge,
        Place::MaxAge,
        &seconds.to_string(),
        "`max_age` is more than a day",
        "a browser would go by an outdated policy for that long if it did not cap it, and all of them do",
    )
    .help(format!("`max_age = {}` at most; browsers keep a preflight for two hours at most, `{}`", max_age::MOST, max_age::MOST_IN_BROWSERS))
}

pub(crate) fn max_age_beyond_browsers(seconds: u64) -> Violation {
    violation(
        Rule::MaxAgeBeyondBrowsers,
        Place::MaxAge,
        &seconds.to_string(),
        format!("`{seconds}` seconds are longer than Chromium keeps a preflight"),
        "Chromium caps it at 7200 and WebKit at 600, so the rest does nothing there",
    )
    .help("`max_age = 7200`")
}

// ---- danger ----

pub(crate) fn empty_reason(place: Place, danger: Danger, reason: &str) -> Violation {
    violation(
        Rule::EmptyReason,
        place,
        reason,
        format!("`{}` has no reason", danger.key()),
        "whoever reviews this has to learn why it is harmless here; nobody else can tell them",
    )
    .help(format!(
        "`danger({} = \"why that is harmless\")`",
        danger.key()
    ))
}

pub(crate) fn needless_danger(place: Place, danger: Danger, has_origins: bool) -> Violation {
    let (why, help) = match danger {
        Danger::ReflectAnyOrigin if has_origins => (
            "the listed origins decide, so this does nothing; if anyone may read, do not list anybody",
            "remove it, or remove `origins`",
        ),
        Danger::ReflectAnyOrigin => (
            "without `credentials`, `\"*\"` allows anyone and is harmless where the resource is public",
            "`origins = [\"*\"]`",
        ),
        Danger::InsecureOrigins => (
            "no origin listed with `credentials` is insecure, and the next one that is should be seen",
            "remove it",
        ),
        Danger::PublicSuffixes => (
            "no pattern listed with `credentials` is below a public suffix, and the next one that is should be seen",
            "remove it",
        ),
        Danger::NullOrigin => (
            "`\"null\"` is not listed, and if it ever is, that should be seen",
            "remove it",
        ),
    };
    violation(
        Rule::NeedlessDanger,
        place,
        danger.key(),
        format!("nothing here needs `{}`", danger.key()),
        why,
    )
    .help(help)
}

/// A key of `danger(…)` that is none.
pub fn unknown_danger(key: &str) -> Violation {
    let keys: Vec<_> = Danger::ALL.iter().map(|danger| danger.key()).collect();
    let violation = violation(
        Rule::UnknownDanger,
        Place::Policy,
        key,
        format!("`{key}` is not a danger that can be accepted"),
        format!("the ones that can are `{}`", keys.join("`, `")),
    );
    match crate::closest(key, &keys) {
        Some(meant) => violation.help(format!("did you mean `{meant}`?")),
        None => violation,
    }
}

// ---- what only the attribute can see ----

/// An argument that is none.
pub fn unknown_argument(name: &str, of: &str, known: &[&str]) -> Violation {
    let violation = violation(
        Rule::UnknownArgument,
        Place::Policy,
        name,
        format!("`{name}` is not an argument of `{of}`"),
        format!("its arguments are `{}`", known.join("`, `")),
    );
    if name.starts_with('"') {
        return violation.help(format!("`origins = [{name}]`"));
    }
    // What other libraries call it.
    let foreign = match name {
        "allowed_origin" | "allowed_origins" | "allow_origin" | "allow_origins" => Some("origins"),
        "supports_credentials" | "allow_credentials" => Some("credentials"),
        "allowed_header" | "allowed_headers" | "headers" => Some("allow_headers"),
        "exposed_headers" => Some("expose_headers"),
        "allowed_methods" | "allow_methods" | "method" => Some("methods"),
        "vary" | "vary_header" | "disable_vary_header" => {
            return violation.help(
                "remove it: without `Vary: Origin`, a cache hands one origin's answer to another",
            );
        }
        "methods" => {
            return violation.help("methods belong to the route: state them at the handler");
        }
        "block_on_origin_mismatch" => Some("enforce"),
        _ => None,
    };
    match foreign.or_else(|| crate::closest(name, known)) {
        Some(meant) => violation.help(format!("did you mean `{meant}`?")),
        None => violation,
    }
}

/// An argument that is given twice.
pub fn duplicate_argument(name: &str, first: &str) -> Violation {
    violation(
        Rule::DuplicateArgument,
        Place::Policy,
        name,
        format!("`{name}` is given twice"),
        format!("the first is {first}; which of the two was meant cannot be told"),
    )
    .help("make one of the two")
}

/// `none` beside other arguments.
pub fn beside_none() -> Violation {
    violation(
        Rule::InvalidValue,
        Place::Policy,
        "none",
        "`none` stands beside other arguments",
        "it leaves the handler without any policy, so the others would do nothing",
    )
    .help("`#[cors(none)]`, or the others without `none`")
}

/// An argument beside a policy that is stated elsewhere.
pub fn beside_shared_policy(name: &str, policy: &str) -> Violation {
    violation(
        Rule::DuplicateArgument,
        Place::Policy,
        name,
        format!("`{name}` is given beside the policy `{policy}`"),
        "a handler has one policy; two would have to be merged, and nobody could tell how",
    )
    .help(format!(
        "state it in `{policy}`, or all of a policy of its own here"
    ))
}

/// A value of another kind than the argument takes.
pub fn invalid_value(argument: &str, found: &str, expected: &str, example: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        Place::Policy,
        found,
        format!("`{argument}` takes {expected}"),
        "the policy is checked while compiling, so each value has to be written out here",
    )
    .help(format!("`{example}`"))
}

/// `env!` of a variable that the build does not have, or that is not text.
pub fn unset_variable(name: &str, why: &str) -> Violation {
    violation(
        Rule::InvalidValue,
        Place::Policy,
        name,
        format!("the environment variable `{name}` {why}"),
        "the origin is taken from the environment of the build, and checked like a literal",
    )
    .help(format!(
        "`{name}=https://app.example.com cargo build`, or write the origin out"
    ))
}

/// Neither a route attribute nor methods.
pub fn no_route(function: &str) -> Violation {
    violation(
        Rule::NoRoute,
        Place::Policy,
        function,
        format!("`{function}` has no route attribute below `#[cors]`"),
        "the methods that its preflights are answered for belong to the route; attributes above `#[cors]` are not visible to it",
    )
    .help("put `#[cors(…)]` above `#[get(\"/…\")]`; or, for a handler registered by hand, state `methods = [\"GET\"]`")
}

/// A module without any route attribute.
pub fn module_without_route(module: &str) -> Violation {
    violation(
        Rule::NoRoute,
        Place::Policy,
        module,
        format!("no function in `{module}` has a route attribute"),
        "on a module, `#[cors]` covers the functions in it that have one, so here it covers nothing",
    )
    .help("put `#[get(\"/…\")]` above a handler in it; or move `#[cors(…)]` to where the handlers are")
}

/// A module in a file of its own.
pub fn module_elsewhere(module: &str) -> Violation {
    violation(
        Rule::NoRoute,
        Place::Policy,
        module,
        format!("`{module}` is in a file of its own, where `#[cors]` does not see it"),
        "a macro reads what stands below it, and no other file",
    )
    .help(format!(
        "`mod {module} {{ … }}` here, or `#[cors(…)]` on the handlers there"
    ))
}

/// `methods` on a module.
pub fn methods_on_module() -> Violation {
    violation(
        Rule::MethodsWithRoute,
        Place::Methods,
        "methods",
        "`methods` is given on a module",
        "its functions are covered by their route attributes, which state the methods already",
    )
    .help("remove `methods`")
}

/// `methods = []`
pub fn empty_methods() -> Violation {
    violation(
        Rule::NoRoute,
        Place::Methods,
        "[]",
        "`methods` is empty",
        "no preflight could ever be granted, and the handler would be of no use to a page on another origin",
    )
    .help("`methods = [\"GET\"]`: those that the handler is registered for")
}

/// Both a route attribute and methods.
pub fn methods_with_route(route: &str) -> Violation {
    violation(
        Rule::MethodsWithRoute,
        Place::Methods,
        "methods",
        format!("`methods` is given beside `#[{route}]`"),
        "the route attribute states the method already, and the two could disagree",
    )
    .help("remove `methods`")
}

/// Not a free `async fn`.
pub fn not_a_handler(what: &str, why: &str, help: &str) -> Violation {
    violation(Rule::NotAHandler, Place::Policy, "", what, why).help(help)
}

/// The attribute twice on one item.
pub fn repeated_cors() -> Violation {
    violation(
        Rule::RepeatedCors,
        Place::Policy,
        "cors",
        "`#[cors]` is on this handler already",
        "a handler has one policy; two would have to be merged, and nobody could tell how",
    )
    .help("make one of the two")
}

/// A route attribute that cannot be read.
pub fn invalid_route(what: impl Into<String>) -> Violation {
    violation(
        Rule::InvalidRoute,
        Place::Policy,
        "",
        what,
        "actix-web would refuse this route attribute as well",
    )
    .help("`#[get(\"/path\")]`, with `name`, `guard` and `wrap` as strings if needed")
}

/// A JSON body without `content-type` allowed.
pub fn json_without_content_type(parameter: &str) -> Violation {
    violation(
        Rule::JsonWithoutContentType,
        Place::Policy,
        parameter,
        format!("`{parameter}` needs `content-type`, which is not allowed"),
        "`application/json` makes a browser ask in a preflight first, and every such preflight is refused",
    )
    .help("`allow_headers = [\"content-type\"]`")
}

/// HTTP authentication without `authorization` allowed.
pub fn bearer_without_authorization(parameter: &str) -> Violation {
    violation(
        Rule::BearerWithoutAuthorization,
        Place::Policy,
        parameter,
        format!("`{parameter}` needs `authorization`, which is not allowed"),
        "a browser asks in a preflight before script may send it, `\"*\"` does not cover it, and every such preflight is refused",
    )
    .help("`allow_headers = [\"authorization\"]`")
}

/// A session without `credentials`.
pub fn session_without_credentials(parameter: &str) -> Violation {
    violation(
        Rule::SessionWithoutCredentials,
        Place::Policy,
        parameter,
        format!("`{parameter}` lives in a cookie, and the policy has no `credentials`"),
        "script on another origin cannot read an answer to a request with cookies, and `Set-Cookie` has no effect without them",
    )
    .help("`credentials`, with the origins listed one by one")
}
