//! Lists of origins that you fill at run time.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use cors_rules::checked::{self, Checked};
use cors_rules::draft::{Element, Written};
use cors_rules::pattern::matches_any;
use cors_rules::{Danger, Draft, Origin};

use super::source::{CredentialSafe, OriginSource, SourceError};
use super::target::Target;
use crate::core::violations::Violations;

/// Origins that are known only at run time, such as those of customers or of previews.
///
/// Name a `static` of this type in `origins`, alone or next to literals. It can be used with
/// `credentials`, so its elements must follow the rules for credentials. You can replace the list
/// at any time, even while requests run. Until you fill it, it allows no one.
///
/// ```
/// use actix_web::get;
/// use cors_runtime::{Allowlist, cors};
///
/// pub static TENANTS: Allowlist = Allowlist::new();
///
/// #[cors(origins = ["https://app.example.com", crate::TENANTS], credentials)]
/// #[get("/me")]
/// async fn read_me() -> &'static str {
///     "you"
/// }
///
/// # fn main() {
/// TENANTS.set(["https://shop.example", "https://*.books.example"]).unwrap();
///
/// let violations = TENANTS.set(["https://shop.example/", "http://books.example"]).unwrap_err();
/// assert_eq!(violations.len(), 2); // The list did not change.
/// # let shown = violations.to_string();
/// # assert!(shown.starts_with("`https://shop.example/` is not an origin"), "{shown}");
/// # }
/// ```
///
/// If some of its origins are insecure for a good reason, accept that with
/// [`danger`](Self::danger).
///
/// All apps of a process share the `static`. So if tests run in parallel, two of them must not set
/// one list to different origins: give each its own origins, or run them in processes of their own.
pub struct Allowlist(pub(super) List);

/// Origins that are known only at run time, for policies without `credentials`.
///
/// It is an [`Allowlist`] that also takes what is harmless without credentials: insecure origins,
/// patterns below a public suffix, and `*` alone, which is `origins = ["*"]`: it allows every
/// origin, `null` included, and caches can share the responses.
///
/// ```
/// # use actix_web::get;
/// # use cors_runtime::{PublicAllowlist, cors};
/// pub static READERS: PublicAllowlist = PublicAllowlist::new();
///
/// #[cors(origins = [crate::READERS])]
/// #[get("/news")]
/// async fn news() -> &'static str {
///     "news"
/// }
///
/// # fn main() {
/// READERS.set(["http://intranet.example"]).unwrap();
/// # }
/// ```
///
/// With `credentials`, it does not compile:
///
/// ```compile_fail
/// # use actix_web::get;
/// # use cors_runtime::{PublicAllowlist, cors};
/// # pub static READERS: PublicAllowlist = PublicAllowlist::new();
/// #[cors(origins = [crate::READERS], credentials)]
/// #[get("/news")]
/// async fn news() -> &'static str {
///     "news"
/// }
/// # fn main() {}
/// ```
pub struct PublicAllowlist(pub(super) List);

impl Allowlist {
    /// Accepts a danger, with the reason why it is harmless: `InsecureOrigins` or `PublicSuffixes`.
    ///
    /// It is stated in the code: the contents of the list cannot accept it. [`Policy::dangers`] of
    /// the policies that name the list returns it, and their [`surface`](crate::surface()) shows
    /// it.
    ///
    /// ```
    /// use cors_runtime::{Allowlist, Danger};
    ///
    /// pub static SCANNERS: Allowlist = Allowlist::new()
    ///     .danger(Danger::InsecureOrigins, "the scanners have no certificates");
    ///
    /// SCANNERS.set(["http://192.168.1.20", "http://192.168.1.21"]).unwrap();
    /// ```
    ///
    /// # Panics
    /// If the reason is empty, or if the danger is another one: `null` and `file://` are listed in
    /// the policy itself. A `static` that would panic does not compile.
    ///
    /// ```compile_fail
    /// # use cors_runtime::{Allowlist, Danger};
    /// pub static SCANNERS: Allowlist = Allowlist::new().danger(Danger::InsecureOrigins, "");
    /// ```
    ///
    /// [`Policy::dangers`]: crate::Policy::dangers
    #[must_use]
    pub const fn danger(mut self, danger: Danger, reason: &'static str) -> Self {
        assert!(
            has_word(reason),
            "a danger has no reason: say in a sentence why it is harmless here"
        );
        match danger {
            Danger::InsecureOrigins => self.0.insecure_origins = Some(reason),
            Danger::PublicSuffixes => self.0.public_suffixes = Some(reason),
            Danger::NullOrigin | Danger::FileOrigin | Danger::ReflectAnyOrigin => panic!(
                "a list accepts `InsecureOrigins` or `PublicSuffixes`: state other dangers in the policy that names it"
            ),
        }
        self
    }
}

