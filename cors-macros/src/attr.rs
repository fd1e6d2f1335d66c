//! The attributes of an item.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::tokens::{group, is_among, is_punct, split_commas, split_path};

/// An attribute, as tokens and as far as it can be read.
#[derive(Clone)]
pub(crate) struct Attr {
    tokens: TokenStream,
    /// `None` if it starts with something else, such as `unsafe(…)`.
    path: Option<Path>,
    /// The last segment of the path as text. To ask the compiler for it takes long.
    last_name: String,
    /// The tokens after the path.
    rest: TokenStream,
}

impl Attr {
    /// Takes the outer attributes at the start of `tokens`.
    pub(crate) fn take(
        tokens: &mut std::iter::Peekable<impl Iterator<Item = TokenTree>>,
    ) -> Vec<Self> {
        let mut attrs = Vec::new();
        while let Some(pound) = tokens.next_if(|token| is_punct(token, '#')) {
            let body = tokens.next_if(|token| group(token, Delimiter::Bracket).is_some());
            let mut all = TokenStream::from(pound);
            let content = match &body {
                Some(TokenTree::Group(group)) => group.stream(),
                _ => TokenStream::new(),
            };
            all.extend(body);
            attrs.push(Self::read(all, content));
        }
        attrs
    }

    /// An attribute with this between its brackets.
    pub(crate) fn new(content: TokenStream) -> Self {
        let span = content.span();
        Self::read(quote_spanned!(span=> #[#content]), content)
    }

    fn read(tokens: TokenStream, content: TokenStream) -> Self {
        let (path, rest) =
            split_path(content).map_or_else(Default::default, |(path, rest)| (Some(path), rest));
        let last = path.as_ref().and_then(|path| path.segments.last());
        let last_name = last.map(|last| last.ident.to_string()).unwrap_or_default();
        Self {
            tokens,
            path,
            last_name,
            rest,
        }
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_ref()
    }

    /// The last segment of its path.
    pub(crate) fn last(&self) -> Option<&Ident> {
        self.path.as_ref()?.segments.last().map(|last| &last.ident)
    }

    pub(crate) fn is_last(&self, names: &[&str]) -> bool {
        names.contains(&&*self.last_name)
    }

    /// Gives the last segment of its path another name.
    pub(crate) fn rename(&mut self, name: &str) {
        let mut path = self.path.clone();
        let last = path.as_mut().and_then(|path| path.segments.last_mut());
        if let Some(last) = last {
            last.ident = Ident::new(name, last.ident.span());
        }
        let rest = &self.rest;
        *self = Self::new(quote!(#path #rest));
    }

    /// True if its path is this one name.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.last_name == name
            && self
                .path
                .as_ref()
                .is_some_and(|path| path.get_ident().is_some())
    }

    pub(crate) fn is_cors(&self) -> bool {
        self.is_last(&["cors"])
    }

    /// The tokens between its parentheses. A macro cannot tell brackets and braces from them.
    pub(crate) fn args(&self) -> Option<TokenStream> {
        match self.rest.clone().into_iter().next()? {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        }
    }

    /// The parts of a `cfg_attr`: the condition, and the attributes that depend on it.
    pub(crate) fn conditional(&self) -> Option<(TokenStream, Vec<Attr>)> {
        let args = self.is("cfg_attr").then(|| self.args())??;
        let mut pieces = split_commas(args).into_iter();
        let condition = pieces.next()?;
        Some((condition, pieces.map(Attr::new).collect()))
    }

    /// A `cfg_attr` of this condition and these attributes.
    pub(crate) fn with_condition(condition: &TokenStream, attrs: &[Attr]) -> Self {
        let contents = attrs.iter().map(|attr| {
            let Self { path, rest, .. } = attr;
            quote!(#path #rest)
        });
        Self::new(quote!(cfg_attr(#condition, #(#contents),*)))
    }

    /// Itself, or the attributes in a `cfg_attr`, nested ones included; each with its conditions.
    pub(crate) fn flatten(&self) -> Vec<(Vec<TokenStream>, Attr)> {
        let Some((condition, attrs)) = self.conditional() else {
            return vec![(Vec::new(), self.clone())];
        };
        let inner = attrs.iter().flat_map(Attr::flatten);
        inner
            .map(|(mut conditions, attr)| {
                conditions.insert(0, condition.clone());
                (conditions, attr)
            })
            .collect()
    }

    /// True if the compiler or a tool reads it, and no macro does.
    pub(crate) fn is_inert(&self) -> bool {
        const BUILT_IN: [&str; 18] = [
            "allow",
            "cfg",
            "cold",
            "deny",
            "deprecated",
            "doc",
            "expect",
            "export_name",
            "forbid",
            "inline",
            "link_section",
            "must_use",
            "no_mangle",
            "optimize",
            "track_caller",
            "warn",
            "ignore",
            "should_panic",
        ];
        const TOOLS: [&str; 5] = ["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];
        if let Some((_, attrs)) = self.conditional() {
            return attrs.iter().all(Attr::is_inert);
        }
        let Some(path) = &self.path else { return true };
        match path.segments.first() {
            Some(first) if path.segments.len() > 1 => is_among(&first.ident, &TOOLS),
            _ => self.is_last(&BUILT_IN),
        }
    }
}

impl ToTokens for Attr {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.tokens.clone());
    }
}
