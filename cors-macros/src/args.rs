//! The arguments of `#[cors]` and `policy!`, as they were written.

use cors_rules::Danger;
use proc_macro2::{Span, TokenStream};
use syn::{Ident, LitStr, Path, Token};

/// Where arguments stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `#[cors(…)]` above a route attribute.
    Routed,
    /// `#[cors(…)]` above a function without one.
    ByHand,
    /// `#[cors(…)]` above a module.
    Module,
    /// `policy!(…)`, which has no methods and cannot be another policy.
    Policy,
}

const KNOWN: [&str; 11] = [
    "origins",
    "credentials",
    "allow_headers",
    "expose_headers",
    "max_age",
    "dev_origins",
    "enforce",
    "danger",
    "configured",
    "crate",
    "methods",
];

impl Form {
    /// The names of the arguments that it takes, for messages.
    pub(crate) fn known(self) -> &'static [&'static str] {
        match self {
            Self::ByHand => &KNOWN,
            Self::Routed | Self::Module | Self::Policy => &KNOWN[..KNOWN.len() - 1],
        }
    }

    /// True if it reads an argument of this name. An attribute reads `methods` everywhere, to say
    /// more where they don't belong.
    pub(crate) fn reads(self, name: &str) -> bool {
        name == "none" || self.known().contains(&name) || (name == "methods" && self.is_attribute())
    }

    pub(crate) fn is_attribute(self) -> bool {
        self != Self::Policy
    }

    pub(crate) fn name(self) -> &'static str {
        if self.is_attribute() {
            "#[cors]"
        } else {
            "policy!"
        }
    }
}

/// The arguments that were given, each with its tokens.
#[derive(Default)]
pub(crate) struct Args {
    /// `none`: no origin.
    pub(crate) none: Option<Ident>,
    /// A policy that is stated elsewhere.
    pub(crate) shared: Option<Path>,
    /// A policy that is set when the program starts.
    pub(crate) configured: Option<Configured>,
    /// A policy that states what is left out here: `..BASE`.
    pub(crate) base: Option<Path>,
    /// Where its `..` is.
    pub(crate) dots: Option<Span>,
    pub(crate) methods: Option<List<Name>>,
    pub(crate) origins: Option<List<OriginElement>>,
    pub(crate) dev_origins: Option<List<OriginElement>>,
    pub(crate) credentials: Option<Ident>,
    pub(crate) enforce: Option<Ident>,
    /// The flags that are taken away from the base: `credentials = false`, each with its value.
    pub(crate) off: Vec<(Ident, TokenStream)>,
    pub(crate) allow_headers: Option<List<Name>>,
    pub(crate) expose_headers: Option<List<Name>>,
    pub(crate) max_age: Option<Seconds>,
    pub(crate) dangers: Vec<DangerArg>,
    /// A danger was accepted in a way that could not be read.
    pub(crate) unread_danger: bool,
    pub(crate) runtime: Option<Path>,
    /// Something could not be read. An argument that seems to be missing may be unreadable.
    pub(crate) incomplete: bool,
    /// All keys, in the order in which they were given.
    pub(crate) given: Vec<Ident>,
}

/// The value of `configured`.
pub(crate) struct Configured {
    pub(crate) path: Path,
    /// The path as it was written.
    pub(crate) text: String,
}

/// A list in brackets.
pub(crate) struct List<T> {
    /// The brackets and what is in them.
    pub(crate) tokens: TokenStream,
    pub(crate) elements: Vec<T>,
}

/// A string in a list of names.
pub(crate) struct Name {
    pub(crate) literal: LitStr,
    pub(crate) text: String,
}

/// An element of a list of origins.
pub(crate) struct OriginElement {
    pub(crate) tokens: TokenStream,
    /// The origin or pattern, or the path of a source as it was written.
    pub(crate) text: String,
    pub(crate) kind: OriginKind,
}

pub(crate) enum OriginKind {
    Literal,
    /// Taken from this variable of the build's environment.
    Variable(LitStr),
    /// A `static` that decides at run time.
    Source(Path),
}

/// The value of `max_age`.
pub(crate) struct Seconds {
    pub(crate) tokens: TokenStream,
    pub(crate) number: u64,
}

/// `key = "reason"` in `danger(…)`.
pub(crate) struct DangerArg {
    pub(crate) key: Ident,
    pub(crate) danger: Danger,
    pub(crate) reason: LitStr,
    pub(crate) text: String,
}

impl Args {
    /// The key of an argument, if it was given.
    pub(crate) fn key(&self, name: &str) -> Option<&Ident> {
        self.given
            .iter()
            .find(|key| crate::tokens::name(key) == name)
    }

    /// True if `methods` is missing, which a handler without a route needs.
    pub(crate) fn lack_methods(&self) -> bool {
        self.key("methods").is_none() && !self.incomplete
    }

    /// Where the runtime crate is.
    pub(crate) fn runtime(&self) -> Path {
        self.runtime.clone().unwrap_or_else(|| {
            // `parse_quote!` would write and parse it for each handler.
            let mut path = Path::from(Ident::new("cors_runtime", Span::call_site()));
            path.leading_colon = Some(Token![::](Span::call_site()));
            path
        })
    }

    /// The variables of the build's environment that origins were taken from.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &LitStr> {
        let lists = self.origins.iter().chain(&self.dev_origins);
        lists
            .flat_map(|list| &list.elements)
            .filter_map(|element| match &element.kind {
                OriginKind::Variable(name) => Some(name),
                _ => None,
            })
    }
}
