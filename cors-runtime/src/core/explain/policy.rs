//! [`Policy::explain`].

use cors_rules::{header, method};

use super::advice::{self, Advice};
use super::quote::named;
use super::similar::similar;
use crate::core::decision::{Decision, Field, Methods, Refusal, Request, decide, refused_headers};
use crate::core::policy::{Current, Policy};
use crate::core::sources;

/// A request, as described by the caller.
struct Described<'a> {
    method: &'a str,
    origin: &'a str,
    /// The names that need permission, separated by commas.
    headers: &'a str,
    /// True if it is the preflight for it.
    is_preflight: bool,
}

impl Request for Described<'_> {
    fn method(&self) -> &str {
        if self.is_preflight {
            "OPTIONS"
        } else {
            self.method
        }
    }

    fn authority(&self) -> Option<&str> {
        None
    }

    fn path(&self) -> &'static str {
        ""
    }

    fn lines(&self, field: Field) -> impl Iterator<Item = &[u8]> {
        let line = match field {
            Field::Origin => Some(self.origin),
            // Read of an `OPTIONS` request only.
            Field::AccessControlRequestMethod => Some(self.method),
            Field::AccessControlRequestHeaders => Some(self.headers),
            _ => None,
        };
        line.map(str::as_bytes).into_iter()
    }
}

impl Policy {
    /// Tells how a browser and a handler with this policy treat a request of a page, in prose that
    /// ends with the decision. Use it in tests and tools.
    ///
    /// The first word of the last line says what happens: `Allowed`, `Refused`, `Unreadable` if the
    /// handler runs and the page cannot read its response, or `Undecided`.
    ///
    /// `method` is one of the handler's. `origin` is that of the page. `headers` are the names of
    /// the request headers that script sets, in any case; `content-type` stands for a value that is
    /// not safelisted, such as `application/json`. Sources that have to be awaited are not asked.
    /// Others are asked about a [`Target`](crate::Target) without a host and with an empty path.
    ///
    /// ```
    /// use actix_web::put;
    /// use cors_runtime::cors;
    ///
    /// #[cors(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
    /// #[put("/me")]
    /// async fn write_me() -> &'static str {
    ///     "written"
    /// }
    ///
    /// let text = write_me::POLICY.explain("PUT", "https://app.example.com", &["content-type"]);
    /// assert!(text.ends_with("Allowed: the handler runs, and script may read the response.\n"));
    ///
    /// let text = write_me::POLICY.explain("PUT", "https://app.example.com", &["x-token"]);
    /// assert!(text.contains(r#"allow_headers = ["content-type", "x-token"]"#));
    /// assert!(text.contains("Refused: the preflight fails"));
    /// ```
    pub fn explain(&self, method: &str, origin: &str, headers: &[&str]) -> String {
        self.current().explain(method, origin, headers)
    }
}

