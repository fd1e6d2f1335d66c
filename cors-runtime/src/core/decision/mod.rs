//! Who may do what: a pure function of a policy and a request.
//!
//! It knows no web framework, so you can try, test and fuzz it on its own. An adapter gives it
//! access to the request, and turns the [`Decision`] into a response. The terms are those of
//! [Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol).

mod content_type;
mod endpoint;
mod methods;
mod refusal;
mod request;
mod request_headers;
mod same_origin;
#[cfg(test)]
pub(crate) mod sent;
mod skipped_preflight;
#[cfg(test)]
mod tests;
mod token;

use cors_rules::Origin;

use self::request::OriginLine;
use self::same_origin::is_same_origin;
use self::skipped_preflight::{is_from_another_origin, preflight_refusal};
use super::origins::Found;
use super::policy::Policy;
use super::sources::{self, Failed, Source, Target};

pub use self::endpoint::Endpoint;
pub(crate) use self::endpoint::handler_name;
pub use self::methods::Methods;
pub use self::refusal::Refusal;
pub(crate) use self::request::preflight_method;
pub use self::request::{Field, Request};
pub(crate) use self::request_headers::{names as requested_headers, refused as refused_headers};
pub(crate) use self::same_origin::{Reader, reader};

/// The verdict on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Run the handler. Its response allows this origin to read it, or has no CORS headers.
    Run(Result<AllowOrigin, Refusal>),
    /// Respond to the preflight: 204 that allows this origin, the method and the header names that
    /// it asks for; or 403.
    Preflight(Result<AllowOrigin, Refusal>),
    /// Respond with 403, and do not run the handler.
    Forbid(Refusal),
}

impl Decision {
    /// Why the response has no CORS headers, if it has none.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Run(allowed) | Self::Preflight(allowed) => allowed.err(),
            Self::Forbid(refusal) => Some(*refusal),
        }
    }
}

/// The value of `Access-Control-Allow-Origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowOrigin {
    /// `*`
    Any,
    /// The origin of the request, copied.
    Echo,
}

/// Decides on a request to an endpoint with this policy and these methods.
///
/// A [configured](crate::ConfiguredPolicy) policy is the one that is set now. If you also make the
/// response, use an [`Endpoint`], so that both are by the same one.
///
/// If no literal allows the origin, the sources of the policy are still to be asked. See [`Step`]
/// for how they are asked.
///
/// ```
/// use actix_web::put;
/// use cors_runtime::cors;
/// use cors_runtime::decision::{AllowOrigin, Decision, Field, Refusal, Request, decide};
///
/// #[cors(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
/// #[put("/me")]
/// async fn write_me() -> &'static str {
///     "written"
/// }
///
/// /// A preflight for `PUT`, from this origin and with these request headers.
/// struct Preflight(&'static str, &'static str);
///
/// impl Request for Preflight {
///     fn method(&self) -> &str {
///         "OPTIONS"
///     }
///
///     fn authority(&self) -> Option<&str> {
///         None
///     }
///
///     fn path(&self) -> &str {
///         "/me"
///     }
///
///     fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
///         let line = match field {
///             Field::Origin => Some(self.0),
///             Field::AccessControlRequestMethod => Some("PUT"),
///             Field::AccessControlRequestHeaders => Some(self.1),
///             _ => None,
///         };
///         line.map(str::as_bytes).into_iter()
///     }
/// }
///
/// let decided = |origin, headers| {
///     let preflight = Preflight(origin, headers);
///     decide(write_me::POLICY, &["PUT"], &preflight).without_waiting()
/// };
/// let app = "https://app.example.com";
/// assert_eq!(
///     decided(app, "content-type"),
///     Some(Decision::Preflight(Ok(AllowOrigin::Echo))),
/// );
/// assert_eq!(
///     decided(app, "x-other"),
///     Some(Decision::Preflight(Err(Refusal::HeaderNotAllowed))),
/// );
/// assert_eq!(
///     decided("https://evil.example", "content-type"),
///     Some(Decision::Preflight(Err(Refusal::OriginNotAllowed))),
/// );
/// ```
#[inline]
pub fn decide<'r, R: Request>(
    policy: &'r Policy,
    methods: impl Into<Methods>,
    request: &'r R,
) -> Step<'r, R> {
    decide_by(policy.now(), methods.into(), request)
}

impl Endpoint {
    /// Decides on a request to this endpoint.
    #[inline]
    pub fn decide<R: Request>(self, request: &R) -> Step<'_, R> {
        decide_by(self.policy, self.methods, request)
    }
}

/// The same, by the policy that is in force.
#[inline]
fn decide_by<'r, R: Request>(policy: &'r Policy, methods: Methods, request: &'r R) -> Step<'r, R> {
    let origin = request::origin(request);
    let allowed = if policy.allows_any_origin() {
        Ok(AllowOrigin::Any)
    } else {
        match &origin {
            OriginLine::Absent => Err(Refusal::NoOrigin),
            OriginLine::Repeated => Err(Refusal::RepeatedOrigin),
            OriginLine::Once(value) => match policy.origins.look_up(value) {
                Found::Matched => Ok(AllowOrigin::Echo),
                Found::NotAllowed => Err(Refusal::OriginNotAllowed),
                Found::AskSources(parsed) => {
                    return Step::Ask(Question {
                        policy,
                        methods,
                        request,
                        parsed,
                        origin,
                        target: Target::of(request::authority(request), request.path()),
                    });
                }
            },
        }
    };
    Step::Decided(finish(policy, methods, request, &origin, allowed))
}

/// A decision, or the question that has to be answered first.
#[must_use]
#[expect(
    clippy::large_enum_variant,
    reason = "it is taken apart where it is made"
)]
pub enum Step<'r, R> {
    /// The policy alone decides.
    Decided(Decision),
    /// The sources of the policy decide on the origin.
    Ask(Question<'r, R>),
}

