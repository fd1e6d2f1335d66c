//! From a checked configuration to a policy.

use cors_rules::checked::{Checked, Origins as CheckedOrigins};

use super::config::PolicyConfig;
use crate::core::origins::Origins;
use crate::core::policy::{AllowHeaders, ExposeHeaders, Policy};

/// The configuration as the check has read it: the same for all that state one policy.
pub(super) fn normalized(config: &PolicyConfig, checked: &Checked<'_>) -> PolicyConfig {
    let origins = match &checked.origins {
        CheckedOrigins::Listed(list) => {
            let all = list.exact.iter().chain(&list.patterns);
            all.map(|entry| entry.value.to_owned()).collect()
        }
        // `*`, or none.
        _ => config.origins.clone(),
    };
    let any = checked.allow_any_header.then(|| "*".to_owned());
    let names = checked.allow_headers.iter().cloned();
    PolicyConfig {
        origins,
        allow_headers: any.into_iter().chain(names).collect(),
        expose_headers: checked.expose_headers.clone(),
        ..config.clone()
    }
}

/// The policy of a normalized configuration, for the rest of the program: requests hold plain
/// references to it.
pub(super) fn leaked(config: &'static PolicyConfig, checked: &Checked<'_>) -> &'static Policy {
    let listed = |exact| {
        let (exact, patterns) = config.origins.split_at(exact);
        Origins::Listed {
            exact: texts(exact),
            patterns: texts(patterns),
            sources: &[],
        }
    };
    let max_age = (config.max_age).map_or_else(String::new, |seconds| seconds.to_string());
    let names = &config.allow_headers[usize::from(checked.allow_any_header)..];
    Box::leak(Box::new(Policy {
        origins: match &checked.origins {
            CheckedOrigins::Any => Origins::Any,
            CheckedOrigins::Reflected => Origins::Reflected,
            CheckedOrigins::Inherited => listed(0),
            CheckedOrigins::Listed(list) => listed(list.exact.len()),
        },
        credentials: config.credentials,
        enforce: config.enforce,
        allow_headers: AllowHeaders::new(checked.allow_any_header, texts(names)),
        expose_headers: ExposeHeaders {
            names: texts(&config.expose_headers),
            value: config.expose_headers.join(", ").leak(),
        },
        max_age: max_age.leak(),
        dangers: Box::leak(config.dangers().collect()),
        ..Policy::FOR_NO_ONE
    }))
}

fn texts(texts: &'static [String]) -> &'static [&'static str] {
    Box::leak(texts.iter().map(String::as_str).collect())
}