impl Current<'_> {
    fn explain(self, method: &str, origin: &str, headers: &[&str]) -> String {
        // Browsers send these in upper case whatever the page wrote.
        let upper = method.to_ascii_uppercase();
        let method = if method::is_normalized(method) {
            &upper
        } else {
            method
        };
        let with = match headers {
            [] => String::new(),
            _ => format!(" with {}", all_named(headers)),
        };
        let (method_name, origin_name) = (named(method.as_bytes()), named(origin.as_bytes()));
        let mut lines = vec![format!("{method_name} from {origin_name}{with}")];
        if self.configured.is_some() {
            lines.push(format!("- The policy is `{self}`."));
        }

        let asking: Vec<_> = (headers.iter().copied())
            .filter(|name| !header::is_safelisted_request(&name.to_ascii_lowercase()))
            .collect();
        let asks = reasons_to_ask(method, &asking);
        let is_preflight = !asks.is_empty();
        lines.push(if is_preflight {
            format!("- The browser asks in a preflight first: {asks}.")
        } else {
            "- The browser sends it without a preflight.".to_owned()
        });

        let request = Described {
            method,
            origin,
            headers: &asking.join(","),
            is_preflight,
        };
        let (mut unknown, mut has_failed) = (Vec::new(), false);
        let decision = decide(self.policy, Methods::Any, &request).answered_by(|parsed, target| {
            let sources = self.policy.origins.sources();
            let waiting = sources.iter().filter(|source| source.waits());
            unknown.extend(waiting.map(|source| source.path));
            let answer = sources::ask_direct(sources, parsed, target);
            has_failed = answer.is_err();
            answer == Ok(true)
        });
        let is_origin_refused = matches!(
            decision.refusal(),
            Some(Refusal::OriginNotAllowed | Refusal::NoOrigin | Refusal::RepeatedOrigin)
        );
        lines.push(if !is_origin_refused {
            "- The origin is allowed.".to_owned()
        } else if unknown.is_empty() && has_failed {
            "- A source of origins failed, so the origin is not allowed.".to_owned()
        } else if unknown.is_empty() {
            let origin = origin.as_bytes();
            let similar = similar(self.policy, origin);
            let advice = ending(advice::allow_origin(self, origin, similar.as_ref()));
            let similar = similar.map_or(String::new(), |it| it.to_string());
            format!("- The origin is not allowed{similar}{advice}")
        } else {
            let unknown = unknown.join("`, `");
            format!("- No literal allows the origin. `{unknown}` decides at run time.")
        });

        // No handler has such a method: it does not compile.
        let miscased = method::miscased(method);
        if let Some(standard) = miscased {
            let advice = ending(Some(advice::write_in_upper_case(standard)));
            lines.push(format!("- No handler has the method {method_name}{advice}"));
        }

        let refused = refused_headers(self.policy, &request);
        if decision.refusal() == Some(Refusal::MalformedHeaders) {
            let names = all_named(&asking);
            lines.push(format!("- One of {names} is not the name of a header."));
        } else if !refused.is_empty() {
            let advice = ending(Some(advice::allow_headers(self, &refused)));
            lines.push(format!(
                "- `{}` is not allowed{advice}",
                refused.join("`, `")
            ));
        }

        let is_undecided = is_origin_refused && miscased.is_none() && !unknown.is_empty();
        lines.push(if is_undecided {
            format!("Undecided: it depends on `{}`.", unknown.join("`, `"))
        } else {
            self.verdict(decision, miscased.is_some()).to_owned()
        });
        lines.join("\n") + "\n"
    }

    fn verdict(self, decision: Decision, is_miscased: bool) -> &'static str {
        match decision {
            Decision::Preflight(allowed) if allowed.is_err() || is_miscased => {
                "Refused: the preflight fails, and the browser does not send the request."
            }
            Decision::Forbid(_) => "Refused: the response is 403, and the handler does not run.",
            Decision::Run(Err(_)) => {
                "Unreadable: the handler runs, and the page cannot read its response."
            }
            _ if self.policy.credentials => {
                "Allowed: the handler runs, and script may read the response, with cookies if the page \
                 asks for it."
            }
            _ => "Allowed: the handler runs, and script may read the response.",
        }
    }
}

/// The end of a sentence that advice may follow.
fn ending(advice: Option<Advice>) -> String {
    match advice {
        None => ".".to_owned(),
        Some(Advice::Write(code)) => format!(". Write `{code}`."),
        Some(Advice::Say(prose)) => format!("; {prose}."),
    }
}

fn all_named(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| named(name.as_bytes())).collect();
    names.join(", ")
}

/// Why a browser asks before it sends the request; empty if it does not. `asking` are the headers
/// that need permission.
fn reasons_to_ask(method: &str, asking: &[&str]) -> String {
    let mut reasons = Vec::new();
    if !method::is_safelisted(method) {
        let method = named(method.as_bytes());
        reasons.push(format!("the method {method} is not safelisted"));
    }
    if !asking.is_empty() {
        let names = all_named(asking);
        reasons.push(format!("it may set {names} only if it is allowed to"));
    }
    reasons.join(", and ")
}