/// True if the text has a letter or a digit. The check looks closer when the list is set.
const fn has_word(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [byte, others @ ..] = rest {
        if byte.is_ascii_alphanumeric() || !byte.is_ascii() {
            return true;
        }
        rest = others;
    }
    false
}

macro_rules! allowlist {
    ($list:ident, is_credentialed: $is_credentialed:literal) => {
        impl $list {
            /// A list that allows no one.
            #[must_use]
            pub const fn new() -> Self {
                Self(List {
                    content: ArcSwapOption::const_empty(),
                    is_credentialed: $is_credentialed,
                    insecure_origins: None,
                    public_suffixes: None,
                })
            }

            /// Replaces the list with these origins and patterns. An empty list allows no one.
            ///
            /// Each request sees the old list or the new one, never a mixture. No request waits.
            /// Warnings, such as one of a scheme that is most likely misspelt, go to the log.
            ///
            /// # Errors
            /// All violations of the rules. The old list stays in force. In each violation,
            /// [`Place::Origin`](crate::Place::Origin) is an index into `origins`.
            pub fn set<I>(&self, origins: I) -> Result<(), Violations>
            where
                I: IntoIterator<Item: AsRef<str>>,
            {
                self.0.set(origins)
            }
        }

        impl Default for $list {
            fn default() -> $list {
                $list::new()
            }
        }

        impl OriginSource for $list {
            fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
                Ok(self.0.allows(origin))
            }
        }

        /// Writes the origins and patterns, sorted.
        impl fmt::Debug for $list {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.0.literals()).finish()
            }
        }
    };
}

allowlist!(Allowlist, is_credentialed: true);
allowlist!(PublicAllowlist, is_credentialed: false);

impl CredentialSafe for Allowlist {}

/// Splits a list at its commas, for example one in an environment variable.
///
/// Trims white space around the elements, and skips empty ones.
///
/// ```
/// use cors_runtime::{Allowlist, comma_separated};
///
/// static TENANTS: Allowlist = Allowlist::new();
///
/// TENANTS.set(comma_separated("https://shop.example, https://books.example,")).unwrap();
/// ```
///
/// A server reads the variable when it starts:
///
/// ```
/// use std::env::{self, VarError};
/// use std::error::Error;
///
/// use cors_runtime::{Allowlist, comma_separated};
///
/// static TENANTS: Allowlist = Allowlist::new();
///
/// fn main() -> Result<(), Box<dyn Error>> {
///     match env::var("TENANT_ORIGINS") {
///         // If one entry is wrong, the server does not start, and its operator is told why.
///         Ok(list) => TENANTS
///             .set(comma_separated(&list))
///             .map_err(|violations| violations.of("TENANT_ORIGINS"))?,
///         // Not set: the list stays empty, and allows no one.
///         Err(VarError::NotPresent) => {}
///         // Not Unicode. An empty list would hide the mistake.
///         Err(error) => return Err(format!("TENANT_ORIGINS: {error}").into()),
///     }
///     # assert_eq!(format!("{TENANTS:?}"), "[]");
///     Ok(())
/// }
/// ```
pub fn comma_separated(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|element| !element.is_empty())
}

/// An [`Allowlist`] or a [`PublicAllowlist`], and the dangers that it accepts, each with its
/// reason.
pub(crate) struct List {
    /// None before the first `set`.
    content: ArcSwapOption<Content>,
    /// True if the rules for `credentials` hold for it.
    pub(crate) is_credentialed: bool,
    insecure_origins: Option<&'static str>,
    public_suffixes: Option<&'static str>,
}

