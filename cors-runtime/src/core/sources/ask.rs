//! Asking the sources of a policy about an origin.

use cors_rules::Origin;

use super::call::{self, Failure};
use super::erased::{ErasedSource, Source};
use super::target::Target;

/// No source allows the origin, and one of them failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failed;

/// Tells whether a source that does not wait allows `origin`. The first that does ends the search.
pub(crate) fn ask_direct(
    sources: &[Source],
    origin: &Origin<'_>,
    target: &Target<'_>,
) -> Result<bool, Failed> {
    let mut answer = Ok(false);
    for source in sources {
        if let ErasedSource::Direct(direct) = source.get() {
            let result = call::direct(|| direct.allows(origin, target));
            match or_log(*source, result) {
                Ok(false) => {}
                Ok(true) => return Ok(true),
                failed => answer = failed,
            }
        }
    }
    answer
}

/// Tells whether any source allows `origin`: first those that do not wait are asked, then the
/// others in turn.
pub(crate) async fn ask(
    sources: &[Source],
    origin: &Origin<'_>,
    target: &Target<'_>,
) -> Result<bool, Failed> {
    let mut answer = ask_direct(sources, origin, target);
    if answer == Ok(true) {
        return answer;
    }
    for source in sources {
        if let ErasedSource::Waiting(waiting) = source.get() {
            let result = call::waiting(|| waiting.call(origin, target)).await;
            match or_log(*source, result) {
                Ok(false) => {}
                Ok(true) => return Ok(true),
                failed => answer = failed,
            }
        }
    }
    answer
}

/// The log says why a source failed.
fn or_log(source: Source, result: Result<bool, Failure>) -> Result<bool, Failed> {
    result.map_err(|failure| {
        tracing::error!(
            source = source.path,
            failure = %failure.to_string().escape_debug(),
            "an origin source failed, so the origin is not allowed",
        );
        Failed
    })
}
