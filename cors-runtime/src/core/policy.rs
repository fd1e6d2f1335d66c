//! Who may call a handler from a browser, and how.

use std::cmp::Ordering;
use std::{fmt, iter, ptr};

use arc_swap::ArcSwapOption;
use cors_rules::Danger;

use crate::core::hazards::Hazards;
use crate::core::origins::Origins;
use crate::core::sources::{List, Source};

/// Who may call a handler from a browser, and how.
///
/// `#[cors]` and [`policy!`](macro@crate::policy) write a policy as a constant, and the compiler
/// has checked all of it. Code has no other way to make one. Each handler has its policy as
/// `POLICY`:
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
/// let policy = read_me::POLICY;
/// assert!(policy.credentials());
/// assert_eq!(policy.max_age(), Some(600));
/// assert_eq!(
///     policy.to_string(),
///     r#"origins = ["https://app.example.com"], credentials, max_age = 600"#,
/// );
/// ```
///
/// A policy has no methods. They belong to the route.
///
/// A policy can also be [configured](crate::ConfiguredPolicy) when the program starts. It shows
/// what is set when you ask: two calls may show two policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(crate) origins: Origins,
    pub(crate) credentials: bool,
    pub(crate) enforce: bool,
    pub(crate) allow_headers: AllowHeaders,
    pub(crate) expose_headers: ExposeHeaders,
    /// The seconds as a header value, which is empty if there are none.
    pub(crate) max_age: &'static str,
    pub(crate) dangers: &'static [(Danger, &'static str)],
    /// The policy that is set there is in force, and not this one.
    pub(crate) configured: Option<Configured>,
    /// For policies that build on this one.
    pub(crate) hazards: Hazards,
}

/// The place that a [`ConfiguredPolicy`](crate::ConfiguredPolicy) fills.
#[derive(Clone, Copy)]
pub(crate) struct Configured {
    /// The path as written in the attribute.
    pub(crate) path: &'static str,
    /// A policy may be a constant, and constants cannot refer to a `static` that changes.
    get: fn() -> &'static SetPolicy,
}

impl Configured {
    pub(crate) const fn new(path: &'static str, get: fn() -> &'static SetPolicy) -> Self {
        Self { path, get }
    }

    pub(crate) fn now(self) -> &'static Policy {
        (self.get)().now()
    }

    /// True if the same policy fills both.
    pub(crate) fn is_filled_as(self, other: Self) -> bool {
        ptr::eq((self.get)(), (other.get)())
    }
}

impl PartialEq for Configured {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.is_filled_as(*other)
    }
}

impl Eq for Configured {}

impl fmt::Debug for Configured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)
    }
}

/// The policy that is set at run time. Reading it takes no lock.
#[derive(Default)]
pub struct SetPolicy(ArcSwapOption<&'static Policy>);

/// In place of a policy that is not set.
static NOT_SET: Policy = Policy::FOR_NO_ONE;

impl SetPolicy {
    pub(crate) const fn new() -> Self {
        Self(ArcSwapOption::const_empty())
    }

    pub(crate) fn set(&self, policy: &'static Policy) {
        self.0.store(Some(policy.into()));
    }

    pub(crate) fn now(&self) -> &'static Policy {
        self.0.load().as_deref().copied().unwrap_or(&NOT_SET)
    }
}

/// A policy as it is now, and the path at which it is [configured](crate::ConfiguredPolicy), if it
/// is.
#[derive(Clone, Copy)]
pub(crate) struct Current<'a> {
    /// The policy in force: if it is configured, the one that is set.
    pub(crate) policy: &'a Policy,
    pub(crate) configured: Option<&'static str>,
}

impl Current<'_> {
    /// The path, if it is configured and not set yet.
    pub(crate) fn not_set(self) -> Option<&'static str> {
        self.configured.filter(|_| !self.policy.is_set())
    }
}

