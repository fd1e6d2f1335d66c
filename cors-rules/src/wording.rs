//! The messages: a row each, with the mistake, the reason and the correction.
//!
//! An editor shows the first line alone, so it names the value. The second is one sentence on the
//! attack, or on what a browser does. The third can be pasted.

use crate::danger::Danger;
use crate::draft::Written;
use crate::malformed::Malformed;
use crate::origin::has_domains;
use crate::pattern::Misplaced;
use crate::shown::shown;
use crate::suggest::Suggestion;
use crate::violation::{Place, Rule, Violation};
use crate::{max_age, method};

/// A reason that only a placeholder has.
pub(crate) const PLACEHOLDER_REASON: &str = "why that is harmless";

/// For a range of addresses, which no pattern stands for.
fn range_help(written: Written) -> &'static str {
    written.pick(
        "list the addresses, fill an `Allowlist` with them at run time, or decide on the range in an `OriginSource` of your own",
        "list the addresses one by one",
    )
}

/// How a danger is accepted, with `otherwise` before it.
fn accept(written: Written, otherwise: &str, danger: Danger) -> String {
    let key = danger.key();
    match written {
        Written::Attribute => format!(
            "{otherwise}accept the danger, and say why it is harmless here: `danger({key} = \"…\")`"
        ),
        Written::Configuration => format!(
            "{otherwise}accept the danger: set `danger.{key}` to the reason why it is harmless here"
        ),
        // The code accepts it, for the list as a whole.
        Written::List => format!(
            "{otherwise}the server's code can accept the danger, as the documentation of this rule says"
        ),
    }
}

/// Adds to the reason that a list is for requests with credentials too: a list does not know the
/// policies that name it.
fn for_credentials(written: Written, why: &str) -> String {
    match written {
        Written::List => format!("the list is for requests with credentials too, and {why}"),
        Written::Attribute | Written::Configuration => why.to_owned(),
    }
}

/// `message(place, value) Rule: what, why, help;`
///
/// A text is a format string, or an expression in braces. Both see the value as it is shown.
macro_rules! messages {
    ($($message:ident($place:ident, $value:ident $(, $arg:ident: $type:ty)*) $rule:ident:
        $what:tt, $why:tt, $help:tt;)*) => {
        $(#[allow(unused_variables, reason = "some messages do not quote the value")]
        pub(crate) fn $message($place: Place, $value: &str $(, $arg: $type)*) -> Violation {
            let written = $value.to_owned();
            let $value = &*shown(&$value);
            Violation {
                rule: Rule::$rule,
                place: $place,
                value: written,
                what: text!($what),
                why: text!($why),
                help: Some(text!($help)).filter(|help| !help.is_empty()),
            }
        })*
    };
}

macro_rules! text {
    ({ $($expression:tt)* }) => { String::from({ $($expression)* }) };
    ($format:literal) => { format!($format) };
}

