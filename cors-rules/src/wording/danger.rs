use super::PLACEHOLDER_REASON;
use crate::danger::Danger;
use crate::violation::{Place, Rule, Violation};

pub(crate) fn empty_reason(place: Place, danger: Danger, reason: &str) -> Violation {
    Violation::new(
        Rule::EmptyReason,
        place,
        reason,
        if reason.trim() == PLACEHOLDER_REASON {
            format!("the reason for `{}` is still the placeholder", danger.key())
        } else {
            format!("`{}` has no reason", danger.key())
        },
        "a reviewer needs to know why this is harmless here, and only you can say it",
    )
    .help("say it in a sentence, for example `\"devices in the factory have no certificates\"`")
}

pub(crate) fn needless_danger(place: Place, danger: Danger, has_origins: bool) -> Violation {
    let (why, help) = match danger {
        Danger::ReflectAnyOrigin if has_origins => (
            "the listed origins decide, so it does nothing",
            "remove it; or remove `origins`, if any site may read the response",
        ),
        Danger::ReflectAnyOrigin => (
            "without `credentials`, `\"*\"` allows anyone, and is harmless where the resource is public",
            "`origins = [\"*\"]`",
        ),
        Danger::InsecureOrigins => (
            "no listed origin is insecure and uses `credentials`; leaving this in would hide the next one that is",
            "remove it",
        ),
        Danger::PublicSuffixes => (
            "no listed pattern is above names of strangers and uses `credentials`; leaving this in would hide the next one that is",
            "remove it",
        ),
        Danger::NullOrigin => (
            "`\"null\"` is not listed; leaving this in would hide it if it ever is",
            "remove it",
        ),
    };
    Violation::new(
        Rule::NeedlessDanger,
        place,
        danger.key(),
        format!("nothing here needs `{}`", danger.key()),
        why,
    )
    .help(help)
}