/// The origins that a policy allows: [`Policy::origins`].
///
/// It equals an array if it is a list of these literals, in any order, and nothing else.
///
/// ```
/// use cors_runtime::{AllowedOrigins, Policy, policy};
///
/// static APPS: Policy = policy!(origins = ["https://b.example", "https://a.example"]);
/// static NOBODY: Policy = policy!(none);
/// static ANYONE: Policy = policy!(origins = ["*"]);
/// static ECHO: Policy =
///     policy!(credentials, danger(reflect_any_origin = "it is public, and cookies change nothing"));
///
/// assert_eq!(APPS.origins(), ["https://a.example", "https://b.example"]);
/// assert_eq!(NOBODY.origins(), AllowedOrigins::Nobody);
/// assert_eq!(ANYONE.origins(), AllowedOrigins::Anyone);
/// assert_eq!(ECHO.origins(), AllowedOrigins::AnyoneByEcho);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// No origin: `none`.
    Nobody,
    /// Every origin, without credentials: `origins = ["*"]`, or a
    /// [`PublicAllowlist`](crate::PublicAllowlist) that is set to it.
    Anyone,
    /// Every origin, by its name: `danger(reflect_any_origin = "…")`.
    AnyoneByEcho,
    /// These, and those that the sources allow.
    These {
        /// Origins and patterns.
        literals: Vec<String>,
        /// The paths of the statics that decide at run time, as written in the attribute.
        sources: Vec<&'static str>,
    },
}

impl<const N: usize> PartialEq<[&str; N]> for AllowedOrigins {
    fn eq(&self, other: &[&str; N]) -> bool {
        let Self::These { literals, sources } = self else {
            return false;
        };
        let is_among = |literal: &String| other.contains(&literal.as_str());
        sources.is_empty() && literals.len() == N && literals.iter().all(is_among)
    }
}

/// The request headers that a page may send, beyond the safelisted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllowHeaders {
    /// `*`: all but `authorization`.
    pub(crate) any: bool,
    /// In lower case, sorted.
    pub(crate) names: &'static [&'static str],
    /// True if `content-type` is allowed, by its name or by `*`.
    pub(crate) content_type: bool,
}

/// The response headers that script may read, beyond the safelisted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExposeHeaders {
    pub(crate) names: &'static [&'static str],
    /// The names as a header value.
    pub(crate) value: &'static str,
}

impl AllowHeaders {
    pub(crate) const fn new(any: bool, names: &'static [&'static str]) -> Self {
        let mut content_type = any;
        let mut rest = names;
        while let [name, others @ ..] = rest {
            // The compiler evaluates this for each policy, and a pattern takes it a fraction of a
            // loop.
            if let b"content-type" = name.as_bytes() {
                content_type = true;
            }
            rest = others;
        }
        Self {
            any,
            names,
            content_type,
        }
    }

    /// True if `authorization` is listed: `*` does not cover it.
    pub(crate) const fn lists_authorization(&self) -> bool {
        let mut rest = self.names;
        while let [name, others @ ..] = rest {
            if let b"authorization" = name.as_bytes() {
                return true;
            }
            rest = others;
        }
        false
    }

    /// True if a page may send the header `name`, which may be in any case.
    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        // In a response, this name would be the wildcard, and cover what the policy does not.
        if name == b"*" {
            return false;
        }
        let lower = |byte: &u8| byte.to_ascii_lowercase();
        let find = |order: &dyn Fn(&[u8]) -> Ordering| {
            let found = (self.names).binary_search_by(|listed| order(listed.as_bytes()));
            found.is_ok()
        };
        // Browsers send names in lower case, and whole slices compare faster.
        let listed = find(&|listed| listed.cmp(name))
            || find(&|listed| listed.iter().copied().cmp(name.iter().map(lower)));
        // `*` does not cover this one in Fetch; all three browser engines send it all the same.
        // https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
        listed || (self.any && !name.eq_ignore_ascii_case(b"authorization"))
    }
}

impl Policy {
    /// A list without origins, and nothing else.
    pub(crate) const FOR_NO_ONE: Self = Self {
        origins: Origins::Listed {
            exact: &[],
            patterns: &[],
            sources: &[],
        },
        credentials: false,
        enforce: false,
        allow_headers: AllowHeaders::new(false, &[]),
        expose_headers: ExposeHeaders {
            names: &[],
            value: "",
        },
        max_age: "",
        dangers: &[],
        configured: None,
        hazards: Hazards::NONE,
    };

    /// False for what is in force before the first [`SetPolicy::set`].
    pub(crate) fn is_set(&self) -> bool {
        !ptr::eq(self, &raw const NOT_SET)
    }

    /// The policy that is in force: what is set, if it is configured.
    ///
    /// Another call may give another policy. So a request gets it once, in its
    /// [`Endpoint`](crate::decision::Endpoint).
    #[inline]
    pub(crate) fn now(&self) -> &Self {
        match self.configured {
            Some(configured) => configured.now(),
            None => self,
        }
    }

