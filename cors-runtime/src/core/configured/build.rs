//! From a checked configuration to a policy.

use cors_rules::checked::{Checked, Entry, Origins as CheckedOrigins};

use super::PolicyConfig;
use crate::core::hazards::Hazards;
use crate::core::origins::Origins;
use crate::core::policy::{AllowHeaders, ExposeHeaders, Policy};

/// True if the policy is that of this configuration.
pub(super) fn states(policy: &Policy, config: &PolicyConfig, checked: &Checked<'_>) -> bool {
    let Policy {
        origins,
        credentials,
        enforce,
        allow_headers,
        expose_headers,
        max_age,
        dangers: accepted,
        hazards: _,
    } = policy;
    let has_origins = match (origins, &checked.origins) {
        (Origins::Any, CheckedOrigins::Any) | (Origins::Reflected, CheckedOrigins::Reflected) => {
            true
        }
        (
            Origins::Listed {
                exact, patterns, ..
            },
            stated,
        ) => lists(stated).is_some_and(|(e, p)| are(exact, e) && are(patterns, p)),
        _ => false,
    };
    has_origins
        && *credentials == config.credentials
        && *enforce == config.enforce
        && allow_headers.any == checked.allow_any_header
        && *allow_headers.names == *checked.allow_headers
        && *expose_headers.names == *checked.expose_headers
        && *max_age == self::max_age(checked)
        && accepted.iter().copied().eq(config.dangers())
}

fn are(texts: &[&str], entries: &[Entry<&str>]) -> bool {
    texts.iter().eq(entries.iter().map(|entry| &entry.value))
}

type Entries<'c, 'a> = &'c [Entry<&'a str>];

/// The exact origins and the patterns, unless every origin is allowed. Without origins, there are none.
fn lists<'c, 'a>(origins: &'c CheckedOrigins<'a>) -> Option<(Entries<'c, 'a>, Entries<'c, 'a>)> {
    match origins {
        CheckedOrigins::Listed(list) => Some((&list.exact, &list.patterns)),
        CheckedOrigins::Inherited => Some((&[], &[])),
        CheckedOrigins::Any | CheckedOrigins::Reflected => None,
    }
}

fn max_age(checked: &Checked<'_>) -> String {
    (checked.max_age).map_or_else(String::new, |seconds| seconds.to_string())
}

/// The policy of this configuration, for the rest of the program: requests hold plain references to it.
pub(super) fn leaked(config: &PolicyConfig, checked: &Checked<'_>) -> &'static Policy {
    let origins = match &checked.origins {
        CheckedOrigins::Any => Origins::Any,
        CheckedOrigins::Reflected => Origins::Reflected,
        stated => {
            let (exact, patterns) = lists(stated).unwrap_or_default();
            Origins::Listed {
                exact: texts(exact.iter().map(|entry| entry.value)),
                patterns: texts(patterns.iter().map(|entry| entry.value)),
                sources: &[],
            }
        }
    };
    let names = texts(checked.expose_headers.iter().map(String::as_str));
    let dangers = config
        .dangers()
        .map(|(danger, reason)| (danger, text(reason)));
    Box::leak(Box::new(Policy {
        origins,
        credentials: config.credentials,
        enforce: config.enforce,
        allow_headers: AllowHeaders::new(
            checked.allow_any_header,
            texts(checked.allow_headers.iter().map(String::as_str)),
        ),
        expose_headers: ExposeHeaders {
            names,
            value: text(&names.join(", ")),
        },
        max_age: text(&max_age(checked)),
        dangers: Box::leak(dangers.collect()),
        hazards: Hazards::NONE,
    }))
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> &'static [&'static str] {
    Box::leak(texts.map(text).collect())
}

fn text(text: &str) -> &'static str {
    String::leak(text.to_owned())
}
