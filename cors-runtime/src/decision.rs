//! What to answer: a pure function from what a policy states and a request says.
//!
//! It knows no web framework, so it can be tried, tested and fuzzed by itself; the adapter only
//! translates. Its words are those of [Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol).

use std::fmt;

use crate::origins::{self, Found, Origins};
use crate::policy::{AllowHeaders, Policy};
use crate::same_origin::is_same_origin;

/// What a request says that a policy depends on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a, L> {
    /// The `Origin` field.
    pub origin: OriginField<'a>,
    /// Whether a source that decides at run time allows the origin.
    pub vouched: bool,
    /// The `Sec-Fetch-Site` field, if there is one; empty if there are several.
    pub fetch_site: Option<&'a [u8]>,
    /// The host and port that the request is for: its `Host` field or, in HTTP/2, its authority.
    pub host: Option<&'a [u8]>,
    /// What a [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request) asks for; `None` for any other request.
    pub preflight: Option<Preflight<'a, L>>,
}

/// The `Origin` field of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginField<'a> {
    /// No such line.
    Absent,
    /// One line, whatever bytes it has.
    Once(&'a [u8]),
    /// Several lines. No browser sends them, and two readers of them may disagree about who asks.
    Repeated,
}

/// What a preflight asks for.
#[derive(Debug, Clone, Copy)]
pub struct Preflight<'a, L> {
    /// The value of `Access-Control-Request-Method`; empty if it stands there several times.
    pub method: &'a [u8],
    /// The methods of the route.
    pub methods: &'static [&'static str],
    /// The values of the lines of `Access-Control-Request-Headers`, in order.
    pub headers: L,
}

/// What to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Let the handler run, and put the verdict on its answer.
    Run(Verdict<Grant>),
    /// Answer the preflight: 204 with what is granted, or 403.
    Answer(Verdict<(Grant, &'static str)>),
    /// Answer 403: the policy has `enforce`, and this request comes from elsewhere.
    Forbid(Refusal),
}

/// A grant, or why there is none.
pub type Verdict<T> = Result<T, Refusal>;

/// Who is allowed, as `Access-Control-Allow-Origin` will say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Anyone: `*`.
    Any,
    /// The origin that asks, which is this one of the list.
    Listed(&'static str),
    /// The origin that asks, echoed: a pattern or a source allows it.
    Echoed,
}

/// Why nothing is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The request has no `Origin`: it is not a CORS request.
    NoOrigin,
    /// The request has several `Origin` lines.
    RepeatedOrigin,
    /// The policy does not allow this origin, or the value is not an origin at all: a list need not read
    /// what it does not hold.
    OriginNotAllowed,
    /// The route has no such method.
    MethodNotAllowed,
    /// The policy does not allow one of the headers that the page wants to send.
    HeaderNotAllowed,
    /// `Access-Control-Request-Headers` holds something that is not a header name.
    MalformedHeaders,
    /// `Access-Control-Request-Headers` is longer than 16 KiB over all lines.
    HeadersTooLong,
}

