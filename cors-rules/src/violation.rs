//! The rules by name, and what a violation of one says.

use std::fmt;

/// What a violated rule does to the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The policy does not compile, or the list is not taken.
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

            /// What a violation does to the build.
            pub const fn severity(self) -> Severity {
                match self { $($(Rule::$rule => Severity::$severity,)*)* }
            }
        }
    };
}

rules! {
    Error {
        /// A policy has to say who may read.
        MissingOrigins = "missing_origins",
        /// A list of nobody is a policy without effect.
        EmptyOrigins = "empty_origins",
        /// Browsers refuse `*` for a request with credentials.
        WildcardWithCredentials = "wildcard_with_credentials",
        /// Whoever allows anyone need not list anybody.
        WildcardWithOtherOrigins = "wildcard_with_other_origins",
        /// `null` is the origin of every sandboxed frame, an attacker's included.
        NullOrigin = "null_origin",
        /// Whoever controls the network can speak as an `http` origin.
        InsecureOriginWithCredentials = "insecure_origin_with_credentials",
        /// Anyone can register a name below a public suffix.
        PublicSuffixWithCredentials = "public_suffix_with_credentials",
        /// Only the ASCII serialization of an origin ever matches.
        MalformedOrigin = "malformed_origin",
        /// A wildcard is a whole leading label or a whole port.
        MisplacedWildcard = "misplaced_wildcard",
        /// Listed twice.
        DuplicateOrigin = "duplicate_origin",
        /// Already covered by a pattern.
        CoveredOrigin = "covered_origin",
        /// No browser sends it.
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
        WildcardHeadersWithCredentials = "wildcard_headers_with_credentials",
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
        /// Given twice.
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
        /// Longer than any browser keeps a preflight.
        MaxAgeBeyondBrowsers = "max_age_beyond_browsers",
        /// Always allowed, or always exposed.
        SafelistedHeader = "safelisted_header",
        /// This machine, in a release build.
        LoopbackOriginInRelease = "loopback_origin_in_release",
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where in a policy a violation is. Numbers count the elements of a list from 0.
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
/// Displayed with the first line saying what is wrong, as an editor shows it, and a line each for the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// Where in the policy it is.
    pub place: Place,
    /// The value at fault as it was written; empty if something is missing.
    pub value: String,
    /// What is wrong with the value.
    pub what: String,
    /// The attack, or what a browser does.
    pub why: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        writeln!(f, "  = why: {}", self.why)?;
        if let Some(help) = &self.help {
            writeln!(f, "  = help: {help}")?;
        }
        write!(f, "  = rule: {}", self.rule)
    }
}

impl std::error::Error for Violation {}
