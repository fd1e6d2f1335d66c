//! Asking the sources of a policy about an origin.

use cors_rules::Origin;

use super::call::{self, Failure};
use super::erased::{ErasedSource, Source};
use super::target::Target;

/// True if a source that does not wait allows `origin`. The first that does ends the search.
pub(crate) fn ask_direct(sources: &[Source], origin: &Origin<'_>, target: &Target<'_>) -> bool {
    sources.iter().any(|source| match source.get() {
        ErasedSource::Waiting(_) => false,
        ErasedSource::Direct(direct) => {
            or_log(*source, call::direct(|| direct.allows(origin, target)))
        }
    })
}

/// True if any source allows `origin`: first those that do not wait, then the others in turn.
pub(crate) async fn ask(sources: &[Source], origin: &Origin<'_>, target: &Target<'_>) -> bool {
    if ask_direct(sources, origin, target) {
        return true;
    }
    for source in sources {
        if let ErasedSource::Waiting(waiting) = source.get() {
            let result = call::waiting(|| waiting.call(origin, target)).await;
            if or_log(*source, result) {
                return true;
            }
        }
    }
    false
}

/// A failure is a no, and the log says why.
fn or_log(source: Source, result: Result<bool, Failure>) -> bool {
    result.unwrap_or_else(|failure| {
        tracing::error!(
            source = source.path,
            failure = %failure.to_string().escape_debug(),
            "an origin source failed, so the origin is not allowed",
        );
        false
    })
}