impl List {
    fn set<I>(&self, origins: I) -> Result<(), Violations>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let origins: Vec<_> = origins.into_iter().collect();
        let origins: Vec<_> = origins.iter().map(AsRef::as_ref).collect();
        // An empty list is an error in an attribute. Here it is the state of an empty table.
        if origins.is_empty() {
            self.content.store(None);
            return Ok(());
        }
        let draft = Draft {
            origins: Some(origins.iter().map(|origin| Element::Text(origin)).collect()),
            credentials: self.is_credentialed,
            dangers: self.dangers(),
            written: Written::List,
            ..Draft::default()
        };
        let (policy, warnings) = Violations::check(&draft, None)?;
        if !warnings.is_empty() {
            tracing::warn!("a list of origins is set to this:\n{warnings}");
        }
        self.content.store(Some(Arc::new(Content::new(policy))));
        Ok(())
    }

    pub(crate) fn dangers(&self) -> Vec<(Danger, &'static str)> {
        let accepted = [
            (Danger::InsecureOrigins, self.insecure_origins),
            (Danger::PublicSuffixes, self.public_suffixes),
        ];
        (accepted.into_iter())
            .filter_map(|(danger, reason)| Some((danger, reason?)))
            .collect()
    }

    fn allows(&self, origin: &Origin<'_>) -> bool {
        match self.content.load().as_deref() {
            None => false,
            Some(Content::Any) => true,
            Some(Content::Origins { exact, patterns }) => {
                exact.contains(origin.as_str()) || matches_any(patterns, origin)
            }
        }
    }

    /// True if it is `["*"]`.
    pub(super) fn allows_anyone(&self) -> bool {
        matches!(self.content.load().as_deref(), Some(Content::Any))
    }

    /// The origins and patterns, sorted.
    pub(crate) fn literals(&self) -> Vec<String> {
        let mut literals: Vec<_> = match self.content.load().as_deref() {
            None => Vec::new(),
            Some(Content::Any) => vec!["*".to_owned()],
            Some(Content::Origins { exact, patterns }) => {
                let texts = exact.iter().chain(patterns);
                texts.map(ToString::to_string).collect()
            }
        };
        literals.sort_unstable();
        literals
    }
}

/// Origins that follow the rules.
enum Content {
    /// `*` alone.
    Any,
    /// Origins and patterns.
    Origins {
        exact: HashSet<Box<str>>,
        /// Sorted for [`matches_any`].
        patterns: Vec<Box<str>>,
    },
}

