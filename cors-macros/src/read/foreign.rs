//! The words of other CORS libraries, and what they are here.

use crate::args::Form;

/// The meaning of a word of another library here.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    /// An argument of this name.
    Argument(&'static str),
    /// Origins that more than literals and patterns decide on.
    Origins(&'static str),
    /// This, in its place.
    Write(&'static str),
    /// Methods, which a policy does not state.
    Methods,
    /// A shared policy, by its path.
    Policy,
    /// A shared policy that states what is left out.
    Base,
    /// Nothing: remove it, and why.
    Remove(&'static str),
}

use Meaning::{Argument, Base, Methods, Origins, Policy, Remove, Write};

const PATTERN: &str = "`origins = [\"https://*.example.com\"]` allows every subdomain; what no pattern can say, a `static` of a type that implements `OriginSource` decides: `origins = [MY_SOURCE]`";
const SOURCE: &str = "a `static` of a type that implements `OriginSource` decides at run time: `origins = [MY_SOURCE]`";
const ANY: &str = "`origins = [\"*\"]`";
const STATUS: &str =
    "remove it: the response to a preflight is 204 without a body, which every browser takes";
const RESPONDS: &str =
    "remove it: a preflight is responded to before the handler, and never reaches it";
const VARY: &str =
    "remove it: without `Vary: Origin`, a cache hands one origin's response to another";
const NETWORK: &str = "remove it: browsers dropped that proposal, and none sends such a preflight";

/// By words in snake case. A `with_`, `set_` or `cors_` before them changes nothing.
const WORDS: &[(&str, Meaning)] = &[
    // Lists of origins.
    ("allowed_origin", Argument("origins")),
    ("allowed_origins", Argument("origins")),
    ("allow_origin", Argument("origins")),
    ("allow_origins", Argument("origins")),
    ("access_control_allow_origin", Argument("origins")),
    ("origin_patterns", Origins(PATTERN)),
    ("allowed_origin_patterns", Origins(PATTERN)),
    ("allow_origin_regex", Origins(PATTERN)),
    ("allowed_origin_regex", Origins(PATTERN)),
    ("allow_wildcard_subdomains", Origins(PATTERN)),
    (
        "is_origin_allowed_to_allow_wildcard_subdomains",
        Origins(PATTERN),
    ),
    ("allowed_origin_fn", Origins(SOURCE)),
    ("allow_origin_fn", Origins(SOURCE)),
    ("allow_origin_func", Origins(SOURCE)),
    ("allow_origin_request_func", Origins(SOURCE)),
    ("allow_origin_vary_request_func", Origins(SOURCE)),
    ("is_origin_allowed", Origins(SOURCE)),
    ("allow_any_origin", Write(ANY)),
    ("allow_all_origins", Write(ANY)),
    ("any_origin", Write(ANY)),
    ("send_wildcard", Write(ANY)),
    ("permissive", Write(ANY)),
    (
        "very_permissive",
        Write(
            "`credentials, danger(reflect_any_origin = \"…\")`, with the reason why any site may use a user's cookies",
        ),
    ),
    (
        "default",
        Write("`origins = [\"https://app.example.com\"]`: there is no policy to start from"),
    ),
    ("restrictive", Write("`none`")),
    // Credentials.
    ("supports_credentials", Argument("credentials")),
    ("allow_credentials", Argument("credentials")),
    ("allowed_credentials", Argument("credentials")),
    ("credentials", Argument("credentials")),
    ("access_control_allow_credentials", Argument("credentials")),
    (
        "no_credentials",
        Remove("remove it: a policy has no credentials unless it says `credentials`"),
    ),
    (
        "disallow_credentials",
        Remove("remove it: a policy has no credentials unless it says `credentials`"),
    ),
    // Headers.
    ("allowed_header", Argument("allow_headers")),
    ("allowed_headers", Argument("allow_headers")),
    ("allow_header", Argument("allow_headers")),
    ("headers", Argument("allow_headers")),
    ("header", Argument("allow_headers")),
    ("request_headers", Argument("allow_headers")),
    ("access_control_allow_headers", Argument("allow_headers")),
    ("allow_any_header", Write("`allow_headers = [\"*\"]`")),
    ("exposed_header", Argument("expose_headers")),
    ("exposed_headers", Argument("expose_headers")),
    ("expose_header", Argument("expose_headers")),
    ("response_headers", Argument("expose_headers")),
    ("access_control_expose_headers", Argument("expose_headers")),
    ("expose_any_header", Write("`expose_headers = [\"*\"]`")),
    // Methods.
    ("methods", Methods),
    ("method", Methods),
    ("allowed_methods", Methods),
    ("allowed_method", Methods),
    ("allow_methods", Methods),
    ("allow_method", Methods),
    ("allow_any_method", Methods),
    ("access_control_allow_methods", Methods),
    // Preflights.
    ("preflight_max_age", Argument("max_age")),
    ("access_control_max_age", Argument("max_age")),
    ("maxage", Argument("max_age")),
    ("options_success_status", Remove(STATUS)),
    ("preflight_continue", Remove(RESPONDS)),
    ("options_passthrough", Remove(RESPONDS)),
    ("automatic_options", Remove(RESPONDS)),
    ("allow_private_network", Remove(NETWORK)),
    ("allow_private_network_access", Remove(NETWORK)),
    // The rest.
    ("block_on_origin_mismatch", Argument("enforce")),
    ("vary", Remove(VARY)),
    ("vary_header", Remove(VARY)),
    ("disable_vary_header", Remove(VARY)),
    (
        "always_send",
        Remove("remove it: a request without `Origin` needs no header, and gets `Vary: Origin`"),
    ),
    (
        "intercept_exceptions",
        Remove("remove it: responses of errors get the headers too"),
    ),
    (
        "resources",
        Remove("remove it: the attribute is on the handler"),
    ),
    ("config", Argument("configured")),
    ("configuration", Argument("configured")),
    ("policy", Policy),
    ("shared", Policy),
    ("base", Base),
    ("extends", Base),
];

/// The meaning of a word, however it is spelt.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    let word = snake_case(word);
    let find = |word: &str| {
        let row = WORDS.iter().find(|(other, _)| *other == word);
        row.map(|(_, meaning)| *meaning)
    };
    let bare = ["with_", "set_", "cors_"]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix));
    if word == "none" {
        return Some(Argument("none"));
    }
    find(&word)
        .or_else(|| own(&word))
        .or_else(|| find(bare?).or_else(|| own(bare?)))
}

