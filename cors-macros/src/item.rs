//! The item below the attribute. Parameters, types and bodies stay tokens: half-typed code is the
//! compiler's to judge.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::attr::Attr;
use crate::tokens::{
    Angles, find_word, group, is_among, is_ident, is_punct, split_parameter, split_parameters,
    take_through, with_content,
};

/// An item that `#[cors]` is above.
pub(crate) enum Item {
    Function(Function),
    Module(Module),
    /// Something else, with the first word of it.
    Other(Option<TokenTree>),
}

/// A function that could be a handler.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) vis: TokenStream,
    /// `async`, and other words before `fn`.
    pub(crate) qualifiers: TokenStream,
    pub(crate) fn_token: Ident,
    pub(crate) name: Ident,
    /// With the angle brackets.
    pub(crate) generics: TokenStream,
    pub(crate) parameters: Group,
    /// With the arrow.
    pub(crate) output: TokenStream,
    /// With `where`.
    pub(crate) condition: TokenStream,
    pub(crate) body: TokenStream,
}

/// A module.
#[derive(Clone)]
pub(crate) struct Module {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) vis: TokenStream,
    pub(crate) name: Ident,
    /// `None` if it is in a file of its own.
    pub(crate) content: Option<Group>,
}

type Tokens = std::iter::Peekable<proc_macro2::token_stream::IntoIter>;

impl Item {
    pub(crate) fn read(item: &TokenStream) -> Self {
        let mut tokens = item.clone().into_iter().peekable();
        // A fragment `$item` of a macro by example is in a group without delimiters.
        if let Some(TokenTree::Group(all)) = tokens.peek()
            && all.delimiter() == Delimiter::None
            && item.clone().into_iter().count() == 1
        {
            return Self::read(&all.stream());
        }
        let attrs = Attr::take(&mut tokens);
        if let Some(TokenTree::Group(rest)) = tokens.peek()
            && is_item_fragment(rest)
        {
            return Self::read(&rest.stream()).below(attrs);
        }
        let vis = visibility(&mut tokens);
        let first = tokens.peek().cloned();
        if tokens.next_if(|token| is_ident(token, "mod")).is_some() {
            return module(attrs, vis, &mut tokens).map_or(Self::Other(first), Self::Module);
        }
        function(attrs, vis, &mut tokens).map_or(Self::Other(first), Self::Function)
    }

    /// The same item with these attributes above its own.
    fn below(mut self, mut attrs: Vec<Attr>) -> Self {
        if let Self::Function(Function { attrs: own, .. })
        | Self::Module(Module { attrs: own, .. }) = &mut self
        {
            attrs.append(own);
            *own = attrs;
        }
        self
    }
}

/// True for the fragment `$item` of a macro by example, as `$vis` is one too.
pub(crate) fn is_item_fragment(group: &Group) -> bool {
    group.delimiter() == Delimiter::None && !is_visibility(group.stream())
}

/// True for nothing, `pub` and `pub(…)`.
fn is_visibility(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter();
    tokens.next().is_none_or(|first| is_ident(&first, "pub"))
        && (tokens.next()).is_none_or(|next| group(&next, Delimiter::Parenthesis).is_some())
        && tokens.next().is_none()
}

/// True for braces, and for the fragment `$block` of a macro by example.
pub(crate) fn is_block(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut inner = group.stream().into_iter();
            inner.next().is_some_and(|first| is_block(&first)) && inner.next().is_none()
        }
        token => group(token, Delimiter::Brace).is_some(),
    }
}

fn visibility(tokens: &mut Tokens) -> TokenStream {
    let mut vis = TokenStream::new();
    let is_fragment = |token: &TokenTree| {
        group(token, Delimiter::None).is_some_and(|group| is_visibility(group.stream()))
    };
    if let Some(token) = tokens.next_if(is_fragment) {
        vis.extend([token]);
    } else if let Some(token) = tokens.next_if(|token| is_ident(token, "pub")) {
        vis.extend([token]);
        vis.extend(tokens.next_if(|token| group(token, Delimiter::Parenthesis).is_some()));
    }
    vis
}

fn module(attrs: Vec<Attr>, vis: TokenStream, tokens: &mut Tokens) -> Option<Module> {
    let name = ident(tokens)?;
    let content = match tokens.next()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        token if is_punct(&token, ';') => None,
        _ => return None,
    };
    Some(Module {
        attrs,
        vis,
        name,
        content,
    })
}

