//! The response that a decision calls for: whether the handler runs, and the CORS headers.

use cors_rules::method::is_safelisted;

use super::decision::{AllowOrigin, Decision, Endpoint, Field, Refusal, Request};
use super::explain::{DiagnosticPreflight, Explanation};
use super::origins::Origins;
use super::policy::Policy;

/// The next step for an adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Run the handler, and apply these headers to its response.
    Run(Headers),
    /// Respond with this. The handler does not run.
    Respond(Response),
}

impl Action {
    /// Says what happens to a refused request: the first words of its line in the log.
    pub(crate) fn happened(&self, decision: Decision) -> &'static str {
        match (decision, self) {
            (Decision::Run(_), _) => "the handler ran, and the page cannot read its response",
            (Decision::Forbid(_), _) => "403, the handler did not run",
            (Decision::Preflight(_), Self::Respond(Response { status: 204, .. })) => {
                "the preflight was refused; the 204 explains it to the browser"
            }
            (Decision::Preflight(_), _) => "the preflight was refused",
        }
    }
}

/// A response to a preflight, or a 403.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// 204 or 403.
    pub status: u16,
    /// The CORS headers.
    pub headers: Headers,
    /// More fields to set, for a diagnostic preflight: the methods and the header names that it
    /// lists instead of those asked for, and why it was refused.
    pub diagnosis: Vec<(ResponseField, String)>,
    /// An explanation, as `text/plain; charset=utf-8`.
    pub body: Option<String>,
}

/// The CORS headers of a response.
///
/// To apply them: remove every `Access-Control-*` field, because the policy is the only authority;
/// set [each field](Self::for_each_field); and [merge](merge_vary) the names of
/// [`vary`](Self::vary) into `Vary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a line of the response, or none"
)]
#[expect(
    clippy::struct_field_names,
    reason = "they are those of the fields in the response"
)]
pub struct Headers {
    allow_origin: Option<AllowOrigin>,
    allow_credentials: bool,
    /// The method of the preflight is allowed, and needs that.
    allow_method: bool,
    /// The header names that the preflight asks for are allowed.
    allow_headers: bool,
    /// A cache may store the response.
    is_stored: bool,
    vary: Vary,
    expose_headers: &'static str,
    max_age: &'static str,
}

/// The value of a response field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// This text.
    Text(&'static str),
    /// Every line of this field of the request that is not empty.
    Echo(Field),
}

/// A field of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the field of that name")]
pub enum ResponseField {
    AccessControlAllowOrigin,
    AccessControlAllowCredentials,
    AccessControlExposeHeaders,
    AccessControlAllowMethods,
    AccessControlAllowHeaders,
    AccessControlMaxAge,
    CacheControl,
    /// Says in a 204 that it explains a refusal. Browsers ignore it; it is for people who use
    /// `curl`.
    Refused,
}

/// The request fields that a response depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vary {
    /// None of those that CORS reads: the response is the same for all origins.
    Nothing,
    /// `Origin`
    Origin,
    /// `Origin`, and those that only a preflight has.
    Preflight,
}

impl Vary {
    /// Their names, as a value of `Vary`.
    pub const fn names(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Origin => "Origin",
            Self::Preflight => {
                "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
            }
        }
    }
}

/// Turns the decision on a request into what an adapter does.
///
/// If `explains` is on, the response to a refused preflight says why: a 403 in its body, and a 204
/// in its field `x-cors-refused`.
pub fn action<R: Request>(
    endpoint: Endpoint,
    decision: Decision,
    request: &R,
    explains: bool,
) -> Action {
    let policy = endpoint.policy;
    match decision {
        Decision::Run(allowed) => Action::Run(Headers::of_handler(policy, allowed.ok())),
        Decision::Preflight(Ok(origin)) => {
            Action::Respond(allowed_preflight(policy, origin, request))
        }
        Decision::Preflight(Err(refusal)) => {
            Action::Respond(refused_preflight(endpoint, refusal, request, explains))
        }
        // It depends on fields that are not in `Vary`, such as `Sec-Fetch-Site`, and programs can
        // send any. So no cache may store it, or one request could have it served to everyone.
        Decision::Forbid(_) => Action::Respond(Response::new(
            403,
            Headers {
                is_stored: false,
                ..Headers::nothing(Vary::Origin)
            },
        )),
    }
}

