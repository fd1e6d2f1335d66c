//! Lists of origins that are filled at run time.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::RequestHead;
use arc_swap::ArcSwapOption;
use cors_rules::draft::Listed;
use cors_rules::pattern::{host_text, suffixes};
use cors_rules::{Draft, Origin, Pattern, Severity, Violation, check, is_public_suffix};

use crate::source::{CredentialSafe, OriginSource, SourceError};

/// Origins that are known only at run time: those of customers, of staging, of previews.
///
/// A `static` of this type is named in `origins`, alone or beside literals, also with `credentials`: what is put into it has to
/// follow the same rules as a literal of a policy that has them. It may be filled and replaced at any time, while requests run.
/// Until it is filled, it allows nobody.
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
/// assert_eq!(violations.len(), 2); // and the list is what it was
/// assert_eq!(
///     violations.to_string().lines().next(),
///     Some("origin 0: `https://shop.example/` is not an origin: it ends with a slash"),
/// );
/// # }
/// ```
#[derive(Default)]
pub struct Allowlist(Cell);

/// Origins that are known only at run time, for policies without `credentials`.
///
/// It is an [`Allowlist`] that also takes what is harmless only without credentials: insecure origins, patterns below a
/// public suffix, and `*` alone, which allows whatever has an origin. With `credentials`, it does not compile:
///
/// ```compile_fail
/// use actix_web::get;
/// use cors_runtime::{PublicAllowlist, cors};
///
/// pub static READERS: PublicAllowlist = PublicAllowlist::new();
///
/// #[cors(origins = [crate::READERS], credentials)]
/// #[get("/news")]
/// async fn news() -> &'static str {
///     "news"
/// }
/// # fn main() {}
/// ```
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
#[derive(Default)]
pub struct PublicAllowlist(Cell);

macro_rules! allowlist {
    ($list:ident, credentials: $credentials:literal) => {
        impl $list {
            /// A list that allows nobody.
            #[must_use]
            pub const fn new() -> Self {
                Self(Cell(ArcSwapOption::const_empty()))
            }

            /// Replaces the list by origins and patterns of origins; by nobody if there are none.
            ///
            /// A request is decided by the list before or by the one after. No request waits.
            ///
            /// # Errors
            /// All violations of the rules, of which [`Place::Origin`](crate::Place::Origin) says where in `origins` each is. The list is what it was.
            pub fn set<I>(&self, origins: I) -> Result<(), Violations>
            where
                I: IntoIterator<Item: AsRef<str>>,
            {
                self.0.set(origins, $credentials)
            }
        }

        impl OriginSource for $list {
            fn allows(&self, origin: &Origin<'_>, _: &RequestHead) -> Result<bool, SourceError> {
                Ok(self.0.allows(origin))
            }
        }

        impl fmt::Debug for $list {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let list = self.0.0.load();
                let mut origins: Vec<_> = list.iter().flat_map(|list| list.origins()).collect();
                origins.sort_unstable();
                f.debug_list().entries(origins).finish()
            }
        }
    };
}

allowlist!(Allowlist, credentials: true);
allowlist!(PublicAllowlist, credentials: false);

impl CredentialSafe for Allowlist {}

/// The elements of a list that is written with commas, such as one in an environment variable. Blanks around them and empty
/// elements do not count.
///
/// ```
/// use cors_runtime::{Allowlist, comma_separated};
///
/// static TENANTS: Allowlist = Allowlist::new();
///
/// let variable = "https://shop.example, https://books.example,";
/// TENANTS.set(comma_separated(variable)).unwrap();
/// ```
pub fn comma_separated(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|element| !element.is_empty())
}

/// All that is wrong with a list; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Deref for Violations {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        &self.0
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// One after the other, each with the number of its element, from 0.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            if let cors_rules::Place::Origin(index) = violation.place {
                write!(f, "origin {index}: ")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// The list that is in force.
#[derive(Default)]
struct Cell(ArcSwapOption<List>);

impl Cell {
    fn set<I>(&self, origins: I, credentials: bool) -> Result<(), Violations>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let origins: Vec<_> = origins.into_iter().collect();
        let origins: Vec<_> = origins.iter().map(AsRef::as_ref).collect();
        let listed: Vec<_> = origins.iter().map(|origin| Listed::Text(origin)).collect();
        let mut violations = Vec::new();
        // A table without rows is a state, not a mistake.
        if !listed.is_empty() {
            let draft = Draft {
                origins: Some(&listed),
                credentials,
                ..Draft::default()
            };
            violations = check(&draft, is_public_suffix);
            violations.retain(|violation| violation.rule.severity() == Severity::Error);
        }
        if violations.is_empty() {
            self.0.store(Some(Arc::new(List::new(&origins))));
            Ok(())
        } else {
            Err(Violations(violations))
        }
    }

    fn allows(&self, origin: &Origin<'_>) -> bool {
        self.0
            .load()
            .as_ref()
            .is_some_and(|list| list.allows(origin))
    }
}

/// Origins and patterns that were checked.
#[derive(Default)]
struct List {
    any: bool,
    exact: HashSet<Box<str>>,
    /// By their hosts.
    patterns: HashMap<Box<str>, Vec<Box<str>>>,
}

impl List {
    fn new(origins: &[&str]) -> Self {
        let mut list = Self::default();
        for origin in origins {
            match Pattern::parse(origin) {
                Ok(pattern) if !pattern.is_exact() => {
                    let same_host = list.patterns.entry(pattern.host.into()).or_default();
                    same_host.push((*origin).into());
                }
                Ok(_) => drop(list.exact.insert((*origin).into())),
                // The rules let no other text through.
                Err(_) => list.any = true,
            }
        }
        list
    }

    fn allows(&self, origin: &Origin<'_>) -> bool {
        self.any
            || self.exact.contains(origin.as_str())
            || (!self.patterns.is_empty() && self.matches_pattern(origin))
    }

    fn matches_pattern(&self, origin: &Origin<'_>) -> bool {
        suffixes(host_text(origin))
            .filter_map(|suffix| self.patterns.get(suffix))
            .flatten()
            .any(|text| Pattern::parse(text).is_ok_and(|pattern| pattern.matches(origin)))
    }

    fn origins(&self) -> impl Iterator<Item = &str> {
        let patterns = self.patterns.values().flatten();
        let any = self.any.then_some("*");
        any.into_iter()
            .chain(self.exact.iter().chain(patterns).map(AsRef::as_ref))
    }
}