    pub(crate) fn current(&self) -> Current<'_> {
        Current {
            policy: self.now(),
            configured: self.configured.map(|configured| configured.path),
        }
    }

    /// True if `origins` is `["*"]`, or a list that is set to it, so that the response is the same
    /// for every origin.
    pub(crate) fn allows_any_origin(&self) -> bool {
        match self.origins {
            Origins::Any => true,
            // Browsers reject `*` with credentials.
            Origins::Listed { sources, .. } if !self.credentials => {
                sources.iter().any(Source::allows_anyone)
            }
            Origins::Listed { .. } | Origins::Nobody | Origins::Reflected => false,
        }
    }

    /// The origins that the policy allows.
    ///
    /// A unit test that no other origin can call `delete_user`:
    ///
    /// ```
    /// use actix_web::delete;
    /// use cors_runtime::{AllowedOrigins, cors};
    ///
    /// #[cors(origins = ["https://admin.example.com"], credentials)]
    /// #[delete("/users/{id}")]
    /// async fn delete_user() -> &'static str {
    ///     "deleted"
    /// }
    ///
    /// #[cors(none, enforce)]
    /// #[delete("/users")]
    /// async fn delete_all() -> &'static str {
    ///     "deleted"
    /// }
    ///
    /// assert_eq!(delete_user::POLICY.origins(), ["https://admin.example.com"]);
    /// assert_eq!(delete_all::POLICY.origins(), AllowedOrigins::Nobody);
    /// ```
    ///
    /// In a build with `debug_assertions`, `dev_origins` are among them.
    pub fn origins(&self) -> AllowedOrigins {
        let policy = self.now();
        if policy.allows_any_origin() {
            AllowedOrigins::Anyone
        } else {
            policy.stated_origins()
        }
    }

    /// The same, but a list is a source whatever is in it.
    fn stated_origins(&self) -> AllowedOrigins {
        match &self.origins {
            Origins::Nobody => AllowedOrigins::Nobody,
            Origins::Any => AllowedOrigins::Anyone,
            Origins::Reflected => AllowedOrigins::AnyoneByEcho,
            Origins::Listed {
                exact,
                patterns,
                sources,
            } => AllowedOrigins::These {
                literals: (exact.iter().chain(*patterns))
                    .map(ToString::to_string)
                    .collect(),
                sources: sources.iter().map(|source| source.path).collect(),
            },
        }
    }

    /// True if cookies, TLS client certificates and HTTP authentication may be used.
    pub fn credentials(&self) -> bool {
        self.now().credentials
    }

    /// True if the handler runs only for same-origin requests and for allowed origins.
    ///
    /// Other cross-origin requests get 403 before extractors and the handler run. Requests without
    /// `Origin` pass, unless `Sec-Fetch-Site` says that a page of another origin sent them and the
    /// method is neither GET nor HEAD.
    pub fn enforce(&self) -> bool {
        self.now().enforce
    }

    /// The request headers that a page may send, beyond the safelisted ones.
    ///
    /// In lower case, sorted, with `*` first if it is there.
    pub fn allow_headers(&self) -> Vec<&'static str> {
        let AllowHeaders { any, names, .. } = self.now().allow_headers;
        let any = any.then_some("*");
        any.into_iter().chain(names.iter().copied()).collect()
    }

    /// The response headers that script may read, beyond the safelisted ones. In lower case.
    pub fn expose_headers(&self) -> &'static [&'static str] {
        self.now().expose_headers.names
    }

    /// For how many seconds browsers may reuse the response to a preflight.
    ///
    /// If the policy does not say, browsers take [5 seconds].
    ///
    /// [5 seconds]: https://fetch.spec.whatwg.org/#http-access-control-max-age
    pub fn max_age(&self) -> Option<u32> {
        self.now().max_age.parse().ok()
    }

    /// The accepted dangers, each with its reason: first those of the policy, then those of its
    /// [`Allowlist`](crate::Allowlist)s.
    pub fn dangers(&self) -> Vec<(Danger, &'static str)> {
        let policy = self.now();
        let mut dangers = policy.dangers.to_vec();
        let lists = policy.origins.sources().iter().filter_map(Source::list);
        for danger in lists.flat_map(List::dangers) {
            if !dangers.contains(&danger) {
                dangers.push(danger);
            }
        }
        dangers
    }
}

/// Writes the arguments of the attribute, and the dangers that its lists accept; for a configured
/// policy, its path, and in parentheses what is set, of many origins the first.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.current().fmt(f)
    }
}

