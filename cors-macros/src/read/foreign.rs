//! The words of other CORS libraries, and what they are here.

use crate::args::Form;

/// The meaning of a word of another library here.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    /// An argument of this name.
    Argument(&'static str),
    /// This, in its place.
    Write(&'static str),
    /// Methods, which a policy does not state.
    Methods,
    /// A shared policy, by its path.
    Policy,
    /// A shared policy that states what is left out.
    Base,
    /// Something else, or nothing, as this help says.
    Help(&'static str),
}

use Meaning::{Argument, Base, Help, Methods, Policy, Write};

const PATTERN: &str = "`origins = [\"https://*.example.com\"]` allows every subdomain; what no pattern can say, a `static` of a type that implements `OriginSource` decides: `origins = [MY_SOURCE]`";
const SOURCE: &str = "a `static` of a type that implements `OriginSource` decides at run time: `origins = [MY_SOURCE]`";
pub(super) const ANY: &str = "`origins = [\"*\"]`";
const STATUS: &str =
    "remove it: the response to a preflight is 204 without a body, which every browser takes";
const RESPONDS: &str =
    "remove it: a preflight is responded to before the handler, and never reaches it";
const VARY: &str =
    "remove it: without `Vary: Origin`, a cache hands one origin's response to another";
pub(super) const NO_CREDENTIALS: &str =
    "remove it: a policy has no credentials unless it says `credentials`";
const NETWORK: &str = "remove it: browsers dropped that proposal, and none sends such a preflight";

/// The meaning of a word, however it is spelt. A `with_`, for example, before it changes nothing.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    let word = snake_case(word);
    let mut prefixes = ["with_", "set_", "cors_", "access_control_"].iter();
    let bare = prefixes.find_map(|prefix| word.strip_prefix(prefix));
    meaning_in_snake_case(&word).or_else(|| meaning_in_snake_case(bare?))
}

fn meaning_in_snake_case(word: &str) -> Option<Meaning> {
    Some(match word {
        // Lists of origins.
        "allowed_origin"
        | "allowed_origins"
        | "allow_origin"
        | "allow_origins"
        | "origin_patterns"
        | "allowed_origin_patterns" => Argument("origins"),
        "allow_origin_regex"
        | "allowed_origin_regex"
        | "allow_wildcard_subdomains"
        | "is_origin_allowed_to_allow_wildcard_subdomains" => Help(PATTERN),
        "allowed_origin_fn"
        | "allow_origin_fn"
        | "allow_origin_func"
        | "allow_origin_request_func"
        | "allow_origin_vary_request_func"
        | "allow_origin_predicate"
        | "is_origin_allowed" => Help(SOURCE),
        "allow_any_origin" | "allow_all_origins" | "any_origin" | "send_wildcard"
        | "permissive" | "allow_all" | "anyone" | "public" => Write(ANY),
        "very_permissive" => Write(
            "`credentials, danger(reflect_any_origin = \"…\")`, with the reason why any site may use a user's cookies",
        ),
        "default" => {
            Write("`origins = [\"https://app.example.com\"]`: there is no policy to start from")
        }
        "restrictive" | "strict" | "nobody" | "same_origin" | "deny" | "deny_all" | "disabled" => {
            Write("`none`")
        }
        "none" => Argument("none"),
        // Credentials.
        "supports_credentials" | "allow_credentials" | "allowed_credentials" => {
            Argument("credentials")
        }
        "no_credentials" | "disallow_credentials" => Help(NO_CREDENTIALS),
        // Headers.
        "allowed_header" | "allowed_headers" | "allow_header" | "headers" | "header"
        | "request_headers" => Argument("allow_headers"),
        "exposed_header" | "exposed_headers" | "expose_header" | "response_headers" => {
            Argument("expose_headers")
        }
        "allow_any_header" => Write("`allow_headers = [\"*\"]`"),
        "expose_any_header" => Write("`expose_headers = [\"*\"]`"),
        // Methods.
        "methods" | "method" | "allowed_methods" | "allowed_method" | "allow_methods"
        | "allow_method" | "allow_any_method" => Methods,
        // Preflights.
        "preflight_max_age" | "maxage" => Argument("max_age"),
        "options_success_status" => Help(STATUS),
        "preflight_continue" | "options_passthrough" | "automatic_options" => Help(RESPONDS),
        "allow_private_network" | "allow_private_network_access" => Help(NETWORK),
        // The rest.
        "block_on_origin_mismatch" => Argument("enforce"),
        "vary" | "vary_header" | "disable_vary_header" => Help(VARY),
        "always_send" => {
            Help("remove it: a request without `Origin` needs no header, and gets `Vary: Origin`")
        }
        "intercept_exceptions" => Help("remove it: responses of errors get the headers too"),
        "resources" => Help("remove it: the attribute is on the handler"),
        "config" | "configuration" => Argument("configured"),
        "policy" | "shared" => Policy,
        "base" | "extends" => Base,
        // An argument of ours, in another spelling.
        _ => Argument(Form::ByHand.known().iter().find(|known| **known == word)?),
    })
}

/// `allowedOrigins`, `AllowedOrigins`, `Allowed-Origins` and `ALLOWED_ORIGINS` as
/// `allowed_origins`.
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
            ("originPatterns", "origins"),
            ("allowedOriginPatterns", "origins"),
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
            ("with_none", "none"),
            ("same_origin", "`none`"),
            ("anyone", ANY),
            ("Access-Control-Allow-Origin", "origins"),
            ("Access-Control-Allow-Credentials", "credentials"),
            ("Access-Control-Allow-Headers", "allow_headers"),
            ("Access-Control-Expose-Headers", "expose_headers"),
            ("Access-Control-Allow-Methods", "methods"),
            ("Access-Control-Max-Age", "max_age"),
            ("Access-Control-Allow-Private-Network", NETWORK),
            ("no_credentials", ""),
            ("request_headers", "allow_headers"),
            ("partners", "-"),
            ("supports_everything", "-"),
        ];
        for (word, expected) in rows {
            let found = match meaning(word) {
                Some(Argument(text) | Write(text) | Help(text)) => text,
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
