//! Everything that is wrong with a list or a configuration.

use std::fmt;
use std::io;
use std::ops::Deref;

use cors_rules::{Checked, Danger, Draft, Place, Severity, Violation, check};

/// Everything that is wrong with a list or a configuration: at least one violation.
///
/// `Display` and `Debug` write one violation after the other, for the operator who filled it. A
/// violation of an [`Allowlist`](crate::Allowlist) quotes the entry. One of a
/// [`PolicyConfig`](crate::PolicyConfig) also has the key and the number of the entry: `origins[0]`
/// is the first. [`of`](Self::of) adds where it comes from:
///
/// ```
/// use cors_runtime::{Allowlist, comma_separated};
///
/// let variable = "https://a.example,http://b.example";
/// let violations = Allowlist::new().set(comma_separated(variable)).unwrap_err();
/// assert!(violations.to_string().starts_with("`http://b.example` is not secure"));
///
/// let violations = violations.of("TENANT_ORIGINS");
/// assert!(violations.to_string().starts_with("TENANT_ORIGINS: `http://b.example` is not secure"));
/// assert_eq!(format!("{violations:?}"), violations.to_string());
/// ```
///
/// If `main` returns it, as a `Box<dyn Error>`, Rust prints this text. The usual `main` of a server
/// returns a [`std::io::Error`], which `?` converts it to. Rust prints the same text then, within
/// `Custom { kind: InvalidInput, error: … }`: the standard library writes every such error like
/// that. So prefer the first:
///
/// ```no_run
/// use std::error::Error;
///
/// use actix_web::{App, HttpServer};
/// use cors_runtime::{Allowlist, comma_separated};
///
/// static TENANTS: Allowlist = Allowlist::new();
///
/// #[actix_web::main]
/// async fn main() -> Result<(), Box<dyn Error>> {
///     TENANTS.set(comma_separated("https://shop.example"))?;
///     HttpServer::new(App::new).bind(("127.0.0.1", 8080))?.run().await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Violations {
    list: Vec<Violation>,
    of: Option<String>,
    /// Those of a configuration, in the order of their places; `None` for a list.
    dangers: Option<Vec<Danger>>,
}

/// As many violations are written. Nobody reads more, and a list may have a hundred thousand.
const WRITTEN: usize = 50;

impl Violations {
    /// Checks a draft. `dangers` are those of a configuration. Returns the policy, and the
    /// warnings, of which there may be none.
    pub(crate) fn check<'a>(
        draft: &Draft<'a>,
        dangers: Option<Vec<Danger>>,
    ) -> Result<(Checked<'a>, Self), Self> {
        let (policy, mut list) = check(draft);
        if policy.is_none() {
            list.retain(|violation| violation.rule.severity() == Severity::Error);
        }
        let violations = Self {
            list,
            of: None,
            dangers,
        };
        match policy {
            Some(policy) => Ok((policy, violations)),
            None => Err(violations),
        }
    }

    /// Says where the list or the configuration comes from: a file, or a variable of the
    /// environment. The name is written before each violation.
    #[must_use]
    pub fn of(self, name: impl Into<String>) -> Self {
        Self {
            of: Some(name.into()),
            ..self
        }
    }

    /// The key in a configuration, and which of its elements. An element of a list has no path: a
    /// list is as often the text of a variable, in which nobody counts.
    fn path(&self, place: Place) -> Option<String> {
        let dangers = self.dangers.as_ref()?;
        Some(match place {
            Place::Origin(i) => format!("origins[{i}]"),
            Place::AllowHeader(i) => format!("allow_headers[{i}]"),
            Place::ExposeHeader(i) => format!("expose_headers[{i}]"),
            Place::MaxAge => "max_age".to_owned(),
            Place::Enforce => "enforce".to_owned(),
            Place::Danger(i) | Place::Reason(i) => format!("danger.{}", dangers.get(i)?.key()),
            _ => return None,
        })
    }
}

impl Deref for Violations {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        &self.list
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.list.iter().take(WRITTEN).enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            let path = self.path(violation.place);
            for before in [&self.of, &path].into_iter().flatten() {
                write!(f, "{before}: ")?;
            }
            write!(f, "{violation}")?;
        }
        match self.list.len().saturating_sub(WRITTEN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl fmt::Debug for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Violations {}

/// For `?` in the usual `main` of a server.
impl From<Violations> for io::Error {
    fn from(violations: Violations) -> Self {
        Self::new(io::ErrorKind::InvalidInput, violations)
    }
}

#[cfg(test)]
mod tests {
    use crate::core::sources::Allowlist;

    #[test]
    fn each_violation_starts_a_line_and_is_met_once() {
        let origins = ["http://a.example", "http://b.example"];
        let violations = Allowlist::new().set(origins).unwrap_err();
        let text = violations.to_string();
        let starts = |line: &&str| line.starts_with("`http://");
        assert_eq!(text.lines().filter(starts).count(), 2, "{text}");
        let mut values = Vec::new();
        for violation in &violations {
            values.push(&*violation.value);
        }
        assert_eq!(values, origins);
    }
}