fn function(attrs: Vec<Attr>, vis: TokenStream, tokens: &mut Tokens) -> Option<Function> {
    const QUALIFIERS: [&str; 6] = ["const", "async", "unsafe", "safe", "extern", "default"];
    let mut qualifiers = TokenStream::new();
    while let Some(token) = tokens.next_if(|token| {
        matches!(token, TokenTree::Literal(_))
            || matches!(token, TokenTree::Ident(ident) if is_among(ident, &QUALIFIERS))
    }) {
        qualifiers.extend([token]);
    }
    let fn_token = ident(tokens).filter(|ident| ident == "fn")?;
    let name = ident(tokens)?;
    let mut generics = TokenStream::new();
    let mut angles = Angles::default();
    while angles.depth > 0 || tokens.peek().is_some_and(|token| is_punct(token, '<')) {
        let token = tokens.next()?;
        angles.see(&token);
        generics.extend([token]);
    }
    let parameters = group(&tokens.next()?, Delimiter::Parenthesis)?.clone();
    let mut rest: Vec<_> = tokens.collect();
    let body = rest.pop()?;
    if !is_block(&body) && !is_punct(&body, ';') {
        return None;
    }
    let condition = rest.iter().position(|token| is_ident(token, "where"));
    let condition = rest.split_off(condition.unwrap_or(rest.len()));
    Some(Function {
        attrs,
        vis,
        qualifiers,
        fn_token,
        name,
        generics,
        parameters,
        output: rest.into_iter().collect(),
        condition: condition.into_iter().collect(),
        body: body.into(),
    })
}

fn ident(tokens: &mut Tokens) -> Option<Ident> {
    match tokens.next()? {
        TokenTree::Ident(ident) => Some(ident),
        _ => None,
    }
}

impl Function {
    pub(crate) fn is_async(&self) -> bool {
        find_word(self.qualifiers.clone(), &["async"]).is_some()
    }

    /// A word before `fn` that no handler has.
    pub(crate) fn foreign_qualifier(&self) -> Option<Ident> {
        find_word(self.qualifiers.clone(), &["unsafe", "const", "extern"])
    }

    /// True if its return type says that it is awaited, as `impl Future` and `Ready` do. A macro
    /// sees names only.
    pub(crate) fn returns_future(&self) -> bool {
        fn has_future(tokens: TokenStream) -> bool {
            tokens.into_iter().any(|token| match token {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    name.ends_with("Future") || ["Fut", "Ready", "Pin"].contains(&&*name)
                }
                TokenTree::Group(group) => has_future(group.stream()),
                _ => false,
            })
        }
        has_future(self.output.clone())
    }

    /// `self`, with which it is a method.
    pub(crate) fn receiver(&self) -> Option<TokenTree> {
        let parameters = self.parameters.stream().into_iter();
        let first = parameters.take_while(|token| !is_punct(token, ','));
        let (pattern, _) = split_parameter(first.collect());
        let last = pattern.into_iter().last();
        last.filter(|last| is_ident(last, "self"))
    }

    /// `Self`, which only a function in an `impl` or a `trait` can mention. A macro cannot tell
    /// where it is otherwise.
    pub(crate) fn self_type(&self) -> Option<Ident> {
        const SELF: &[&str] = &["Self"];
        // A type or a trait that is defined in the body has its own `Self`.
        const DEFINE: &[&str] = &["impl", "trait", "struct", "enum", "union"];
        let in_body = || {
            find_word(without_macro_input(self.body.clone()), SELF)
                .filter(|_| find_word(self.body.clone(), DEFINE).is_none())
        };
        let signature = [
            self.generics.clone(),
            self.parameters.stream(),
            self.output.clone(),
            self.condition.clone(),
        ];
        let in_signature = signature.into_iter().find_map(|part| find_word(part, SELF));
        in_signature.or_else(in_body)
    }

    /// The type and constant parameters. Lifetimes are inferred.
    pub(crate) fn generic_parameters(&self) -> Vec<GenericParameter> {
        let mut inner: Vec<_> = self.generics.clone().into_iter().skip(1).collect();
        inner.pop();
        let conditions = self.conditions();
        let parameter = |piece: TokenStream| {
            let mut tokens = piece.into_iter().peekable();
            Attr::take(&mut tokens);
            let is_const = tokens.next_if(|token| is_ident(token, "const")).is_some();
            let name = ident(&mut tokens)?;
            let is_of_name = |condition: &&TokenStream| {
                name == split_parameter((*condition).clone()).0.to_string().as_str()
            };
            let is_static = is_const
                || names_static(tokens.collect())
                || (conditions.iter().filter(is_of_name))
                    .any(|condition| names_static(condition.clone()));
            Some(GenericParameter { name, is_static })
        };
        let pieces = split_parameters(inner.into_iter().collect());
        pieces.into_iter().filter_map(parameter).collect()
    }

    /// The conditions after `where`.
    pub(crate) fn conditions(&self) -> Vec<TokenStream> {
        split_parameters(self.condition.clone().into_iter().skip(1).collect())
    }

    /// All but attributes and visibility.
    pub(crate) fn definition(&self) -> Definition<'_> {
        Definition(self)
    }
}