/// 204 with what was asked for, which is all allowed.
fn allowed_preflight<R: Request>(policy: &Policy, origin: AllowOrigin, request: &R) -> Response {
    let mut methods = request.lines(Field::AccessControlRequestMethod);
    let is_safelisted = |it| std::str::from_utf8(it).is_ok_and(is_safelisted);
    Response::new(
        204,
        Headers {
            allow_method: !methods.any(is_safelisted),
            allow_headers: true,
            max_age: policy.max_age,
            ..Headers::of_preflight(policy, origin)
        },
    )
}

/// 403; or, while refusals are explained, what makes the browser's console name the culprit.
fn refused_preflight<R: Request>(
    endpoint: Endpoint,
    refusal: Refusal,
    request: &R,
    explains: bool,
) -> Response {
    let forbidden = Response::new(403, Headers::nothing(Vary::Preflight));
    if !explains {
        return forbidden;
    }
    let policy = endpoint.policy;
    let explanation = Explanation::new(endpoint, request, refusal);
    let diagnostic = DiagnosticPreflight::new(policy, endpoint.methods, request, refusal);
    if let Some(DiagnosticPreflight { methods, headers }) = diagnostic {
        use ResponseField as Of;
        let origin = if policy.allows_any_origin() {
            AllowOrigin::Any
        } else {
            AllowOrigin::Echo
        };
        let mut diagnosis = vec![
            (Of::AccessControlAllowMethods, methods.join(", ")),
            (Of::AccessControlAllowHeaders, headers.join(", ")),
            (Of::Refused, as_ascii(&explanation.sentence())),
        ];
        diagnosis.retain(|(_, value)| !value.is_empty());
        return Response {
            diagnosis,
            ..Response::new(204, Headers::of_preflight(policy, origin))
        };
    }
    Response {
        body: Some(explanation.to_string()),
        ..forbidden
    }
}

/// A text that a header value can hold. Names of handlers may have other characters.
fn as_ascii(text: &str) -> String {
    text.chars().fold(String::new(), |mut ascii, c| {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            ascii.extend(c.escape_unicode());
        }
        ascii
    })
}

impl Response {
    const fn new(status: u16, headers: Headers) -> Self {
        Self {
            status,
            headers,
            diagnosis: Vec::new(),
            body: None,
        }
    }
}

impl ResponseField {
    /// The name, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccessControlAllowOrigin => "access-control-allow-origin",
            Self::AccessControlAllowCredentials => "access-control-allow-credentials",
            Self::AccessControlExposeHeaders => "access-control-expose-headers",
            Self::AccessControlAllowMethods => "access-control-allow-methods",
            Self::AccessControlAllowHeaders => "access-control-allow-headers",
            Self::AccessControlMaxAge => "access-control-max-age",
            Self::CacheControl => "cache-control",
            Self::Refused => "x-cors-refused",
        }
    }
}

impl Headers {
    const fn nothing(vary: Vary) -> Self {
        Self {
            allow_origin: None,
            allow_credentials: false,
            allow_method: false,
            allow_headers: false,
            is_stored: true,
            vary,
            expose_headers: "",
            max_age: "",
        }
    }

    /// For the response of a handler, or of middleware before it.
    fn of_handler(policy: &Policy, allow_origin: Option<AllowOrigin>) -> Self {
        // By the decision, not by the policy: a list may have been set to `*` since.
        let is_same_for_all =
            allow_origin == Some(AllowOrigin::Any) || policy.origins == Origins::Nobody;
        let nothing = Self::nothing(if is_same_for_all {
            Vary::Nothing
        } else {
            Vary::Origin
        });
        match allow_origin {
            None => nothing,
            Some(_) => Self {
                allow_origin,
                allow_credentials: policy.credentials,
                expose_headers: policy.expose_headers.value,
                ..nothing
            },
        }
    }

    fn of_preflight(policy: &Policy, origin: AllowOrigin) -> Self {
        Self {
            allow_origin: Some(origin),
            allow_credentials: policy.credentials,
            ..Self::nothing(Vary::Preflight)
        }
    }

