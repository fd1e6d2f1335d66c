//! Who may do what: a pure function of a policy and a request.
//!
//! It knows no web framework, so you can try, test and fuzz it on its own. An adapter gives it
//! access to the request, and turns the [`Decision`] into a response. The terms are those of
//! [Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol).

mod authority;
mod evidence;
mod methods;
mod refusal;
mod request;
mod request_headers;
mod same_origin;
#[cfg(test)]
mod tests;
mod token;

use cors_rules::Origin;

use self::authority::Authority;
use self::evidence::{is_from_another_origin, preflight_refusal};
use self::request::Single;
use self::same_origin::is_same_origin;
use crate::core::origins::{Found, OriginValue};
use crate::core::policy::Policy;

pub use self::methods::Methods;
pub use self::refusal::Refusal;
pub(crate) use self::request::preflight_method;
pub use self::request::{Field, Request};
pub(crate) use self::request_headers::{names as requested_headers, refused as refused_headers};

/// What to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Run the handler. Its response allows this origin to read it, or has no CORS headers.
    Run(Result<AllowOrigin, Refusal>),
    /// Respond to the preflight: 204 that allows this origin, the method and the header names that it
    /// asks for; or 403.
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
    /// The origin of the request, which is this literal of the policy.
    Exact(&'static str),
    /// The origin of the request, copied: a pattern or a source allows it.
    Echo,
}

/// Decides on a request to an endpoint with this policy and these methods.
///
/// `ask` answers for the policy's sources: whether one of them allows this origin. It is called at
/// most once, and only if no literal allows the origin. Its second argument is the host that the
/// request is for, as [`OriginSource::allows`](crate::OriginSource::allows) takes it.
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
/// let decide = |origin, headers| {
///     let preflight = Preflight(origin, headers);
///     decide(write_me::POLICY, &["PUT"], &preflight, |_, _| false)
/// };
/// let app = "https://app.example.com";
/// assert_eq!(
///     decide(app, "content-type"),
///     Decision::Preflight(Ok(AllowOrigin::Exact(app))),
/// );
/// assert_eq!(decide(app, "x-other"), Decision::Preflight(Err(Refusal::HeaderNotAllowed)));
/// assert_eq!(
///     decide("https://evil.example", "content-type"),
///     Decision::Preflight(Err(Refusal::OriginNotAllowed)),
/// );
/// ```
#[inline]
pub fn decide<R: Request>(
    policy: &Policy,
    methods: impl Into<Methods>,
    request: &R,
    ask: impl FnOnce(&Origin<'_>, Option<&str>) -> bool,
) -> Decision {
    let origin = request::origin(request);
    let allowed = match look_up(policy, &origin) {
        LookUp::Known(allowed) => allowed,
        LookUp::AskSources(parsed) => {
            let host = request::authority(request);
            let host = host.as_ref().map(Authority::without_default_port);
            sources_say(ask(&parsed, host))
        }
    };
    conclude(policy, methods.into(), request, &origin, allowed)
}

/// [`decide`], for sources that wait.
pub(crate) async fn decide_async<R: Request>(
    policy: &Policy,
    methods: Methods,
    request: &R,
    ask: impl AsyncFnOnce(&Origin<'_>, Option<&str>) -> bool,
) -> Decision {
    let origin = request::origin(request);
    let allowed = match look_up(policy, &origin) {
        LookUp::Known(allowed) => allowed,
        LookUp::AskSources(parsed) => {
            let host = request::authority(request);
            let host = host.as_ref().map(Authority::without_default_port);
            sources_say(ask(&parsed, host).await)
        }
    };
    conclude(policy, methods, request, &origin, allowed)
}

/// What the policy alone says of an origin.
enum LookUp<'a> {
    Known(Result<AllowOrigin, Refusal>),
    AskSources(Origin<'a>),
}

#[inline]
fn look_up<'a>(policy: &Policy, origin: &Single<OriginValue<'a>>) -> LookUp<'a> {
    if policy.allows_any_origin() {
        return LookUp::Known(Ok(AllowOrigin::Any));
    }
    LookUp::Known(match origin {
        Single::Absent => Err(Refusal::NoOrigin),
        Single::Repeated => Err(Refusal::RepeatedOrigin),
        Single::Once(value) => match policy.origins.look_up(value) {
            Found::Exact(literal) => Ok(AllowOrigin::Exact(literal)),
            Found::Unnamed => Ok(AllowOrigin::Echo),
            Found::Nothing => Err(Refusal::OriginNotAllowed),
            Found::AskSources(parsed) => return LookUp::AskSources(parsed),
        },
    })
}

fn sources_say(allowed: bool) -> Result<AllowOrigin, Refusal> {
    if allowed {
        Ok(AllowOrigin::Echo)
    } else {
        Err(Refusal::OriginNotAllowed)
    }
}

#[inline]
fn conclude<R: Request>(
    policy: &Policy,
    methods: Methods,
    request: &R,
    origin: &Single<OriginValue<'_>>,
    allowed: Result<AllowOrigin, Refusal>,
) -> Decision {
    let requested = match origin {
        Single::Absent => None,
        Single::Once(_) | Single::Repeated => request::requested_method(request),
    };
    match requested {
        Some(method) => Decision::Preflight(preflight(policy, methods, request, method, allowed)),
        None => actual(policy, methods, request, origin, allowed),
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

/// Decides on a request that is not a preflight.
#[inline]
fn actual<R: Request>(
    policy: &Policy,
    methods: Methods,
    request: &R,
    origin: &Single<OriginValue<'_>>,
    allowed: Result<AllowOrigin, Refusal>,
) -> Decision {
    let enforced = match allowed {
        Err(refusal) if policy.enforce => enforced_refusal(origin, request, refusal),
        _ => None,
    };
    match enforced.or_else(|| preflight_refusal(policy, methods, request, allowed.is_ok())) {
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
    origin: &Single<OriginValue<'_>>,
    request: &R,
    refusal: Refusal,
) -> Option<Refusal> {
    match origin {
        Single::Absent => {
            let has_origin = !matches!(request.method(), "GET" | "HEAD");
            (has_origin && is_from_another_origin(request)).then_some(Refusal::OriginMissing)
        }
        Single::Once(value) => (!is_same_origin(value, request)).then_some(refusal),
        Single::Repeated => Some(refusal),
    }
}