/// As many origins of a configured policy are shown. People write an attribute, but a configuration
/// may come from a database.
const SHOWN_ORIGINS: usize = 20;

impl fmt::Display for Current<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(path) = self.configured else {
            return f.write_str(&arguments(self.policy, usize::MAX));
        };
        let set = match self.not_set() {
            Some(_) => "not set".to_owned(),
            None => arguments(self.policy, SHOWN_ORIGINS),
        };
        write!(f, "configured = {path} ({set})")
    }
}

/// The arguments of a policy, with at most so many of its origins.
fn arguments(policy: &Policy, most: usize) -> String {
    let mut arguments = Vec::new();
    match policy.stated_origins() {
        AllowedOrigins::Nobody => arguments.push("none".to_owned()),
        AllowedOrigins::Anyone => arguments.push("origins = [\"*\"]".to_owned()),
        AllowedOrigins::AnyoneByEcho => {} // the danger says it
        AllowedOrigins::These { literals, sources } => {
            let beyond = literals.len().saturating_sub(most);
            let beyond = (beyond > 0).then(|| format!("… {beyond} more"));
            let literals = literals.iter().take(most);
            let literals = literals.map(|origin| format!("{origin:?}"));
            let sources = sources.into_iter().map(str::to_owned);
            let origins: Vec<_> = literals.chain(beyond).chain(sources).collect();
            arguments.push(format!("origins = [{}]", origins.join(", ")));
        }
    }
    if policy.credentials {
        arguments.push("credentials".to_owned());
    }
    let headers = [
        ("allow_headers", policy.allow_headers()),
        ("expose_headers", policy.expose_headers().to_vec()),
    ];
    for (argument, names) in headers {
        if !names.is_empty() {
            arguments.push(format!("{argument} = {names:?}"));
        }
    }
    if let Some(seconds) = policy.max_age() {
        arguments.push(format!("max_age = {seconds}"));
    }
    if policy.enforce {
        arguments.push("enforce".to_owned());
    }
    let dangers = policy.dangers();
    let (own, of_lists) = dangers.split_at(policy.dangers.len());
    let of_lists = of_lists.iter().map(std::slice::from_ref);
    for dangers in iter::once(own).chain(of_lists) {
        let dangers: Vec<_> = (dangers.iter())
            .map(|(danger, reason)| format!("{} = {reason:?}", danger.key()))
            .collect();
        if !dangers.is_empty() {
            arguments.push(format!("danger({})", dangers.join(", ")));
        }
    }
    arguments.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::builder::policy;
    use crate::core::sources::PublicAllowlist;

    const A: &str = "https://a.example";
    const B: &str = "https://b.example";

    #[test]
    fn origins_equal_an_array_of_the_same_literals_alone() {
        let these = |literals: &[&str], sources: &[&'static str]| AllowedOrigins::These {
            literals: literals.iter().map(ToString::to_string).collect(),
            sources: sources.to_vec(),
        };
        for (what, origins, is_equal) in [
            ("the same", these(&[A, B], &[]), true),
            ("in another order", these(&[B, A], &[]), true),
            ("fewer", these(&[A], &[]), false),
            ("more", these(&[A, B, "https://c.example"], &[]), false),
            ("another", these(&[A, "https://c.example"], &[]), false),
            ("a source too", these(&[A, B], &["LIST"]), false),
            ("anyone", AllowedOrigins::Anyone, false),
            ("nobody", AllowedOrigins::Nobody, false),
        ] {
            assert_eq!(origins == [A, B], is_equal, "{what}");
        }
        assert_ne!(these(&[], &["LIST"]), []);
    }

    #[test]
    fn authorization_is_listed_by_its_name_alone() {
        for (any, names, expected) in [
            (true, &[][..], false),
            (true, &["x-authorization"], false),
            (false, &["authorization"], true),
            (true, &["accept", "authorization", "x-a"], true),
        ] {
            let headers = AllowHeaders::new(any, names);
            assert_eq!(headers.lists_authorization(), expected, "{names:?}");
        }
    }

    #[test]
    fn a_list_that_is_a_star_is_not_one_with_credentials() {
        static LIST: PublicAllowlist = PublicAllowlist::new();
        static SOURCES: [Source; 1] = [Source::new("LIST", || crate::__private::source(&LIST))];
        LIST.set(["*"]).expect("everyone");
        for credentials in [false, true] {
            let policy = policy().sources(&SOURCES).credentials(credentials).policy;
            assert_eq!(policy.allows_any_origin(), !credentials);
        }
    }
}