/// The tokens without the input of macro calls: only those macros know what it means.
fn without_macro_input(tokens: TokenStream) -> TokenStream {
    let mut before = [false; 2]; // an identifier, then `!`
    let keep = |token: TokenTree| {
        let is_input = before[1];
        before = [
            matches!(token, TokenTree::Ident(_)),
            before[0] && is_punct(&token, '!'),
        ];
        match token {
            TokenTree::Group(_) if is_input => None,
            TokenTree::Group(group) => {
                Some(with_content(&group, without_macro_input(group.stream())).into())
            }
            token => Some(token),
        }
    };
    tokens.into_iter().filter_map(keep).collect()
}

/// A type or constant parameter of a function.
pub(crate) struct GenericParameter {
    pub(crate) name: Ident,
    /// It is a constant, or a type that is stated to be `'static`.
    pub(crate) is_static: bool,
}

/// True if one of these bounds is `'static`, after `:` or `+`.
fn names_static(bounds: TokenStream) -> bool {
    let mut angles = Angles::default();
    let (mut last, mut last_but_one) = (' ', ' ');
    bounds.into_iter().any(|token| {
        angles.see(&token);
        let is_bound = last == '\'' && [':', '+'].contains(&last_but_one);
        last_but_one = last;
        last = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        is_bound && angles.depth == 0 && is_ident(&token, "static")
    })
}

/// A function without its attributes and its visibility.
pub(crate) struct Definition<'a>(&'a Function);

impl ToTokens for Definition<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Function {
            qualifiers,
            fn_token,
            name,
            generics,
            parameters,
            output,
            condition,
            body,
            ..
        } = self.0;
        // Each goes where it ends up. `quote!` would put them into a stream of their own first, and
        // bodies can be long.
        qualifiers.to_tokens(tokens);
        fn_token.to_tokens(tokens);
        name.to_tokens(tokens);
        generics.to_tokens(tokens);
        parameters.to_tokens(tokens);
        output.to_tokens(tokens);
        condition.to_tokens(tokens);
        body.to_tokens(tokens);
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, .. } = self;
        let definition = self.definition();
        tokens.extend(quote!(#(#attrs)* #vis #definition));
    }
}

impl Module {
    /// The same module with other items in its braces.
    pub(crate) fn with_content(&self, items: TokenStream) -> Self {
        let content = self.content.as_ref();
        Self {
            content: content.map(|content| with_content(content, items)),
            ..self.clone()
        }
    }
}

impl ToTokens for Module {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            vis,
            name,
            content,
        } = self;
        let content = (content.as_ref()).map_or_else(|| quote!(;), ToTokens::to_token_stream);
        tokens.extend(quote!(#(#attrs)* #vis mod #name #content));
    }
}

/// The items of a module, each with its tokens. Tokens that follow no rule of the grammar end up in
/// some item, so nothing is lost.
pub(crate) fn items(content: TokenStream) -> Vec<TokenStream> {
    let mut items = Vec::new();
    let mut tokens = content.into_iter().peekable();
    while tokens.peek().is_some() {
        let mut item = TokenStream::new();
        while let Some(pound) = tokens.next_if(|token| is_punct(token, '#')) {
            item.extend([pound]);
            let bang = tokens.next_if(|token| is_punct(token, '!'));
            let is_of_module = bang.is_some();
            item.extend(bang);
            item.extend(tokens.next_if(|token| group(token, Delimiter::Bracket).is_some()));
            if is_of_module {
                items.push(std::mem::take(&mut item));
            }
        }
        if let Some(fragment) = tokens
            .next_if(|token| matches!(token, TokenTree::Group(group) if is_item_fragment(group)))
        {
            item.extend([fragment]);
            items.push(item);
            continue;
        }
        item.extend(visibility(&mut tokens));
        item.extend(rest_of_item(&mut tokens));
        items.push(item);
    }
    items
}

/// Takes everything up to the end of an item.
pub(crate) fn rest_of_item(tokens: &mut Tokens) -> TokenStream {
    let ends_with_semicolon = is_value(tokens);
    take_through(tokens, |token| {
        is_punct(token, ';') || (!ends_with_semicolon && is_block(token))
    })
}

/// True if the item can have braces before its end, as `use`, `const` and `static` can.
fn is_value(tokens: &Tokens) -> bool {
    let mut ahead = tokens.clone().take(5);
    match ahead.next() {
        Some(TokenTree::Ident(first)) if is_among(&first, &["use", "static", "type"]) => true,
        // A `const fn` ends with its body.
        Some(TokenTree::Ident(first)) if first == "const" => !ahead
            .take_while(|token| !is_punct(token, ':'))
            .any(|token| is_ident(&token, "fn")),
        _ => false,
    }
}