/// The question to the sources of a policy: is this origin allowed at this target?
pub struct Question<'r, R> {
    policy: &'r Policy,
    methods: Methods,
    request: &'r R,
    parsed: Origin<'r>,
    /// The same, as the request has it.
    origin: OriginLine<'r>,
    target: Target<'r>,
}

impl<'r, R> Step<'r, R> {
    /// The same, but sources are asked about this path instead of the request's.
    pub(crate) fn at(mut self, path: &'r str) -> Self {
        if let Self::Ask(question) = &mut self {
            question.target.path = path;
        }
        self
    }
}

impl<R: Request> Step<'_, R> {
    /// Decides, and asks the sources that do not wait. `None` if one that waits would have to be
    /// asked.
    #[inline]
    pub fn without_waiting(self) -> Option<Decision> {
        match self {
            Self::Decided(decision) => Some(decision),
            Self::Ask(question) => {
                let waits = question.sources().iter().any(Source::waits);
                (!waits).then(|| {
                    let (origin, target) = (&question.parsed, &question.target);
                    let answer = sources::ask_direct(question.sources(), origin, target);
                    question.conclude_from(answer)
                })
            }
        }
    }

    /// Decides, and asks all sources: first those that do not wait, then the others in turn.
    pub async fn decided(self) -> Decision {
        match self {
            Self::Decided(decision) => decision,
            Self::Ask(question) => {
                let (origin, target) = (&question.parsed, &question.target);
                let answer = sources::ask(question.sources(), origin, target).await;
                question.conclude_from(answer)
            }
        }
    }

    /// Decides, and asks this function instead of the sources: about the origin, and the host and
    /// path that the request is for.
    pub fn answered_by(self, ask: impl FnOnce(&Origin<'_>, &Target<'_>) -> bool) -> Decision {
        match self {
            Self::Decided(decision) => decision,
            Self::Ask(question) => {
                let is_allowed = ask(&question.parsed, &question.target);
                question.conclude(is_allowed)
            }
        }
    }
}

impl<R: Request> Question<'_, R> {
    /// The origin of the request.
    pub fn origin(&self) -> &Origin<'_> {
        &self.parsed
    }

    /// The host and path that the request is for.
    pub fn target(&self) -> &Target<'_> {
        &self.target
    }

    /// Decides, given whether a source allows the origin.
    pub fn conclude(self, is_allowed: bool) -> Decision {
        self.conclude_from(Ok(is_allowed))
    }

    fn conclude_from(self, answer: Result<bool, Failed>) -> Decision {
        let allowed = match answer {
            Ok(true) => Ok(AllowOrigin::Echo),
            Ok(false) => Err(Refusal::OriginNotAllowed),
            Err(Failed) => Err(Refusal::SourceFailed),
        };
        finish(
            self.policy,
            self.methods,
            self.request,
            &self.origin,
            allowed,
        )
    }

    fn sources(&self) -> &'static [Source] {
        self.policy.origins.sources()
    }
}

#[inline]
fn finish<R: Request>(
    policy: &Policy,
    methods: Methods,
    request: &R,
    origin: &OriginLine<'_>,
    allowed: Result<AllowOrigin, Refusal>,
) -> Decision {
    let requested = match origin {
        OriginLine::Absent => None,
        OriginLine::Once(_) | OriginLine::Repeated => request::requested_method(request),
    };
    match requested {
        Some(method) => Decision::Preflight(preflight(policy, methods, request, method, allowed)),
        None => actual_request(policy, methods, request, origin, allowed),
    }
}

/// Decides on a preflight. The first refusal counts: of the origin, the method, the headers.
fn preflight<R: Request>(
    policy: &Policy,
    methods: Methods,
    request: &R,
    method: &[u8],
    allowed: Result<AllowOrigin, Refusal>,
) -> Result<AllowOrigin, Refusal> {
    let origin = allowed?;
    if !methods.contains(method) {
        return Err(Refusal::MethodNotAllowed);
    }
    let headers = request.lines(Field::AccessControlRequestHeaders);
    request_headers::check(&policy.allow_headers, headers)?;
    Ok(origin)
}

#[inline]
fn actual_request<R: Request>(
    policy: &Policy,
    methods: Methods,
    request: &R,
    origin: &OriginLine<'_>,
    allowed: Result<AllowOrigin, Refusal>,
) -> Decision {
    let enforced = match allowed {
        Err(refusal) if policy.enforce => enforced_refusal(origin, request, refusal),
        _ => None,
    };
    match enforced.or_else(|| preflight_refusal(policy, methods, request, allowed.is_ok())) {
        Some(Refusal::OriginFailsPreflight) if allowed == Err(Refusal::SourceFailed) => {
            Decision::Forbid(Refusal::SourceFailed)
        }
        Some(refusal) => Decision::Forbid(refusal),
        None => Decision::Run(allowed),
    }
}

/// Why `enforce` keeps the handler from running: a page of another origin made the request, and
/// `refusal` is why that origin is not allowed.
///
/// Browsers send `Origin` with every request that is not GET or HEAD, with CORS requests and with
/// WebSocket handshakes: <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
fn enforced_refusal<R: Request>(
    origin: &OriginLine<'_>,
    request: &R,
    refusal: Refusal,
) -> Option<Refusal> {
    match origin {
        OriginLine::Absent => {
            let has_origin = !matches!(request.method(), "GET" | "HEAD");
            (has_origin && is_from_another_origin(request)).then_some(Refusal::OriginMissing)
        }
        OriginLine::Once(value) => (!is_same_origin(value, request)).then_some(refusal),
        OriginLine::Repeated => Some(refusal),
    }
}