/// An argument of ours behind a prefix.
fn own(word: &str) -> Option<Meaning> {
    let known = Form::ByHand.known().iter();
    let known = known.copied().find(|known| *known == word)?;
    (known != "methods").then_some(Argument(known))
}

/// `allowedOrigins`, `AllowedOrigins`, `Allowed-Origins` and `ALLOWED_ORIGINS` as `allowed_origins`.
fn snake_case(word: &str) -> String {
    if !word.contains(|c: char| c.is_ascii_lowercase()) {
        return word.to_ascii_lowercase().replace('-', "_");
    }
    let mut snake = String::new();
    for c in word.chars() {
        if c == '-' {
            snake.push('_');
        } else {
            if c.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
                snake.push('_');
            }
            snake.push(c.to_ascii_lowercase());
        }
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_libraries_are_translated() {
        let rows = [
            // actix-cors
            ("allowed_origin", "origins"),
            ("allow_any_origin", ANY),
            ("send_wildcard", ANY),
            ("allowed_origin_fn", SOURCE),
            ("supports_credentials", "credentials"),
            ("allow_any_header", "`allow_headers = [\"*\"]`"),
            ("block_on_origin_mismatch", "enforce"),
            ("allow_any_method", "methods"),
            ("allow_private_network_access", NETWORK),
            ("disable_vary_header", VARY),
            // tower-http
            ("very_permissive", ""),
            ("permissive", ANY),
            ("allow_origin", "origins"),
            ("allow_private_network", NETWORK),
            // Spring
            ("allowedOrigins", "origins"),
            ("originPatterns", PATTERN),
            ("allowedOriginPatterns", PATTERN),
            ("allowCredentials", "credentials"),
            ("allowedMethods", "methods"),
            ("exposedHeaders", "expose_headers"),
            ("maxAge", "max_age"),
            // ASP.NET Core
            ("WithOrigins", "origins"),
            ("AllowAnyOrigin", ANY),
            ("AllowAnyHeader", "`allow_headers = [\"*\"]`"),
            ("SetIsOriginAllowed", SOURCE),
            ("SetPreflightMaxAge", "max_age"),
            ("WithExposedHeaders", "expose_headers"),
            ("DisallowCredentials", ""),
            // Express
            ("optionsSuccessStatus", STATUS),
            ("preflightContinue", RESPONDS),
            // rs/cors
            ("AllowedOrigins", "origins"),
            ("AllowOriginFunc", SOURCE),
            ("OptionsPassthrough", RESPONDS),
            // Flask-CORS
            ("CORS_ORIGINS", "origins"),
            ("cors_supports_credentials", "credentials"),
            ("automatic_options", RESPONDS),
            ("vary_header", VARY),
            // FastAPI
            ("allow_origins", "origins"),
            ("allow_origin_regex", PATTERN),
            ("allow_methods", "methods"),
            // Others
            ("None", "none"),
            ("policy", "policy"),
            ("base", "base"),
            ("with_credentials", "credentials"),
            ("Access-Control-Allow-Origin", "origins"),
            ("no_credentials", ""),
            ("request_headers", "allow_headers"),
            ("partners", "-"),
            ("supports_everything", "-"),
        ];
        for (word, expected) in rows {
            let found = match meaning(word) {
                Some(Argument(text) | Origins(text) | Write(text) | Remove(text)) => text,
                Some(Methods) => "methods",
                Some(Policy) => "policy",
                Some(Base) => "base",
                None => "-",
            };
            assert!(
                found == expected || (expected.is_empty() && found != "-"),
                "{word}: {found}"
            );
        }
    }
}
