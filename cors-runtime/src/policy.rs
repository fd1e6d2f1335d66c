//! What a handler states about its callers.

use std::fmt;

use cors_rules::{Danger, Pattern};

use crate::origins::Origins;
use crate::source::Source;

/// Who may call a handler from a browser, and how.
///
/// A policy is a `static` that `#[cors]` writes: every value in it was checked by the
/// compiler, and there is no other way to make one. A handler carries its own as `POLICY`:
///
/// ```
/// use actix_web::get;
/// use cors_runtime::cors;
///
/// #[cors(origins = ["https://app.example.com"], credentials, max_age = 600)]
/// #[get("/me")]
/// async fn read_me() -> &'static str {
///     "you"
/// }
///
/// assert!(read_me::POLICY.credentials());
/// assert_eq!(read_me::POLICY.max_age(), Some(600));
/// assert_eq!(read_me::POLICY.to_string(), r#"origins = ["https://app.example.com"], credentials, max_age = 600"#);
/// ```
///
/// It has no methods: those belong to the route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(crate) origins: Origins,
    pub(crate) credentials: bool,
    pub(crate) enforce: bool,
    pub(crate) allow_headers: AllowHeaders,
    pub(crate) expose_headers: ExposeHeaders,
    pub(crate) max_age: Option<MaxAge>,
    pub(crate) dangers: &'static [(Danger, &'static str)],
}

/// Which request headers may be sent beyond the safelisted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllowHeaders {
    /// `*`: all but `authorization`.
    pub(crate) any: bool,
    /// In lower case, sorted.
    pub(crate) names: &'static [&'static str],
}

/// Which response headers script may read beyond the safelisted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExposeHeaders {
    pub(crate) names: &'static [&'static str],
    /// The names as the value of the header.
    pub(crate) value: &'static str,
}

/// How long a preflight answer may be reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MaxAge {
    pub(crate) seconds: u32,
    /// The seconds as the value of the header.
    pub(crate) value: &'static str,
}

impl AllowHeaders {
    /// Whether `name`, in lower case, is listed.
    pub(crate) const fn names_one(&self, name: &str) -> bool {
        let mut i = 0;
        while i < self.names.len() {
            if is_same(self.names[i].as_bytes(), name.as_bytes()) {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Whether a page may send the header of this name, in whatever case it is written.
    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        let lower = |byte: &u8| byte.to_ascii_lowercase();
        let listed = self
            .names
            .binary_search_by(|listed| listed.bytes().cmp(name.iter().map(lower)))
            .is_ok();
        // https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
        listed || (self.any && !name.eq_ignore_ascii_case(b"authorization"))
    }
}

/// Comparison by `==` is not for constants yet.
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

impl Policy {
    /// The origins and patterns that are allowed, as they are written in the attribute: `*` alone if
    /// anyone is. Those that are known only at run time are not among them, see [`sources`](Self::sources).
    pub fn origins(&self) -> Vec<String> {
        match &self.origins {
            Origins::Any => vec!["*".to_owned()],
            Origins::Reflected => Vec::new(),
            Origins::Listed(listed) => {
                let exact = listed.exact.iter().map(ToString::to_string);
                exact
                    .chain(listed.patterns.iter().map(Pattern::to_string))
                    .collect()
            }
        }
    }

    /// The paths of the statics that decide at run time, as they are written in the attribute.
    pub fn sources(&self) -> Vec<&'static str> {
        match &self.origins {
            Origins::Any | Origins::Reflected => Vec::new(),
            Origins::Listed(listed) => listed.sources.iter().map(Source::path).collect(),
        }
    }

    /// Whether cookies, TLS client certificates and HTTP authentication may be used.
    pub fn credentials(&self) -> bool {
        self.credentials
    }

    /// Whether cross-origin requests from elsewhere are answered 403 before the handler runs.
    pub fn enforce(&self) -> bool {
        self.enforce
    }

    /// The request headers that are allowed beyond the safelisted ones, in lower case and sorted; `*` first
    /// if all are but `authorization`.
    pub fn allow_headers(&self) -> Vec<&'static str> {
        self.allow_headers
            .any
            .then_some("*")
            .into_iter()
            .chain(self.allow_headers.names.iter().copied())
            .collect()
    }

    /// The response headers that script may read beyond the safelisted ones, in lower case.
    pub fn expose_headers(&self) -> &'static [&'static str] {
        self.expose_headers.names
    }

    /// For how many seconds a preflight answer may be reused; browsers take 5 if it does not say.
    pub fn max_age(&self) -> Option<u32> {
        self.max_age.map(|max_age| max_age.seconds)
    }

    /// The dangers that were accepted, each with the reason why it is harmless here.
    pub fn dangers(&self) -> &'static [(Danger, &'static str)] {
        self.dangers
    }
}

/// As the arguments of the attribute.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let mut argument = |f: &mut fmt::Formatter<'_>, text: fmt::Arguments<'_>| {
            let written = write!(f, "{separator}{text}");
            separator = ", ";
            written
        };
        if self.origins != Origins::Reflected {
            let literals = self
                .origins()
                .into_iter()
                .map(|origin| format!("{origin:?}"));
            let sources = self.sources().into_iter().map(str::to_owned);
            let origins: Vec<_> = literals.chain(sources).collect();
            argument(f, format_args!("origins = [{}]", origins.join(", ")))?;
        }
        if self.credentials {
            argument(f, format_args!("credentials"))?;
        }
        if !self.allow_headers().is_empty() {
            argument(
                f,
                format_args!("allow_headers = {:?}", self.allow_headers()),
            )?;
        }
        if !self.expose_headers().is_empty() {
            argument(
                f,
                format_args!("expose_headers = {:?}", self.expose_headers()),
            )?;
        }
        if let Some(seconds) = self.max_age() {
            argument(f, format_args!("max_age = {seconds}"))?;
        }
        if self.enforce {
            argument(f, format_args!("enforce"))?;
        }
        for (danger, reason) in self.dangers {
            argument(f, format_args!("danger({} = {reason:?})", danger.key()))?;
        }
        Ok(())
    }
}