impl Refusal {
    /// One sentence for a log.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoOrigin => "the request has no `Origin`",
            Self::RepeatedOrigin => "the request has several `Origin` lines",
            Self::OriginNotAllowed => "the policy does not allow this origin",
            Self::MethodNotAllowed => "the route does not have this method",
            Self::HeaderNotAllowed => "the policy does not allow one of these request headers",
            Self::MalformedHeaders => "one of the request headers asked for is not a header name",
            Self::HeadersTooLong => "the list of request headers is too long",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Refusal {}

/// The most bytes of `Access-Control-Request-Headers` that are read, over all lines. Browsers send names
/// once each, so only an attack is longer.
const MAX_REQUEST_HEADERS: usize = 16 * 1024;

/// Decides on a request.
///
/// ```
/// use actix_web::put;
/// use cors_runtime::{Decision, Facts, Grant, OriginField, Preflight, Refusal, cors, decide};
///
/// #[cors(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
/// #[put("/me")]
/// async fn write_me() -> &'static str {
///     "written"
/// }
///
/// let preflight = |origin, headers| {
///     let preflight = Preflight { method: b"PUT", methods: &["PUT"], headers: [headers].into_iter() };
///     let facts = Facts { origin: OriginField::Once(origin), vouched: false, fetch_site: None, host: None, preflight: Some(preflight) };
///     decide(write_me::POLICY, facts)
/// };
/// assert_eq!(
///     preflight(b"https://app.example.com", b"content-type".as_slice()),
///     Decision::Answer(Ok((Grant::Listed("https://app.example.com"), "PUT"))),
/// );
/// assert_eq!(preflight(b"https://app.example.com", b"x-other"), Decision::Answer(Err(Refusal::HeaderNotAllowed)));
/// assert_eq!(preflight(b"https://evil.example", b"content-type"), Decision::Answer(Err(Refusal::OriginNotAllowed)));
/// ```
pub fn decide<'a, L>(policy: &Policy, facts: Facts<'a, L>) -> Decision
where
    L: Iterator<Item = &'a [u8]>,
{
    let origin = allow_origin(policy, facts.origin, facts.vouched);
    match facts.preflight {
        None => match origin {
            Err(refusal) if policy.enforce && is_elsewhere(&facts) => Decision::Forbid(refusal),
            origin => Decision::Run(origin),
        },
        Some(preflight) => Decision::Answer(origin.and_then(|grant| {
            let method = allow_method(preflight.methods, preflight.method)?;
            allow_headers(&policy.allow_headers, preflight.headers)?;
            Ok((grant, method))
        })),
    }
}

/// Whether a request that gets no grant is the work of a page on another origin.
///
/// Browsers send `Origin` with whatever is not a GET or HEAD, with CORS requests and with the handshakes of
/// WebSockets: <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
fn is_elsewhere<L>(facts: &Facts<'_, L>) -> bool {
    match facts.origin {
        OriginField::Absent => false,
        OriginField::Once(origin) => !is_same_origin(facts.fetch_site, origin, facts.host),
        OriginField::Repeated => true,
    }
}

fn allow_origin(policy: &Policy, origin: OriginField<'_>, vouched: bool) -> Verdict<Grant> {
    let listed = match (&policy.origins, origin) {
        (Origins::Any, _) => return Ok(Grant::Any),
        (_, OriginField::Absent) => return Err(Refusal::NoOrigin),
        (_, OriginField::Repeated) => return Err(Refusal::RepeatedOrigin),
        (Origins::Reflected, OriginField::Once(origin)) => {
            // `null` is an opaque origin's serialization.
            let is_origin = origin == b"null" || origins::parse(origin).is_ok();
            return if is_origin {
                Ok(Grant::Echoed)
            } else {
                Err(Refusal::OriginNotAllowed)
            };
        }
        (Origins::Listed(listed), OriginField::Once(origin)) => listed.find(origin),
    };
    match listed {
        Found::Exact(origin) => Ok(Grant::Listed(origin)),
        Found::Pattern => Ok(Grant::Echoed),
        Found::No if vouched => Ok(Grant::Echoed),
        Found::No => Err(Refusal::OriginNotAllowed),
    }
}

/// Methods are case-sensitive.
fn allow_method(methods: &'static [&'static str], asked: &[u8]) -> Verdict<&'static str> {
    methods
        .iter()
        .copied()
        .find(|method| method.as_bytes() == asked)
        .ok_or(Refusal::MethodNotAllowed)
}

/// Reads the lists once, from left to right, and stops at the first name that is not allowed.
fn allow_headers<'a>(allowed: &AllowHeaders, lines: impl Iterator<Item = &'a [u8]>) -> Verdict<()> {
    let mut room = MAX_REQUEST_HEADERS;
    for line in lines {
        room = room
            .checked_sub(line.len())
            .ok_or(Refusal::HeadersTooLong)?;
        for name in line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            // A recipient has to read empty elements: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
            if name.is_empty() {
                continue;
            }
            if !allowed.contains(name) {
                return Err(if name.iter().all(|byte| is_tchar(*byte)) {
                    Refusal::HeaderNotAllowed
                } else {
                    Refusal::MalformedHeaders
                });
            }
            if allowed.any && !name.iter().all(|byte| is_tchar(*byte)) {
                return Err(Refusal::MalformedHeaders);
            }
        }
    }
    Ok(())
}

/// A character of a token: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