impl Content {
    fn new(policy: Checked<'_>) -> Self {
        let list = match policy.origins {
            checked::Origins::Any => return Self::Any,
            checked::Origins::Listed(list) => list,
            // A draft has these with a danger or a base, and a list has neither.
            checked::Origins::Reflected | checked::Origins::Inherited => checked::List::default(),
        };
        Self::Origins {
            exact: list.exact.iter().map(|entry| entry.value.into()).collect(),
            patterns: (list.patterns.iter())
                .map(|entry| entry.value.into())
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use cors_rules::{Pattern, Rule};

    use super::*;

    /// Lists and origins are made of the same few parts, so that many pairs nearly match.
    fn combine(labels: &[&str], ports: &[&str]) -> Vec<String> {
        let mut texts = Vec::new();
        for scheme in ["https", "http"] {
            for label in labels {
                for host in ["b.example", "localhost", "a.b.example"] {
                    for port in ports {
                        texts.push(format!("{scheme}://{label}{host}{port}"));
                    }
                }
            }
        }
        texts
    }

    #[test]
    fn a_list_agrees_with_a_matcher_that_tries_each_pattern() {
        let elements = combine(&["", "*.", "x.", "*.x."], &["", ":*", ":8443"]);
        let origins = combine(&["", "x.", "y.x.", "a.", "evil"], &["", ":8443", ":8444"]);
        let (mut allowed, mut refused) = (0, 0);
        // Every element alone, and every element with one that is far away in the list.
        for (i, element) in elements.iter().enumerate() {
            let other = &elements[(i * 7 + 31) % elements.len()];
            for list in [&[element][..], &[element, other]] {
                let texts: Vec<_> = list.iter().map(|text| text.as_str()).collect();
                let built = PublicAllowlist::new();
                if built.set(&texts).is_err() {
                    // One covers the other.
                    continue;
                }
                for text in &origins {
                    let origin = Origin::parse(text).unwrap();
                    let naive = texts
                        .iter()
                        .any(|text| Pattern::parse(text).unwrap().matches(&origin));
                    assert_eq!(built.0.allows(&origin), naive, "{text} in {texts:?}");
                    *(if naive { &mut allowed } else { &mut refused }) += 1;
                }
            }
        }
        assert!(allowed > 500 && refused > 500, "{allowed} {refused}");
    }

    #[test]
    fn only_a_star_alone_allows_every_origin() {
        let origin = Origin::parse("https://a.example").unwrap();
        for (texts, taken, allowed) in [
            (&["*"][..], true, true),
            (&["*", "https://b.example"], false, false),
            (&["null"], false, false),
            (&["https://*"], false, false),
            (&["x"], false, false),
            (&[""], false, false),
            (&[], true, false),
        ] {
            let list = PublicAllowlist::new();
            assert_eq!(list.set(texts).is_ok(), taken, "{texts:?}");
            assert_eq!(list.0.allows(&origin), allowed, "{texts:?}");
            assert_eq!(list.0.allows_anyone(), texts == ["*"] && taken, "{texts:?}");
        }
    }

    #[test]
    fn a_list_takes_only_the_dangers_that_it_accepts() {
        let insecure = |list: Allowlist| list.danger(Danger::InsecureOrigins, "old scanners");
        let suffixes = |list: Allowlist| list.danger(Danger::PublicSuffixes, "all of it is ours");
        let insecure_rule = Rule::InsecureOriginWithCredentials;
        let texts = [
            "http://192.168.1.20",
            "https://*.github.io",
            "https://a.example",
        ];
        for (what, list, expected) in [
            (
                "none",
                Allowlist::new(),
                &[insecure_rule, Rule::PublicSuffixWithCredentials][..],
            ),
            (
                "one",
                insecure(Allowlist::new()),
                &[Rule::PublicSuffixWithCredentials],
            ),
            ("the other", suffixes(Allowlist::new()), &[insecure_rule]),
            ("both", suffixes(insecure(Allowlist::new())), &[]),
        ] {
            let violations = list.set(texts).err().into_iter().flatten();
            let rules: Vec<_> = violations.map(|violation| violation.rule).collect();
            assert_eq!(rules, expected, "{what}");
            // It may need them later.
            assert!(list.set(["https://a.example"]).is_ok(), "{what}");
            assert_eq!(list.0.dangers().len(), 2 - expected.len(), "{what}");
        }
        for unnamed in ["null", "file://"] {
            let violations = suffixes(insecure(Allowlist::new()))
                .set([unnamed])
                .unwrap_err();
            let help = violations[0].help.as_deref().unwrap_or_default();
            assert!(help.contains("a list is not asked about"), "{help}");
            assert!(!help.contains("accept"), "{help}");
        }
        let reasonless = Allowlist::new().danger(Danger::InsecureOrigins, "…");
        let violations = reasonless.set(["http://a.example"]).unwrap_err();
        assert_eq!(violations[0].rule, Rule::EmptyReason);
    }

    #[test]
    #[should_panic(expected = "state other dangers in the policy")]
    fn a_list_accepts_no_danger_of_a_policy() {
        let _ = Allowlist::new().danger(Danger::NullOrigin, "it is public");
    }

    #[test]
    #[should_panic(expected = "no reason")]
    fn a_list_accepts_no_danger_without_a_reason() {
        let _ = Allowlist::new().danger(Danger::InsecureOrigins, " .");
    }

    #[test]
    fn an_international_domain_above_a_public_suffix_is_refused_like_any_other() {
        for pattern in [
            "https://*.vestfold.no",
            "https://*.xn--stfold-9xa.no",
            "https://*.xn--mre-og-romsdal-qqb.no",
        ] {
            let violations = Allowlist::new().set([pattern]).unwrap_err();
            let rules: Vec<_> = violations.iter().map(|violation| violation.rule).collect();
            assert_eq!(rules, [Rule::PublicSuffixWithCredentials], "{pattern}");
        }
    }

    #[test]
    fn five_thousand_ports_of_one_host_are_found_and_no_others() {
        let ports = 10_000..15_000;
        let list = Allowlist::new();
        let texts = ports
            .clone()
            .map(|port| format!("https://*.b.example:{port}"));
        list.set(texts).unwrap();
        for port in (9_000..16_000).step_by(13) {
            let text = format!("https://x.b.example:{port}");
            let origin = Origin::parse(&text).unwrap();
            assert_eq!(list.0.allows(&origin), ports.contains(&port), "{text}");
        }
    }

    #[test]
    fn a_list_is_shown_as_it_was_set() {
        let list = PublicAllowlist::new();
        assert_eq!(format!("{list:?}"), "[]");
        let texts = [
            "http://localhost:*",
            "https://*.b.example:8443",
            "https://a.example",
        ];
        list.set(texts).unwrap();
        assert_eq!(format!("{list:?}"), format!("{texts:?}"));
        list.set(["*"]).unwrap();
        assert_eq!(format!("{list:?}"), r#"["*"]"#);
    }
}
