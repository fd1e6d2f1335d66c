//! Why a handler refused a request, in prose.

use std::fmt;

use super::{advice, shown};
use crate::core::decision::{
    Endpoint, Field, Methods, Refusal, Request, preflight_method, refused_headers,
};
use crate::core::origins::{self, Origins};

/// Why a request was refused, by the policy of which handler, and what to write instead.
///
/// Its `Display` is the body of a refused preflight.
pub(crate) struct Explanation<'a> {
    endpoint: Endpoint,
    path: &'a str,
    origin: &'a [u8],
    method: &'a [u8],
    refused_headers: Vec<String>,
    refusal: Refusal,
}

impl<'a> Explanation<'a> {
    pub(crate) fn new<R: Request>(endpoint: Endpoint, request: &'a R, refusal: Refusal) -> Self {
        let refused_headers = match refusal {
            Refusal::HeaderNotAllowed => refused_headers(endpoint.policy, request),
            _ => Vec::new(),
        };
        Self {
            endpoint,
            path: request.path(),
            origin: request.lines(Field::Origin).next().unwrap_or_default(),
            method: preflight_method(request).unwrap_or(request.method().as_bytes()),
            refused_headers,
            refusal,
        }
    }

    /// Names the refused origin, method or header, in one sentence without a full stop.
    pub(crate) fn sentence(&self) -> String {
        let (handler, policy) = (self.endpoint.name(), self.endpoint.policy);
        match self.refusal {
            Refusal::OriginNotAllowed if policy.origins == Origins::Nobody => {
                format!("`{handler}` allows no origin: its policy is `none`")
            }
            Refusal::OriginNotAllowed => {
                let origin = origins::parse(self.origin).ok();
                let near = origin.and_then(|origin| advice::near_miss(policy, &origin));
                let near = near.map_or_else(String::new, |near| format!(": {near}"));
                let origin = shown(self.origin);
                format!("the policy of `{handler}` does not allow the origin `{origin}`{near}")
            }
            Refusal::HeaderNotAllowed => {
                let s = if self.refused_headers.len() == 1 {
                    ""
                } else {
                    "s"
                };
                let names = self.refused_headers.join("`, `");
                format!("the policy of `{handler}` does not allow the header{s} `{names}`")
            }
            Refusal::MethodNotAllowed => {
                format!(
                    "`{handler}` does not have the method `{}`",
                    shown(self.method)
                )
            }
            Refusal::OriginFailsPreflight => Self::fails_preflight(&match self.origin {
                b"" => "the request has no `Origin`".to_owned(),
                origin => format!(
                    "the policy of `{handler}` does not allow the origin `{}`",
                    shown(origin)
                ),
            }),
            Refusal::MethodFailsPreflight => Self::fails_preflight(&format!(
                "`{handler}` does not have the method `{}`",
                shown(self.method)
            )),
            Refusal::ContentTypeFailsPreflight => Self::fails_preflight(&format!(
                "the policy of `{handler}` does not allow the header `content-type`"
            )),
            Refusal::CredentialsFailPreflight => Self::fails_preflight(&format!(
                "it has cookies, and the policy of `{handler}` has no `credentials`"
            )),
            refusal => refusal.to_string(),
        }
    }

    fn fails_preflight(why: &str) -> String {
        format!(
            "this needs a preflight, which would have failed: {why}; perhaps the preflight of \
             another handler on this path let it through"
        )
    }

    /// Advice: the line to write instead.
    pub(crate) fn advice(&self) -> Option<String> {
        let policy = self.endpoint.policy;
        match self.refusal {
            _ if policy.origins == Origins::Nobody => None,
            Refusal::OriginNotAllowed => Some(advice::allow_origin(policy, self.origin)),
            Refusal::HeaderNotAllowed => Some(advice::allow_headers(policy, &self.refused_headers)),
            // No route has the method `*`, or a text that is not a method.
            Refusal::ContentTypeFailsPreflight => {
                let name = "content-type".to_owned();
                Some(advice::allow_headers(policy, &[name]))
            }
            Refusal::MethodNotAllowed => {
                (Methods::Any.contains(self.method)).then(|| advice::add_handler(self.method))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Endpoint {
            policy, methods, ..
        } = self.endpoint;
        let path = shown(self.path.as_bytes());
        writeln!(f, "CORS: {}.", self.sentence())?;
        writeln!(f)?;
        writeln!(f, "handler: {} ({methods} {path})", self.endpoint.name())?;
        writeln!(f, "policy:  #[cors({policy})]")?;
        if let Some(advice) = self.advice() {
            writeln!(f, "write:   {advice}")?;
        }
        writeln!(f, "more:    {DEBUGGING}")
    }
}

/// The page on debugging.
const DEBUGGING: &str = "https://docs.rs/cors-runtime/latest/cors_runtime/debugging/index.html";
