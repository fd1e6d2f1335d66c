//! [`Policy::explain`].

use std::fmt::Write;

use cors_rules::{header, method};

use super::{advice, shown};
use crate::core::decision::{Decision, Field, Methods, Refusal, Request, decide, refused_headers};
use crate::core::origins;
use crate::core::policy::Policy;
use crate::core::sources::{self, Source};

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
    /// `method` is one of the handler's. `origin` is that of the page. `headers` are the names of
    /// the request headers that script sets, in any case; `content-type` stands for a value that is
    /// not safelisted, such as `application/json`. Sources that have to be awaited are not asked.
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
        let _ = self.write_explanation(&mut text, method, origin, headers);
        text
    }

    fn write_explanation(
        &self,
        text: &mut String,
        method: &str,
        origin: &str,
        headers: &[&str],
    ) -> std::fmt::Result {
        let shown_origin = shown(origin.as_bytes());
        let names = headers
            .iter()
            .map(|name| shown(name.as_bytes()))
            .collect::<Vec<_>>();
        write!(text, "`{}` from `{shown_origin}`", shown(method.as_bytes()))?;
        if !names.is_empty() {
            write!(text, " with `{}`", names.join("`, `"))?;
        }
        writeln!(text)?;

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
        let decision = decide(self, Methods::Any, &request).answered_by(|parsed, host| {
            let sources = self.origins.sources();
            let waiting = sources.iter().filter(|source| source.waits());
            unknown.extend(waiting.map(Source::path));
            sources::ask_direct(sources, parsed, host)
        });
        let origin_refusal = decision.refusal().filter(|refusal| {
            matches!(
                refusal,
                Refusal::OriginNotAllowed | Refusal::NoOrigin | Refusal::RepeatedOrigin
            )
        });
        match origin_refusal {
            None => writeln!(text, "- The origin is allowed.")?,
            Some(_) if !unknown.is_empty() => {
                writeln!(
                    text,
                    "- No literal allows the origin. `{}` decides at run time.",
                    unknown.join("`, `")
                )?;
            }
            Some(_) => {
                write!(text, "- The origin is not allowed")?;
                let parsed = origins::parse(origin.as_bytes()).ok();
                if let Some(near) = parsed.and_then(|origin| advice::near_miss(self, &origin)) {
                    write!(text, ": {near}")?;
                }
                writeln!(
                    text,
                    ". Write `{}`.",
                    advice::allow_origin(self, origin.as_bytes())
                )?;
            }
        }

        let refused = refused_headers(self, &request);
        if decision.refusal() == Some(Refusal::MalformedHeaders) {
            let names = asking.iter().map(|name| shown(name.as_bytes()));
            let names: Vec<_> = names.collect();
            writeln!(
                text,
                "- One of `{}` is not the name of a header.",
                names.join("`, `")
            )?;
        } else if !refused.is_empty() {
            writeln!(
                text,
                "- `{}` is not allowed. Write `{}`.",
                refused.join("`, `"),
                advice::allow_headers(self, &refused)
            )?;
        }

        let script = if self.credentials() {
            "the handler runs, and script may read the response, with cookies if the page asks for it"
        } else {
            "the handler runs, and script may read the response"
        };
        if origin_refusal.is_some() && !unknown.is_empty() {
            writeln!(text, "Undecided: it depends on `{}`.", unknown.join("`, `"))
        } else if let Decision::Preflight(Err(_)) = decision {
            writeln!(
                text,
                "Refused: the preflight fails, and the browser does not send the request."
            )
        } else if origin_refusal.is_none() {
            writeln!(text, "Allowed: {script}.")
        } else if matches!(decision, Decision::Forbid(_)) {
            writeln!(
                text,
                "Refused: the response is 403, and the handler does not run."
            )
        } else {
            writeln!(
                text,
                "Refused: the handler runs, and script may not read the response."
            )
        }
    }
}

/// Why a browser asks before it sends the request; empty if it does not. `asking` are the headers that
/// need permission.
fn reasons_to_ask(method: &str, asking: &[&str]) -> String {
    let mut reasons = Vec::new();
    if !method::is_safelisted(method) {
        reasons.push(format!(
            "the method `{}` is not safelisted",
            shown(method.as_bytes())
        ));
    }
    if !asking.is_empty() {
        let names: Vec<_> = asking.iter().map(|name| shown(name.as_bytes())).collect();
        reasons.push(format!(
            "it may set `{}` only if it is allowed to",
            names.join("`, `")
        ));
    }
    reasons.join(", and ")
}
