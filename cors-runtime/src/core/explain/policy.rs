//! [`Policy::explain`].

use std::fmt::Write;

use cors_rules::{header, method};

use super::advice::{self, Advice};
use super::named;
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
            Field::AccessControlRequestMethod if self.is_preflight => Some(self.method),
            Field::AccessControlRequestHeaders if self.is_preflight => Some(self.headers),
            _ => None,
        };
        line.map(str::as_bytes).into_iter()
    }
}

impl Policy {
    /// Tells how a browser and a handler with this policy treat a request of a page, in prose that ends
    /// with the decision. Use it in tests and tools.
    ///
    /// The first word of the last line says what happens: `Allowed`, `Refused`, `Unreadable` if the
    /// handler runs and the page cannot read its response, or `Undecided`.
    ///
    /// `method` is one of the handler's. `origin` is that of the page. `headers` are the names of
    /// the request headers that script sets, in any case; `content-type` stands for a value that is
    /// not safelisted, such as `application/json`. Sources that have to be awaited are not asked. Others
    /// are asked about a [`Target`](crate::Target) without a host and with an empty path.
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
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = (self.current()).write_explanation(&mut text, method, origin, headers);
        text
    }
}

impl Current<'_> {
    fn write_explanation(
        &self,
        text: &mut String,
        method: &str,
        origin: &str,
        headers: &[&str],
    ) -> std::fmt::Result {
        // Browsers send these in upper case whatever the page wrote.
        let upper = method.to_ascii_uppercase();
        let method = if method::is_normalized(method) {
            &upper
        } else {
            method
        };
        let names = headers.iter().map(|name| named(name.as_bytes()));
        let names: Vec<_> = names.collect();
        write!(
            text,
            "{} from {}",
            named(method.as_bytes()),
            named(origin.as_bytes())
        )?;
        if !names.is_empty() {
            write!(text, " with {}", names.join(", "))?;
        }
        writeln!(text)?;
        if self.configured.is_some() {
            writeln!(text, "- The policy is `{self}`.")?;
        }

        let asking: Vec<_> = (headers.iter().copied())
            .filter(|name| !header::is_safelisted_request(&name.to_ascii_lowercase()))
            .collect();
        let asks = reasons_to_ask(method, &asking);
        let is_preflight = !asks.is_empty();
        if is_preflight {
            writeln!(text, "- The browser asks in a preflight first: {asks}.")?;
        } else {
            writeln!(text, "- The browser sends it without a preflight.")?;
        }

        let request = Described {
            method,
            origin,
            headers: &asking.join(","),
            is_preflight,
        };
        let mut unknown = Vec::new();
        let decision = decide(self.policy, Methods::Any, &request).answered_by(|parsed, target| {
            let sources = self.policy.origins.sources();
            let waiting = sources.iter().filter(|source| source.waits());
            unknown.extend(waiting.map(|source| source.path));
            sources::ask_direct(sources, parsed, target)
        });
        let origin_refusal = decision.refusal().filter(|refusal| {
            matches!(
                refusal,
                Refusal::OriginNotAllowed | Refusal::NoOrigin | Refusal::RepeatedOrigin
            )
        });
        self.write_origin(text, origin, origin_refusal.is_none(), &unknown)?;

        // No handler has such a method: it does not compile.
        let miscased = method::miscased(method);
        if let Some(standard) = miscased {
            write!(
                text,
                "- No handler has the method {}",
                named(method.as_bytes())
            )?;
            write_advice(text, Some(advice::write_in_upper_case(standard)))?;
        }

        self.write_headers(text, &request, &asking, decision)?;
        if origin_refusal.is_some() && miscased.is_none() && !unknown.is_empty() {
            return writeln!(text, "Undecided: it depends on `{}`.", unknown.join("`, `"));
        }
        writeln!(text, "{}", self.end(decision, miscased.is_some()))
    }

    /// Says which of these request headers are not allowed.
    fn write_headers(
        &self,
        text: &mut String,
        request: &Described<'_>,
        asking: &[&str],
        decision: Decision,
    ) -> std::fmt::Result {
        let refused = refused_headers(self.policy, request);
        if decision.refusal() == Some(Refusal::MalformedHeaders) {
            let names: Vec<_> = asking.iter().map(|name| named(name.as_bytes())).collect();
            writeln!(
                text,
                "- One of {} is not the name of a header.",
                names.join(", ")
            )?;
        } else if !refused.is_empty() {
            write!(text, "- `{}` is not allowed", refused.join("`, `"))?;
            write_advice(text, Some(advice::allow_headers(*self, &refused)))?;
        }
        Ok(())
    }

    /// The last line of an explanation.
    fn end(&self, decision: Decision, is_miscased: bool) -> &'static str {
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

    /// Says that a source, a literal or nothing allows the origin.
    fn write_origin(
        &self,
        text: &mut String,
        origin: &str,
        is_allowed: bool,
        unknown: &[&str],
    ) -> std::fmt::Result {
        if is_allowed {
            writeln!(text, "- The origin is allowed.")
        } else if unknown.is_empty() {
            write!(text, "- The origin is not allowed")?;
            if let Some(similar) = similar(self.policy, origin.as_bytes()) {
                write!(text, "{similar}")?;
            }
            write_advice(text, advice::allow_origin(*self, origin.as_bytes()))
        } else {
            writeln!(
                text,
                "- No literal allows the origin. `{}` decides at run time.",
                unknown.join("`, `")
            )
        }
    }
}

/// Ends a sentence with advice.
fn write_advice(text: &mut String, advice: Option<Advice>) -> std::fmt::Result {
    match advice {
        None => writeln!(text, "."),
        Some(Advice::Write(code)) => writeln!(text, ". Write `{code}`."),
        Some(Advice::Say(prose)) => writeln!(text, "; {prose}."),
    }
}

/// Why a browser asks before it sends the request; empty if it does not. `asking` are the headers that
/// need permission.
fn reasons_to_ask(method: &str, asking: &[&str]) -> String {
    let mut reasons = Vec::new();
    if !method::is_safelisted(method) {
        reasons.push(format!(
            "the method {} is not safelisted",
            named(method.as_bytes())
        ));
    }
    if !asking.is_empty() {
        let names: Vec<_> = asking.iter().map(|name| named(name.as_bytes())).collect();
        reasons.push(format!(
            "it may set {} only if it is allowed to",
            names.join(", ")
        ));
    }
    reasons.join(", and ")
}
