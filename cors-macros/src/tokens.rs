//! Token streams, taken apart without a parser: half-typed code is the compiler's to judge.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Path;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};

/// The pieces between commas.
pub(crate) fn split_commas(tokens: TokenStream) -> Vec<TokenStream> {
    split(tokens, |_| true)
}

/// The pieces between the commas that are not between `<` and `>`, as parameters are.
pub(crate) fn split_parameters(tokens: TokenStream) -> Vec<TokenStream> {
    let mut angles = Angles::default();
    split(tokens, move |token| {
        angles.see(token);
        angles.depth == 0
    })
}

fn split(tokens: TokenStream, mut is_outer: impl FnMut(&TokenTree) -> bool) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    for token in tokens {
        if is_outer(&token) && is_punct(&token, ',') {
            pieces.push(TokenStream::new());
        } else if let Some(piece) = pieces.last_mut() {
            piece.extend([token]);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The pattern of a parameter, and its type after the colon. The colons of `::` are not it.
pub(crate) fn split_parameter(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let mut rest = tokens.into_iter();
    let mut is_in_path = false;
    let is_of_pattern = |token: &TokenTree| {
        let is_colon = is_punct(token, ':') && !is_in_path;
        is_in_path = matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint);
        !is_colon || is_in_path
    };
    let pattern = rest.by_ref().take_while(is_of_pattern).collect();
    (pattern, rest.collect())
}

/// Takes tokens up to the first one like this, which is the last one taken.
pub(crate) fn take_through(
    tokens: &mut impl Iterator<Item = TokenTree>,
    is_last: impl Fn(&TokenTree) -> bool,
) -> TokenStream {
    let mut taken = TokenStream::new();
    for token in tokens {
        let was_last = is_last(&token);
        taken.extend([token]);
        if was_last {
            break;
        }
    }
    taken
}

/// Counts angle brackets. The `>` of `->` and `=>` does not count.
#[derive(Default)]
pub(crate) struct Angles {
    pub(crate) depth: usize,
    before: char,
}

impl Angles {
    pub(crate) fn see(&mut self, token: &TokenTree) {
        let punct = match token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match punct {
            '<' => self.depth += 1,
            '>' if self.before != '-' && self.before != '=' => {
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        self.before = punct;
    }
}

/// The first identifier that is one of these, however deep.
pub(crate) fn find_word(tokens: TokenStream, words: &[&str]) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if is_among(&ident, words) => Some(ident),
        TokenTree::Group(group) => find_word(group.stream(), words),
        _ => None,
    })
}

/// True if an identifier is one of these. Only the compiler has its text, which takes long, so this
/// takes it once for all words.
pub(crate) fn is_among(ident: &Ident, words: &[&str]) -> bool {
    words.contains(&&*ident.to_string())
}

pub(crate) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

pub(crate) fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

pub(crate) fn group(token: &TokenTree, delimiter: Delimiter) -> Option<&Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

/// The same delimiters around other tokens.
pub(crate) fn with_content(group: &Group, content: TokenStream) -> Group {
    let mut other = Group::new(group.delimiter(), content);
    other.set_span(group.span());
    other
}

/// Reads a path at the start of `tokens`; the rest follows it.
pub(crate) fn split_path(tokens: TokenStream) -> Option<(Path, TokenStream)> {
    let parser = |input: ParseStream<'_>| {
        Ok((
            input.call(Path::parse_mod_style)?,
            input.parse::<TokenStream>()?,
        ))
    };
    parser.parse2(tokens).ok()
}

/// A path as it was written, but for white space and for a `self` that changes nothing.
pub(crate) fn path_text(path: &Path) -> String {
    let text = path.to_token_stream().to_string().replace(' ', "");
    text.strip_prefix("self::").unwrap_or(&text).to_owned()
}

/// An identifier as a name: `type` for `r#type`.
pub(crate) fn name(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// Where an identifier was written, for a message about another one. Only the compiler knows.
pub(crate) fn whereabouts(ident: &Ident) -> String {
    if proc_macro::is_available() {
        format!("in line {}", ident.span().unwrap().line())
    } else {
        "above".to_owned()
    }
}

/// The same path, shown where it was written. Its last name stays the user's, because editors
/// rename only tokens that a macro has left as they were written. The rest is the macro's own:
/// lints on how a path is written look at its start, and skip what a macro wrote.
pub(crate) fn path_at_call_site(path: &Path) -> TokenStream {
    // The span of `$crate` says which crate it is.
    if path
        .segments
        .iter()
        .any(|segment| segment.ident == "$crate")
    {
        return path.to_token_stream();
    }
    let mut tokens: Vec<_> = path.to_token_stream().into_iter().collect();
    let last = tokens.pop();
    let mut whole = at_call_site(tokens.into_iter().collect());
    whole.extend(last);
    whole
}

/// The same tokens, shown where they were written, but as the macro's own.
pub(crate) fn at_call_site(tokens: TokenStream) -> TokenStream {
    respan(tokens, |span| Span::call_site().located_at(span))
}

/// The same tokens with the same meaning, shown elsewhere.
pub(crate) fn located(tokens: &impl ToTokens, there: Span) -> TokenStream {
    respan(tokens.to_token_stream(), |span| span.located_at(there))
}

/// The same tokens, shown from one place to another. An editor takes a name in the output for the
/// one that the user wrote at its place. So only delimiters are at the second place.
pub(crate) fn framed(from: Span, to: Span, tokens: TokenStream) -> TokenStream {
    (tokens.into_iter())
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                let inner = framed(from, to, group.stream());
                token = Group::new(group.delimiter(), inner).into();
            }
            let is_group = matches!(token, TokenTree::Group(_));
            token.set_span(if is_group { to } else { from });
            token
        })
        .collect()
}

fn respan(tokens: TokenStream, change: impl Fn(Span) -> Span) -> TokenStream {
    (tokens.into_iter())
        .map(|mut token| {
            token.set_span(change(token.span()));
            token
        })
        .collect()
}
