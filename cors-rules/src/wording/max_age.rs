use crate::max_age;
use crate::violation::{Place, Rule, Violation};

pub(crate) fn max_age_too_large(seconds: u64) -> Violation {
    Violation::new(
        Rule::MaxAgeTooLarge,
        Place::MaxAge,
        &seconds.to_string(),
        format!("`{seconds}` seconds are more than a day"),
        "no browser keeps a preflight response for longer: Firefox caps it at 86400 seconds, Chromium at 7200, WebKit at 600",
    )
    .help(format!("`{}`, which is a day, or less", max_age::MOST))
}

pub(crate) fn max_age_beyond_browsers(seconds: u64) -> Violation {
    Violation::new(
        Rule::MaxAgeBeyondBrowsers,
        Place::MaxAge,
        &seconds.to_string(),
        format!("`{seconds}` seconds are longer than Chromium keeps a preflight response"),
        "Chromium caps it at 7200 seconds and WebKit at 600; only Firefox keeps it for up to 86400",
    )
    .help(format!("`{}`", max_age::MOST_IN_CHROMIUM))
}
