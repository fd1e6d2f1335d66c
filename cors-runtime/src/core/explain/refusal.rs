//! Why a handler refused a request, in prose.

use std::fmt;

use super::advice::{self, Advice};
use super::quote::{named, shown};
use super::similar::{Similar, similar};
use crate::core::decision::{Endpoint, Field, Refusal, Request, preflight_method, refused_headers};
use crate::core::origins::Origins;

/// Why a request was refused, by the policy of which handler, and what to write instead.
///
/// Its `Display` is the body of a refused preflight.
pub(crate) struct Explanation<'a> {
    endpoint: Endpoint,
    path: &'a str,
    origin: &'a [u8],
    /// A listed origin that is nearly this one. To find it takes long.
    similar: Option<Similar>,
    method: &'a [u8],
    refused_headers: Vec<String>,
    refusal: Refusal,
}

impl<'a> Explanation<'a> {
    pub(crate) fn new<R: Request>(endpoint: Endpoint, request: &'a R, refusal: Refusal) -> Self {
        let origin = request.lines(Field::Origin).next().unwrap_or_default();
        let refused_headers = match refusal {
            Refusal::HeaderNotAllowed => refused_headers(endpoint.policy, request),
            _ => Vec::new(),
        };
        let similar = match refusal {
            Refusal::OriginNotAllowed | Refusal::OriginFailsPreflight => {
                similar(endpoint.policy, origin)
            }
            _ => None,
        };
        Self {
            endpoint,
            path: request.path(),
            origin,
            similar,
            method: preflight_method(request).unwrap_or(request.method().as_bytes()),
            refused_headers,
            refusal,
        }
    }

    /// The origin, method and headers that were refused, as far as the refusal is about them. A
    /// refusal of the same is a repeat.
    pub(crate) fn culprits(&self) -> Vec<&[u8]> {
        match self.refusal {
            Refusal::HeaderNotAllowed => {
                let names = self.refused_headers.iter();
                names.map(String::as_bytes).collect()
            }
            Refusal::MethodNotAllowed | Refusal::MethodFailsPreflight => vec![self.method],
            Refusal::OriginNotAllowed | Refusal::OriginFailsPreflight => vec![self.origin],
            _ => vec![b""],
        }
    }

    /// Names the refused origin, method or header, in one sentence without a full stop.
    pub(crate) fn sentence(&self) -> String {
        let handler = self.endpoint.name();
        match self.refusal {
            Refusal::OriginNotAllowed => self.origin_is_not_allowed(),
            Refusal::HeaderNotAllowed => {
                let s = match *self.refused_headers {
                    [_] => "",
                    _ => "s",
                };
                // They are escaped already.
                let names = self.refused_headers.join("`, `");
                format!("the policy of `{handler}` does not allow the header{s} `{names}`")
            }
            Refusal::MethodNotAllowed => self.has_not_the_method(),
            Refusal::OriginFailsPreflight => Self::fails_preflight(&match self.origin {
                b"" => "the request has no `Origin`".to_owned(),
                _ => self.origin_is_not_allowed(),
            }),
            Refusal::MethodFailsPreflight => Self::fails_preflight(&self.has_not_the_method()),
            Refusal::ContentTypeFailsPreflight => Self::fails_preflight(&format!(
                "the policy of `{handler}` does not allow the header `content-type`"
            )),
            Refusal::CredentialsFailPreflight => Self::fails_preflight(&format!(
                "it has cookies, and the policy of `{handler}` has no `credentials`"
            )),
            refusal => refusal.to_string(),
        }
    }

    fn origin_is_not_allowed(&self) -> String {
        let handler = self.endpoint.name();
        if self.endpoint.policy.origins == Origins::Nobody {
            return format!("`{handler}` allows no origin: its policy is `none`");
        }
        if let Some(path) = self.endpoint.current().not_set() {
            return format!("the policy of `{handler}` allows no origin: `{path}` is not set");
        }
        let similar = (self.similar.as_ref()).map_or_else(String::new, ToString::to_string);
        let origin = named(self.origin);
        format!("the policy of `{handler}` does not allow the origin {origin}{similar}")
    }

    fn has_not_the_method(&self) -> String {
        let (handler, method) = (self.endpoint.name(), named(self.method));
        match self.endpoint.methods.in_another_case(self.method) {
            Some(listed) => format!("`{handler}` has the method `{listed}`, not {method}"),
            None => format!("`{handler}` does not have the method {method}"),
        }
    }

    fn fails_preflight(why: &str) -> String {
        format!(
            "this needs a preflight, which would have failed: {why}; perhaps the preflight of \
             another handler on this path let it through"
        )
    }

