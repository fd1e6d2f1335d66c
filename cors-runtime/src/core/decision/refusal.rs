//! Why a request gets no CORS headers.

use std::fmt;

/// Why a request gets no CORS headers.
///
/// Its `Display` is one sentence for a log.
///
/// ```
/// use cors_runtime::decision::Refusal;
///
/// assert_eq!(Refusal::MethodNotAllowed.to_string(), "the route does not have this method");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The request has no `Origin`, so it is not a CORS request.
    NoOrigin,
    /// The request has several `Origin` lines.
    ///
    /// Browsers send one. Two readers of several lines may disagree on who is asking.
    RepeatedOrigin,
    /// The policy does not allow this origin, or the value is not an origin.
    OriginNotAllowed,
    /// A source of origins failed, and no other one allows this origin.
    SourceFailed,
    /// The endpoint does not have the method in `Access-Control-Request-Method`.
    MethodNotAllowed,
    /// The policy does not allow one of the names in `Access-Control-Request-Headers`.
    HeaderNotAllowed,
    /// `Access-Control-Request-Headers` contains something that is not a header name.
    MalformedHeaders,
    /// `Access-Control-Request-Headers` is longer than 16 KiB, all lines together.
    HeadersTooLong,
    /// A page of another origin sent this, and `enforce` requires an `Origin`. Browsers send it
    /// with every method but GET and HEAD, so something removed it.
    OriginMissing,
    /// The request needed a preflight, which this policy would have refused for its origin. Perhaps
    /// the preflight of another handler on the path let it through.
    OriginFailsPreflight,
    /// The request needed a preflight, and the endpoint does not have its method.
    MethodFailsPreflight,
    /// The request needed a preflight for its `Content-Type`, and the policy does not allow the
    /// header `content-type`.
    ContentTypeFailsPreflight,
    /// The request needed a preflight and has cookies, and the policy has no `credentials`.
    CredentialsFailPreflight,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOrigin => "the request has no `Origin`",
            Self::RepeatedOrigin => "the request has several `Origin` lines",
            Self::OriginNotAllowed => "the policy does not allow this origin",
            Self::SourceFailed => "a source of origins failed, so the origin is not allowed",
            Self::MethodNotAllowed => "the route does not have this method",
            Self::HeaderNotAllowed => "the policy does not allow one of these request headers",
            Self::MalformedHeaders => {
                "`Access-Control-Request-Headers` contains something that is not a header name"
            }
            Self::HeadersTooLong => "`Access-Control-Request-Headers` is too long",
            Self::OriginMissing => {
                "the request comes from a page of another origin, and has no `Origin`"
            }
            Self::OriginFailsPreflight => {
                "the request needed a preflight, and the policy does not allow its origin"
            }
            Self::MethodFailsPreflight => {
                "the request needed a preflight, and the route does not have its method"
            }
            Self::ContentTypeFailsPreflight => {
                "the request needed a preflight, and the policy does not allow its `Content-Type`"
            }
            Self::CredentialsFailPreflight => {
                "the request needed a preflight, and the policy does not allow its cookies"
            }
        })
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn each_refusal_is_a_sentence_of_its_own() {
        let sentences = [
            Refusal::NoOrigin,
            Refusal::RepeatedOrigin,
            Refusal::OriginNotAllowed,
            Refusal::SourceFailed,
            Refusal::MethodNotAllowed,
            Refusal::HeaderNotAllowed,
            Refusal::MalformedHeaders,
            Refusal::HeadersTooLong,
            Refusal::OriginMissing,
            Refusal::OriginFailsPreflight,
            Refusal::MethodFailsPreflight,
            Refusal::ContentTypeFailsPreflight,
            Refusal::CredentialsFailPreflight,
        ]
        .map(|refusal| refusal.to_string());
        for (i, sentence) in sentences.iter().enumerate() {
            assert!(sentence.contains(' '), "{sentence:?}");
            assert!(!sentences[..i].contains(sentence), "{sentence:?}");
        }
    }
}