messages! {
    missing_origins(place, value) MissingOrigins:
        "`origins` is missing",
        "a policy must say whose script may read the response: allowing no one needs no attribute, and allowing anyone must be written out",
        "`origins = [\"https://app.example.com\"]`, or `origins = [\"*\"]` for a public resource";

    empty_origins(place, value) EmptyOrigins:
        "`origins` is empty",
        "no page on another origin could read the response, which is what a handler without `#[cors]` does already",
        "`origins = [\"https://app.example.com\"]`; or `#[cors(none)]`, which also refuses its preflights";

    wildcard_with_credentials(place, value, written: Written) WildcardWithCredentials:
        "`\"*\"` cannot be combined with `credentials`",
        { for_credentials(written, "browsers reject a response that allows any origin and credentials, so script gets an error instead of the response") },
        {
            match written {
                Written::Attribute => "list the origins that may use cookies: `origins = [\"https://app.example.com\"], credentials`; or drop `credentials`",
                Written::Configuration => "list the origins that may use cookies, such as `https://app.example.com`; or set `credentials` to `false`",
                Written::List => "list the origins that may use cookies, such as `https://app.example.com`",
            }
        };

    wildcard_with_other_origins(place, value, written: Written) WildcardWithOtherOrigins:
        "`\"*\"` is listed with other origins",
        "it allows anyone already, so the others look like a restriction and are not",
        {
            written.pick(
                "`origins = [\"*\"]` to allow anyone, or the others without `\"*\"`",
                "write `*` alone to allow anyone, or the others without it",
            )
        };

    beside_reflection(place, value) CoveredOrigin:
        "`reflect_any_origin` allows this origin already",
        "it does nothing, and if you remove it later you may think that it is refused",
        "remove it, or list the origins instead of `reflect_any_origin`";

    needless_enforce(place, value, written: Written, allows_all: &str) NeedlessEnforce:
        "`enforce` refuses nobody here",
        "`{allows_all}` allows every origin, so there is no other to refuse",
        {
            written.pick(
                "remove `enforce`, or list the origins that may call this handler",
                "set `enforce` to `false`, or list the origins that may send requests",
            )
        };

    null_origin(place, value, written: Written) NullOrigin:
        "`\"null\"` is the origin of every sandboxed page",
        "any site can send it from an `<iframe sandbox>`, so allowing it allows everyone",
        {
            match written {
                Written::Attribute => "list the page's real origin; if it has none, accept the danger and say why it is harmless: `danger(null_origin = \"…\")`".to_owned(),
                Written::Configuration => accept(written, "list the page's real origin; if it has none, ", Danger::NullOrigin),
                Written::List => "list the page's real origin; a list is not asked about `null`, which only the server's code can allow".to_owned(),
            }
        };

    file_origin(place, value, written: Written) FileOrigin:
        "`\"file://\"` is the origin of every local file",
        "it does not say which file, so a page that a user was sent and has opened from disk can read the response",
        {
            match written {
                Written::Attribute => "give the page a scheme of its own in your app; or accept the danger and say why it is harmless: `danger(file_origin = \"…\")`".to_owned(),
                Written::Configuration => accept(written, "list the real origin of a page that is served; or ", Danger::FileOrigin),
                Written::List => "list the real origin of a page that is served; a list is not asked about `file://`, which only the server's code can allow".to_owned(),
            }
        };

    insecure_http_with_credentials(place, text, written: Written, suggestion: Suggestion) InsecureOriginWithCredentials:
        "`{text}` is not secure, and would use `credentials`",
        { for_credentials(written, "anyone on the network between a user and that page can inject script into it, and read the response with the user's cookies") },
        {
            let help = suggestion.help(written, "serve that page over https");
            match written {
                Written::Attribute => help,
                _ => accept(written, &format!("{help}; or "), Danger::InsecureOrigins),
            }
        };

    insecure_app_with_credentials(place, text, written: Written, meant: Suggestion) InsecureOriginWithCredentials:
        "`{text}` can be any app, and would use `credentials`",
        { for_credentials(written, "an app serves the pages of its own scheme itself, so any app on a user's device can show pages of this origin; they read the response with the cookies that the user has in that app") },
        { meant.help(written, &accept(written, "", Danger::InsecureOrigins)) };

    any_host_with_credentials(place, text, written: Written, is_extension: bool) InsecureOriginWithCredentials:
        "`{text}` allows every origin with this scheme, and would use `credentials`",
        {
            for_credentials(written, if is_extension {
                "any extension that a user has installed could read the response with the user's cookies"
            } else {
                "any app on a user's device can show pages with this scheme; they read the response with the cookies that the user has in that app"
            })
        },
        { format!("{}; or list the origins one by one", accept(written, "", Danger::InsecureOrigins)) };

    public_suffix_with_credentials(place, text, written: Written, suffix: &str, domain: &str) PublicSuffixWithCredentials:
        "`{text}` allows everyone with a name below `{suffix}`",
        {
            let matched = if suffix == domain { "" } else { ", which this pattern matches" };
            for_credentials(written, &format!("strangers get names below `{suffix}`{matched}: an attacker takes one, and reads the response with the user's cookies"))
        },
        {
            let help = "list your own sites below it one by one, each by its full name";
            match written {
                Written::Attribute => help.to_owned(),
                _ => accept(written, &format!("{help}; or "), Danger::PublicSuffixes),
            }
        };

    placeholder_origin(place, text) MalformedOrigin:
        "`{text}` is a placeholder",
        "`your-name` stands for a name of yours, and somebody else may own this one",
        "write your own name";

    several_origins(place, text, written: Written, offered: &[String]) MalformedOrigin:
        "`{text}` is more than one origin",
        "each string in the list is compared with the request's `Origin` as a whole, so this would never match",
        { or_write(written, offered, written.pick("one string for each origin", "write each origin as an entry of its own")) };

    decorated_origin(place, text, written: Written, mistake: &str, inner: &str, suggestion: Suggestion) MalformedOrigin:
        "`{text}` is not an origin: {mistake}",
        "browsers write an origin in one way only, and origins are compared byte for byte, so this would never match",
        { suggestion.help(written, &alone(written, inner)) };

    malformed_origin(place, text, written: Written, why: Malformed, suggestion: Suggestion) MalformedOrigin:
        {
            match why {
                Malformed::Empty => "an empty string is not an origin".to_owned(),
                why => format!("`{text}` is not an origin: {why}"),
            }
        },
        {
            match why {
                Malformed::OpaqueScheme => "by the standards, the origin of a `data:` page is `null`, and `about:`, `blob:` and `javascript:` pages have that of the page that made them",
                Malformed::File => "HTML leaves it to the browser, which sends `null` or `file://`; origins are compared byte for byte, so this would never match",
                Malformed::PagelessScheme => "browsers name the page that connects, not the endpoint it connects to",
                Malformed::DefaultPort => "browsers leave a default port out, and origins are compared byte for byte",
                Malformed::Empty | Malformed::TwoSchemes => "an origin is `scheme://host` or `scheme://host:port`",
                Malformed::EmptyHost | Malformed::PortZero | Malformed::PortTooLarge | Malformed::PortNotANumber =>
                    "no page can have this origin, so it would never match",
                _ => "browsers write an origin in one way only, and origins are compared byte for byte, so this would never match",
            }
        },
        {
            suggestion.help(written, match (why, written) {
                (Malformed::File, Written::Attribute) => "`\"file://\"` in the `origins` of a policy with `danger(file_origin = \"…\")`, or `\"null\"` with `danger(null_origin = \"…\")`, whichever the page sends",
                (Malformed::File, Written::Configuration) => "list `file://` and set `danger.file_origin`, or `null` and `danger.null_origin`, whichever the page sends; a danger's value is the reason why it is harmless here",
                (Malformed::File, Written::List) => "remove it: only the server's code can allow local files",
                (_, Written::Attribute) => "",
                // Wherever a correction comes to mind, it is offered.
                _ => "remove it, or write the origin as browsers send it, such as `https://app.example.com`",
            })
        };

    misspelt_scheme(place, text, written: Written, meant: &str, suggestion: Suggestion) Misspelling:
        "the scheme of `{text}` is one letter away from `{meant}`",
        "schemes are compared byte for byte, so this does not match the origin that was most likely meant",
        { suggestion.help(written, written.pick("", "remove it, unless the scheme is right")) };

    other_pattern(place, text, written: Written, kind: &str, suggestion: Suggestion) MalformedOrigin:
        "`{text}` is {kind}, and not an origin",
        "origins are compared byte for byte; the only pattern is a `*` for whole labels or for the port",
        {
            suggestion.help(written, written.pick(
                "`\"https://*.example.com\"` allows every subdomain; what no pattern can say, a `static` of a type that implements `OriginSource` decides",
                "list the origins one by one, or write a pattern such as `https://*.example.com` for every subdomain",
            ))
        };

    address_range(place, text, written: Written) MalformedOrigin:
        "`{text}` is a range of addresses",
        "the origin of a page has one address, and origins are compared byte for byte, so this would never match",
        { range_help(written) };

    misplaced_wildcard(place, text, written: Written, why: Misplaced, suggestion: Suggestion) MisplacedWildcard:
        {
            let position = match why {
                Misplaced::Scheme => "in the scheme",
                Misplaced::WholeHost => "as the whole host",
                Misplaced::PartOfLabel => "in a part of a label",
                Misplaced::InnerLabel => "in a label that is not the first",
                Misplaced::BeforeAddress => "before an IP address",
                Misplaced::InAddress => "in an IP address",
                Misplaced::PartOfPort => "in a part of the port",
            };
            format!("`{text}` has a `*` {position}")
        },
        {
            match why {
                Misplaced::PartOfLabel if !has_own_scheme(text) => "owning a part of a label proves nothing: anyone can register a name that starts or ends with it",
                Misplaced::BeforeAddress => "an IP address has no subdomains",
                Misplaced::InAddress => "a `*` stands for names below a domain, and an address has none",
                Misplaced::WholeHost => "anyone can have a site with this scheme, so that allows everyone, although it looks like a restriction",
                _ if has_own_scheme(text) => "in a scheme of its own, a `*` stands for the whole host, for whole labels at its start, or for the whole port",
                _ => "a `*` stands for one or more whole labels at the start of the host, or for the whole port",
            }
        },
        {
            let is_code = written == Written::Attribute;
            suggestion.help(written, match why {
                Misplaced::WholeHost if !is_code => "list the hosts; or, without credentials, `*` alone to allow anyone",
                Misplaced::WholeHost if text.ends_with('*') => "list the hosts, fill an `Allowlist` with them at run time, or write `origins = [\"*\"]` to allow anyone",
                Misplaced::WholeHost => "list the hosts, or fill an `Allowlist` with them at run time",
                Misplaced::InAddress => range_help(written),
                _ if has_own_scheme(text) => "list the origins; or `*` as the whole host, which allows every origin with this scheme",
                Misplaced::PartOfLabel if !is_code => "list the origins",
                Misplaced::PartOfLabel => "list the origins, or fill an `Allowlist` with them at run time",
                _ if is_code => "`*` as the whole first label or the whole port: \"https://*.example.com\", \"http://localhost:*\"",
                _ => "write `*` as the whole first label or the whole port: `https://*.example.com`, `http://localhost:*`",
            })
        };

    duplicate_origin(place, text) DuplicateOrigin:
        "`{text}` is listed twice",
        "one of the two does nothing, and if you remove the other later you may think that the origin is refused",
        "remove this one";

    covered_origin(place, text, wider: &str) CoveredOrigin:
        { format!("`{text}` is already allowed by `{}`", shown(&wider)) },
        "it does nothing, and if you remove it later you may think that it is refused",
        "remove it, or the pattern";

    loopback_origin_in_release(place, text, written: Written) LoopbackOriginInRelease:
        {
            let build = written.pick(", in a build without `debug_assertions`", "");
            format!("`{text}` is the user's own machine{build}")
        },
        "any program that serves that port on a user's machine could read the response",
        {
            written.pick(
                format!("`dev_origins = [\"{text}\"]`, which a release build does not contain; if an app of yours has this origin in production, accept it with `#[allow(deprecated)]`"),
                "remove it, unless this is for development, or an app of yours has this origin in production".to_owned(),
            )
        };

    forbidden_request_header(place, written, help: &str) ForbiddenRequestHeader:
        "no page can set the header `{written}`",
        "only the browser sets it, and it never asks in a preflight whether it may",
        "{help}";

    response_header_in_request(place, written) ResponseHeaderInRequest:
        "`{written}` is a response header",
        "the server responds with it, and the policy writes it; a page that sends it grants itself nothing",
        "remove it here, and from the page's request";

    invalid_header(place, name, written: Written, meant: &[String]) InvalidHeader:
        { not_a(name, "a header name", "an empty string is not a header name") },
        "a header name is a token: letters, digits and ``!#$%&'*+-.^_`|~``",
        { or_write(written, meant, written.pick("a name such as `\"x-request-id\"`", "remove it, or write a name such as `x-request-id`")) };

    decorated_header(place, name, written: Written, mistake: &str, inner: &str, meant: &[String]) InvalidHeader:
        "`{name}` is not the name of a header: {mistake}",
        "names are compared as a whole, so a header of the name inside is not meant by it",
        { or_write(written, meant, &alone(written, inner)) };

    misspelt_header(place, name, written: Written, meant: &str, is_listed: bool) Misspelling:
        "`{name}` is most likely a slip of `{meant}`",
        "names are compared as a whole, so a header of the usual name is not meant by it",
        { if is_listed { format!("remove it: `{meant}` is listed already") } else { written.write(&[meant]) } };

    pattern_of_headers(place, name, written: Written) InvalidHeader:
        "`{name}` is not a pattern of header names",
        "`*` stands for every name if it is alone; in a name it is a character like any other, so this would never match",
        { written.pick("name each header, or write `\"*\"` for all", "name each header, or write `*` alone for all") };

    any_header(place, name, written: Written) InvalidHeader:
        "`{name}` is not a header that a page sends or reads",
        "this is the name of one header, and does not stand for all",
        { written.pick("`\"*\"` for all, or the names", "write `*` alone for all, or the names") };

    duplicate_header(place, written) DuplicateHeader:
        "`{written}` is listed twice",
        "header names are compared without regard to case, so one of the two does nothing",
        "remove this one";

    header_beside_wildcard(place, name, written: Written, exception: &str) DuplicateHeader:
        "`{name}` is already covered by `\"*\"`",
        "`*` covers every name{exception}, so this one does nothing",
        { written.pick("remove this one, or `\"*\"`", "remove this one, or `*`") };

    wildcard_expose_with_credentials(place, value, written: Written) WildcardExposeWithCredentials:
        "`\"*\"` in `expose_headers` cannot be combined with `credentials`",
        "for a request with credentials, browsers read `*` as the name of a header, so no other header is exposed",
        { written.pick("name what the page reads: `expose_headers = [\"x-total\"]`", "name what the page reads, such as `x-total`; or set `credentials` to `false`") };

    forbidden_response_header(place, written) ForbiddenResponseHeader:
        "script can never read the header `{written}`",
        "browsers hide it from script whatever the server exposes; the cookie itself needs `credentials`, not this",
        "remove it";

    request_header_in_response(place, written) RequestHeaderInResponse:
        "`{written}` is a request header",
        "only the browser sends it; no response carries it, so there is nothing to expose",
        "remove it";

    safelisted_request_header(place, written) SafelistedHeader:
        "`{written}` needs no permission",
        "Fetch safelists it: browsers ask only if its value is unusual, for example longer than 128 bytes",
        "remove it, unless the page sends such values";

    safelisted_response_header(place, written) SafelistedHeader:
        "`{written}` is always exposed",
        "Fetch safelists it: script reads it whatever the server exposes",
        "remove it";

    forbidden_method(place, written) ForbiddenMethod:
        "no page can send the method `{written}`",
        "Fetch forbids it to script, so no browser ever sends it or asks for it",
        "remove it, or remove `#[cors]` if browsers do not call this handler";

    any_method(place, written) InvalidMethod:
        "`{written}` is not a method that a page sends",
        "methods are compared as they are written, so this is the name of one method and does not stand for all",
        "list the methods that the handler is registered for: `methods = [\"GET\", \"PUT\"]`";

    invalid_method(place, written, help: &str) InvalidMethod:
        { not_a(written, "a method", "an empty string is not a method") },
        "a method is a token: letters, digits and ``!#$%&'*+-.^_`|~``; browsers refuse to send anything else",
        "{help}";

    misspelt_method(place, written, meant: &str, is_listed: bool) Misspelling:
        "`{written}` is most likely a slip of `{meant}`",
        "methods are compared as a whole, so a preflight for the usual one would be refused",
        { if is_listed { format!("remove it: `{meant}` is listed already") } else { format!("\"{meant}\"") } };

    several_methods(place, written, help: &str) InvalidMethod:
        "`{written}` is more than one method",
        "each string in the list is compared with the request's method as a whole, so this would never match",
        "{help}";

    miscased_method(place, written, standard: &str, is_listed: bool) MiscasedMethod:
        "`{written}` is not `{standard}`",
        {
            if method::is_normalized(written) {
                format!("methods are case-sensitive, and browsers send this one as `{standard}` however the page writes it")
            } else {
                format!("methods are case-sensitive, and browsers keep the case of this one: the page must write `{standard}` too")
            }
        },
        { if is_listed { format!("remove it: `{standard}` is listed already") } else { format!("\"{standard}\"") } };

    duplicate_method(place, written) DuplicateMethod:
        "`{written}` is listed twice",
        "one of the two does nothing",
        "remove this one";

    max_age_too_large(place, seconds) MaxAgeTooLarge:
        "`{seconds}` seconds are more than a day",
        "no browser keeps a preflight response for longer: Firefox caps it at 86400 seconds, Chromium at 7200, WebKit at 600",
        { format!("`{}`, which is a day, or less", max_age::MOST) };

    max_age_beyond_browsers(place, seconds) MaxAgeBeyondBrowsers:
        "`{seconds}` seconds are longer than Chromium keeps a preflight response",
        "Chromium caps it at 7200 seconds and WebKit at 600; only Firefox keeps it for up to 86400",
        { format!("`{}`", max_age::MOST_IN_CHROMIUM) };

    empty_reason(place, reason, written: Written, danger: &str) EmptyReason:
        {
            if reason.trim() == PLACEHOLDER_REASON {
                format!("the reason for `{danger}` is still the placeholder")
            } else {
                format!("`{danger}` has no reason")
            }
        },
        "a reviewer needs to know why this is harmless here, and only you can say it",
        {
            written.pick(
                "say it in a sentence, for example `\"devices in the factory have no certificates\"`",
                "say it in a sentence, for example `devices in the factory have no certificates`",
            )
        };

    needless_danger(place, key, written: Written, danger: Danger, has_origins: bool, has_sources: bool, is_only: bool) NeedlessDanger:
        "nothing here needs `{key}`",
        {
            match danger {
                Danger::ReflectAnyOrigin if has_origins => "the listed origins decide, so it does nothing",
                Danger::ReflectAnyOrigin => "without `credentials`, `\"*\"` allows anyone, and is harmless where the resource is public",
                Danger::InsecureOrigins => "no listed origin is insecure and uses `credentials`; leaving this in would hide the next one that is",
                Danger::PublicSuffixes => "no listed pattern is above names of strangers and uses `credentials`; leaving this in would hide the next one that is",
                Danger::NullOrigin => "`\"null\"` is not listed; leaving this in would hide it if it ever is",
                Danger::FileOrigin => "`\"file://\"` is not listed; leaving this in would hide it if it ever is",
            }
        },
        {
            match danger {
                Danger::ReflectAnyOrigin if has_origins => written.pick("remove it; or remove `origins`, if any site may read the response", "remove it").to_owned(),
                Danger::ReflectAnyOrigin => written.pick("write `origins = [\"*\"]` instead of `danger`", "remove it, and list `*` alone in `origins`").to_owned(),
                Danger::InsecureOrigins | Danger::PublicSuffixes if has_sources => {
                    format!("remove it; a list that is filled at run time accepts it itself: `Allowlist::new().danger(Danger::{danger:?}, \"…\")`")
                }
                _ if is_only => written.pick("leave `danger` out", "remove it").to_owned(),
                _ => "remove it".to_owned(),
            }
        };
}

/// True if the scheme of an origin or pattern is that of apps or of a browser's own pages.
fn has_own_scheme(text: &str) -> bool {
    (text.split_once("://"))
        .is_some_and(|(scheme, _)| !scheme.contains('*') && !has_domains(scheme))
}

/// The help to write an entry without what is around it, if that is wrong for another reason.
fn alone(written: Written, inner: &str) -> String {
    let inner = shown(&inner);
    written.pick(
        format!("`\"{inner}\"` alone"),
        format!("write `{inner}` alone"),
    )
}

/// The help to write these, or else `otherwise`.
fn or_write(written: Written, texts: &[String], otherwise: &str) -> String {
    if texts.is_empty() {
        otherwise.to_owned()
    } else {
        written.write(texts)
    }
}

fn not_a(written: &str, kind: &str, empty: &str) -> String {
    if written.is_empty() {
        empty.to_owned()
    } else {
        format!("`{written}` is not {kind}")
    }
}