    /// Advice, if there is any to give.
    pub(crate) fn advice(&self) -> Option<Advice> {
        let current = self.endpoint.current();
        match self.refusal {
            Refusal::OriginNotAllowed
            | Refusal::OriginFailsPreflight
            | Refusal::HeaderNotAllowed
            | Refusal::ContentTypeFailsPreflight
            | Refusal::CredentialsFailPreflight
                if self.endpoint.is_guarded =>
            {
                let text = "another handler may have this path, chosen by a guard";
                Some(advice::say(text))
            }
            _ if current.policy.origins == Origins::Nobody => None,
            Refusal::MethodNotAllowed => match self.endpoint.methods.in_another_case(self.method) {
                Some(listed) => Some(advice::write_in_upper_case(listed)),
                None => advice::take_method(self.endpoint, self.method),
            },
            Refusal::HeaderNotAllowed => {
                Some(advice::allow_headers(current, &self.refused_headers))
            }
            Refusal::ContentTypeFailsPreflight => {
                let name = "content-type".to_owned();
                Some(advice::allow_headers(current, &[name]))
            }
            Refusal::OriginNotAllowed | Refusal::OriginFailsPreflight
                if !self.origin.is_empty() =>
            {
                advice::allow_origin(current, self.origin, self.similar.as_ref())
            }
            // Cookies that other origins may use are for the author to think about.
            _ => None,
        }
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (methods, current) = (self.endpoint.methods, self.endpoint.current());
        let path = shown(self.path.as_bytes());
        writeln!(f, "CORS: {}.", self.sentence())?;
        writeln!(f)?;
        writeln!(f, "handler: {} ({methods} {path})", self.endpoint.name())?;
        match current.configured {
            Some(_) => writeln!(f, "policy:  {current}")?,
            None => writeln!(f, "policy:  #[cors({current})]")?,
        }
        match self.advice() {
            Some(Advice::Write(code)) => writeln!(f, "write:   {code}")?,
            Some(Advice::Say(prose)) => writeln!(f, "advice:  {prose}")?,
            None => {}
        }
        writeln!(f, "more:    {DEBUGGING}")
    }
}

const DEBUGGING: &str = "https://docs.rs/cors-runtime/latest/cors_runtime/debugging/index.html";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::builder::{NOBODY, policy};
    use crate::core::decision::Methods;
    use crate::core::decision::sent::Sent;
    use crate::core::policy::Policy;

    static ANYONE: Policy = policy().any_origin().policy;

    #[test]
    fn there_is_no_advice_on_an_origin_that_is_missing() {
        static LIST: Policy = policy().policy;
        let endpoint = Endpoint::new("app::users read_me", &LIST, Methods::These(&["PUT"]));
        for (lines, has_advice) in [(&[][..], false), (&["https://a.example"][..], true)] {
            let sent = Sent::new("PUT", &[]).with(Field::Origin, lines);
            let explanation = Explanation::new(endpoint, &sent, Refusal::OriginFailsPreflight);
            assert_eq!(explanation.advice().is_some(), has_advice, "{lines:?}");
        }
    }

    #[test]
    fn a_method_is_added_to_handlers_or_to_a_default_policy() {
        let preflight = |method| {
            let lines = [(Field::AccessControlRequestMethod, method)];
            Sent::new("OPTIONS", &lines).with(Field::Origin, &["https://a.example"])
        };
        for (id, policy, method, expected) in [
            (
                "app::users read_me",
                &ANYONE,
                "PUT",
                Some("#[cors(…)] #[put(…)] on a handler of this path"),
            ),
            (
                "app::users read_me",
                &ANYONE,
                "PURGE",
                Some("#[cors(…)] #[route(…, method = \"PURGE\")] on a handler of this path"),
            ),
            (
                "app::users read_me",
                &ANYONE,
                "QUERY",
                Some("#[cors(…)] #[route(…, method = \"QUERY\")] on a handler of this path"),
            ),
            (
                "AppCors::otherwise",
                &ANYONE,
                "PUT",
                Some("let `AppCors::otherwise` take `PUT`"),
            ),
            (
                "AppCors::otherwise",
                &ANYONE,
                "get",
                Some("the page must write `GET`: methods are case-sensitive"),
            ),
            ("AppCors::otherwise", &ANYONE, "P UT", None),
            ("AppCors::otherwise", &NOBODY, "PUT", None),
        ] {
            let endpoint = Endpoint::new(id, policy, Methods::These(&["GET"]));
            let preflight = preflight(method);
            let explanation = Explanation::new(endpoint, &preflight, Refusal::MethodNotAllowed);
            let advice = explanation.advice().map(|advice| advice.to_string());
            assert_eq!(advice.as_deref(), expected, "{id} {method}");
        }
    }
}