    /// The same, but no origin may read the response.
    #[must_use]
    pub fn for_no_origin(self) -> Self {
        Self::nothing(self.vary)
    }

    /// Grants to one request only what both grant.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let vary = self.vary.max(other.vary);
        let (Some(one), Some(another)) = (self.allow_origin, other.allow_origin) else {
            return Self::nothing(vary);
        };
        let is_any = one == AllowOrigin::Any && another == AllowOrigin::Any;
        let seconds = |max_age: &str| max_age.parse().unwrap_or(DEFAULT_MAX_AGE);
        Self {
            allow_origin: Some(if is_any {
                AllowOrigin::Any
            } else {
                AllowOrigin::Echo
            }),
            allow_credentials: self.allow_credentials && other.allow_credentials,
            expose_headers: if self.expose_headers == other.expose_headers {
                self.expose_headers
            } else {
                ""
            },
            max_age: if seconds(other.max_age) < seconds(self.max_age) {
                other.max_age
            } else {
                self.max_age
            },
            vary,
            ..self
        }
    }

    /// True if the origin of the request may read the response; if so, as `*` or by its name.
    pub fn allow_origin(&self) -> Option<AllowOrigin> {
        self.allow_origin
    }

    /// True if it may do so if the request had credentials.
    pub fn allow_credentials(&self) -> bool {
        self.allow_credentials
    }

    /// Passes each field to `set`, with its value.
    pub fn for_each_field(self, mut set: impl FnMut(ResponseField, Value)) {
        use ResponseField as Of;
        match self.allow_origin {
            Some(AllowOrigin::Any) => set(Of::AccessControlAllowOrigin, Value::Text("*")),
            Some(AllowOrigin::Echo) => {
                set(Of::AccessControlAllowOrigin, Value::Echo(Field::Origin));
            }
            None => {}
        }
        if self.allow_credentials {
            set(Of::AccessControlAllowCredentials, Value::Text("true"));
        }
        if self.allow_method {
            let method = Value::Echo(Field::AccessControlRequestMethod);
            set(Of::AccessControlAllowMethods, method);
        }
        if self.allow_headers {
            let names = Value::Echo(Field::AccessControlRequestHeaders);
            set(Of::AccessControlAllowHeaders, names);
        }
        if !self.expose_headers.is_empty() {
            let names = Value::Text(self.expose_headers);
            set(Of::AccessControlExposeHeaders, names);
        }
        if !self.max_age.is_empty() {
            set(Of::AccessControlMaxAge, Value::Text(self.max_age));
        }
        if !self.is_stored {
            set(Of::CacheControl, Value::Text("no-store"));
        }
    }

    /// The fields to merge into `Vary`.
    pub fn vary(&self) -> Vary {
        self.vary
    }
}

/// The seconds that a browser remembers a preflight without `Access-Control-Max-Age`:
/// <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
const DEFAULT_MAX_AGE: u32 = 5;

