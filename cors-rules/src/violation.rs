//! The rules by name, and their violations.

use std::fmt;

use crate::danger::Danger;

/// The effect of a violation on the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The policy does not compile, or the list or the configuration is rejected.
    Error,
    /// An ordinary warning of the compiler.
    Warning,
}

macro_rules! rules {
    ($($severity:ident { $($(#[$doc:meta])* $rule:ident = $name:literal,)* })*) => {
        /// A rule of the book, by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $($($(#[$doc])* $rule,)*)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &'static [Rule] = &[$($(Rule::$rule,)*)*];

            /// Its name in messages and documentation, in `snake_case`.
            pub const fn name(self) -> &'static str {
                match self { $($(Rule::$rule => $name,)*)* }
            }

            /// The effect of a violation on the build.
            pub const fn severity(self) -> Severity {
                match self { $($(Rule::$rule => Severity::$severity,)*)* }
            }
        }
    };
}

rules! {
    Error {
        /// A policy must say who may read.
        MissingOrigins = "missing_origins",
        /// A list without origins is a policy without effect.
        EmptyOrigins = "empty_origins",
        /// Browsers reject `*` for a request with credentials.
        WildcardWithCredentials = "wildcard_with_credentials",
        /// `*` allows anyone already.
        WildcardWithOtherOrigins = "wildcard_with_other_origins",
        /// `null` is the origin of every sandboxed frame, an attacker's included.
        NullOrigin = "null_origin",
        /// `file://` is the origin of every local file, where that is not opaque.
        FileOrigin = "file_origin",
        /// Script of others can run on an insecure origin.
        InsecureOriginWithCredentials = "insecure_origin_with_credentials",
        /// Strangers get names below a public suffix.
        PublicSuffixWithCredentials = "public_suffix_with_credentials",
        /// Only the ASCII serialization of an origin ever matches.
        MalformedOrigin = "malformed_origin",
        /// A wildcard is a whole leading label, a whole port, or the whole host of an app or an
        /// extension.
        MisplacedWildcard = "misplaced_wildcard",
        /// Listed twice.
        DuplicateOrigin = "duplicate_origin",
        /// Already covered by a pattern.
        CoveredOrigin = "covered_origin",
        /// `enforce` where every origin is allowed.
        NeedlessEnforce = "needless_enforce",
        /// No page can send it.
        ForbiddenMethod = "forbidden_method",
        /// Not a token.
        InvalidMethod = "invalid_method",
        /// Methods are case-sensitive.
        MiscasedMethod = "miscased_method",
        /// Listed twice.
        DuplicateMethod = "duplicate_method",
        /// Only the browser sets it.
        ForbiddenRequestHeader = "forbidden_request_header",
        /// A response header in the list of request headers.
        ResponseHeaderInRequest = "response_header_in_request",
        /// Not a token.
        InvalidHeader = "invalid_header",
        /// Listed twice, ignoring case.
        DuplicateHeader = "duplicate_header",
        /// With credentials, browsers read `*` as the name of a header.
        WildcardExposeWithCredentials = "wildcard_expose_with_credentials",
        /// Script never reads it.
        ForbiddenResponseHeader = "forbidden_response_header",
        /// A request header in the list of response headers.
        RequestHeaderInResponse = "request_header_in_response",
        /// Over a day.
        MaxAgeTooLarge = "max_age_too_large",
        /// A danger needs a reason.
        EmptyReason = "empty_reason",
        /// Nothing in the policy needs this danger.
        NeedlessDanger = "needless_danger",
        /// No danger of this name.
        UnknownDanger = "unknown_danger",
        /// No argument of this name.
        UnknownArgument = "unknown_argument",
        /// An argument that is given twice.
        DuplicateArgument = "duplicate_argument",
        /// Another kind of value is expected.
        InvalidValue = "invalid_value",
        /// Neither a route attribute nor methods.
        NoRoute = "no_route",
        /// Both a route attribute and methods.
        MethodsWithRoute = "methods_with_route",
        /// Not a free `async fn`.
        NotAHandler = "not_a_handler",
        /// The attribute twice on one item.
        RepeatedCors = "repeated_cors",
        /// A route attribute that cannot be read.
        InvalidRoute = "invalid_route",
    }
    Warning {
        /// A JSON body without `content-type` allowed.
        JsonWithoutContentType = "json_without_content_type",
        /// HTTP authentication without `authorization` allowed.
        BearerWithoutAuthorization = "bearer_without_authorization",
        /// A session without `credentials`.
        SessionWithoutCredentials = "session_without_credentials",
        /// Longer than Chromium keeps a preflight response.
        MaxAgeBeyondBrowsers = "max_age_beyond_browsers",
        /// One letter away from the usual scheme, method or header.
        Misspelling = "misspelling",
        /// Always allowed, or always exposed.
        SafelistedHeader = "safelisted_header",
        /// A function in a module that could be a handler, and has no policy.
        UncoveredHandler = "uncovered_handler",
        /// This machine, in a release build.
        LoopbackOriginInRelease = "loopback_origin_in_release",
    }
}

impl Rule {
    /// The danger that permits what the rule refuses.
    pub const fn danger(self) -> Option<Danger> {
        match self {
            Self::InsecureOriginWithCredentials => Some(Danger::InsecureOrigins),
            Self::PublicSuffixWithCredentials => Some(Danger::PublicSuffixes),
            Self::NullOrigin => Some(Danger::NullOrigin),
            Self::FileOrigin => Some(Danger::FileOrigin),
            _ => None,
        }
    }

    /// True if the rule applies to a policy, given whether that has credentials.
    pub const fn applies(self, credentials: bool) -> bool {
        let needs_credentials = matches!(
            self,
            Self::WildcardWithCredentials
                | Self::InsecureOriginWithCredentials
                | Self::PublicSuffixWithCredentials
                | Self::WildcardExposeWithCredentials
        );
        credentials || !needs_credentials
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where in a policy a violation is. Numbers count the elements of a list, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// The policy as a whole: something is missing.
    Policy,
    /// The list `origins`.
    Origins,
    /// An element of `origins`.
    Origin(usize),
    /// The list `dev_origins`.
    DevOrigins,
    /// An element of `dev_origins`.
    DevOrigin(usize),
    /// An element of `allow_headers`.
    AllowHeader(usize),
    /// An element of `expose_headers`.
    ExposeHeader(usize),
    /// The value of `max_age`.
    MaxAge,
    /// The flag `enforce`.
    Enforce,
    /// The list `methods`.
    Methods,
    /// An element of `methods`, or the method of a route attribute.
    Method(usize),
    /// The key of an element of `danger`.
    Danger(usize),
    /// The reason of an element of `danger`.
    Reason(usize),
}

/// A rule that a policy violates: what is wrong, why, and what to write instead.
///
/// Its `Display` has what is wrong in the first line, as an editor shows it, and a line each for
/// the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// Where in the policy it is.
    pub place: Place,
    /// The value at fault as it was written; empty if something is missing.
    pub value: String,
    /// The first line: the value, and its mistake.
    pub what: String,
    /// The attack, or what a browser does with it.
    pub why: String,
    /// A correction: text to write instead.
    pub help: Option<String>,
}

impl Violation {
    /// A violation without help.
    pub fn new(
        rule: Rule,
        place: Place,
        value: &str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            place,
            value: value.to_owned(),
            what: what.into(),
            why: why.into(),
            help: None,
        }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        let help = Some(help.into());
        Self { help, ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        writeln!(f, "  = why: {}", self.why)?;
        if let Some(help) = &self.help {
            writeln!(f, "  = help: {help}")?;
        }
        writeln!(f, "  = rule: {}", self.rule)?;
        write!(f, "  = docs: {}#{}", PAGE, self.rule)
    }
}

/// The page that has a section on each rule.
const PAGE: &str = "https://docs.rs/cors-runtime/latest/cors_runtime/rules/index.html";

impl std::error::Error for Violation {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_rules_have_a_danger_that_permits_what_they_refuse() {
        let permitted = |rule: &Rule| rule.danger().map(|danger| (rule.name(), danger));
        assert!(Rule::ALL.iter().filter_map(permitted).eq([
            ("null_origin", Danger::NullOrigin),
            ("file_origin", Danger::FileOrigin),
            ("insecure_origin_with_credentials", Danger::InsecureOrigins),
            ("public_suffix_with_credentials", Danger::PublicSuffixes),
        ]));
    }

    #[test]
    fn a_violation_is_shown_with_a_link_to_its_rule() {
        let rule = Rule::NoRoute;
        let violation = Violation::new(rule, Place::Policy, "", "it is wrong", "it matters");
        let shown = |help: &str| {
            format!(
                "it is wrong\n  = why: it matters\n{help}  = rule: no_route\n  = docs: {PAGE}#no_route"
            )
        };
        assert_eq!(violation.to_string(), shown(""));
        assert_eq!(
            violation.help("mend it").to_string(),
            shown("  = help: mend it\n")
        );
    }
}