/// The value of `Vary` that has the names of all `lines`, and these. `None` if a line is `*`, which
/// covers all, so that the lines can stay.
///
/// It is one line without duplicates: some caches read only the first line of a repeated field, or
/// only the last (nginx before 1.23). If `*` is in a list, it becomes `*` alone: nginx takes it for
/// the name of a field, and stores the response.
///
/// Without `Origin` in `Vary`, a cache serves the response for one origin to another:
/// <https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches>
pub fn merge_vary<'a>(
    lines: impl Iterator<Item = &'a [u8]> + Clone,
    names: &'a str,
) -> Option<Vec<u8>> {
    if lines.clone().any(|line| line == b"*") {
        return None;
    }
    let mut merged: Vec<&[u8]> = Vec::new();
    for line in lines.chain([names.as_bytes()]) {
        for name in line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            if name == b"*" {
                return Some(b"*".to_vec());
            }
            let is_new = !merged.iter().any(|other| other.eq_ignore_ascii_case(name));
            if is_new && !name.is_empty() {
                merged.push(name);
            }
        }
    }
    Some(merged.join(b", ".as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_handlers_grant_what_both_grant() {
        let one = Headers {
            allow_origin: Some(AllowOrigin::Any),
            allow_credentials: true,
            allow_method: true,
            allow_headers: true,
            is_stored: true,
            vary: Vary::Origin,
            expose_headers: "x-a",
            max_age: "60",
        };
        for (other, expected) in [
            (one, one),
            (
                Headers {
                    allow_origin: Some(AllowOrigin::Echo),
                    ..one
                },
                Headers {
                    allow_origin: Some(AllowOrigin::Echo),
                    ..one
                },
            ),
            (
                Headers {
                    allow_credentials: false,
                    ..one
                },
                Headers {
                    allow_credentials: false,
                    ..one
                },
            ),
            (
                Headers {
                    expose_headers: "x-b",
                    ..one
                },
                Headers {
                    expose_headers: "",
                    ..one
                },
            ),
            (
                Headers {
                    max_age: "7",
                    ..one
                },
                Headers {
                    max_age: "7",
                    ..one
                },
            ),
            // Browsers take 5 seconds.
            (
                Headers { max_age: "", ..one },
                Headers { max_age: "", ..one },
            ),
            (
                Headers {
                    vary: Vary::Preflight,
                    ..one
                },
                Headers {
                    vary: Vary::Preflight,
                    ..one
                },
            ),
            (
                Headers {
                    allow_origin: None,
                    ..one
                },
                Headers::nothing(Vary::Origin),
            ),
        ] {
            assert_eq!(one.and(other), expected);
            assert_eq!(other.and(one), expected);
        }
    }

    #[test]
    fn a_text_is_written_in_ascii() {
        assert_eq!(as_ascii("`größe` refused"), r"`gr\u{f6}\u{df}e` refused");
    }

    #[test]
    fn vary_is_one_line_with_all_names_or_a_star() {
        for (what, lines, expected) in [
            ("nothing", &[][..], "Origin"),
            ("an empty line", &[""], "Origin"),
            ("origin", &["Origin"], "Origin"),
            ("origin in another case", &["oRIGIN"], "oRIGIN"),
            ("origin twice", &["origin, Origin"], "origin"),
            ("origin on two lines", &["origin", "Origin"], "origin"),
            ("another name", &["Accept"], "Accept, Origin"),
            ("two lines", &["Accept", "Cookie"], "Accept, Cookie, Origin"),
            ("origin first", &["Origin,Accept"], "Origin, Accept"),
            ("a name twice", &["Accept, accept"], "Accept, Origin"),
            ("empty elements", &[",Accept,, ,"], "Accept, Origin"),
            ("a longer name", &["X-Origin"], "X-Origin, Origin"),
            ("a star beside a name", &["Accept, *"], "*"),
        ] {
            let merged = merge_vary(lines.iter().map(|line| line.as_bytes()), "Origin");
            let merged = merged.map(|line| String::from_utf8_lossy(&line).into_owned());
            assert_eq!(merged.as_deref(), Some(expected), "{what}");
        }
        for lines in [&["*"][..], &["Accept", "*"]] {
            let merged = merge_vary(lines.iter().map(|line| line.as_bytes()), "Origin");
            assert_eq!(merged, None, "{lines:?}");
        }
    }

    #[test]
    fn two_policies_grant_what_both_do() {
        use AllowOrigin::{Any, Echo};

        let origin = |allow_origin, credentials, max_age| Headers {
            allow_origin: Some(allow_origin),
            allow_credentials: credentials,
            max_age,
            expose_headers: "etag",
            ..Headers::nothing(Vary::Origin)
        };
        for (what, one, other, expected) in [
            (
                "the same",
                origin(Echo, true, "60"),
                origin(Echo, true, "60"),
                origin(Echo, true, "60"),
            ),
            (
                "credentials",
                origin(Echo, true, ""),
                origin(Echo, false, ""),
                origin(Echo, false, ""),
            ),
            (
                "anyone and one",
                origin(Any, false, "60"),
                origin(Echo, false, "7"),
                origin(Echo, false, "7"),
            ),
            (
                "five seconds by default",
                origin(Any, false, "6"),
                origin(Any, false, ""),
                origin(Any, false, ""),
            ),
            (
                "no one",
                origin(Echo, true, "60"),
                Headers::nothing(Vary::Nothing),
                Headers::nothing(Vary::Origin),
            ),
        ] {
            assert_eq!(one.and(other), expected, "{what}");
            assert_eq!(other.and(one), expected, "{what}");
        }
    }
}
