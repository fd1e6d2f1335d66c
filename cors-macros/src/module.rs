//! A module below `#[cors]`, and the handlers in it.

use cors_rules::Violation;
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Path, parse_quote};

use crate::args::{Args, Form, OriginKind};
use crate::attr::Attr;
use crate::item::{Function, Item, Module, is_block, items};
use crate::placement::{take_covering, take_mark, take_repeated};
use crate::report::Report;
use crate::route::{self, has_route};
use crate::tokens::{is_ident, is_punct};
use crate::{read, signature, wording};

/// A module with a policy, which its handlers share.
pub(crate) struct ModuleInput {
    /// The paths in them start where the policy is written out: two levels further in.
    pub(crate) args: Args,
    /// A path starts with a name, which is looked up where the attribute stands.
    pub(crate) has_relative_path: bool,
    pub(crate) module: Module,
    pub(crate) parts: Vec<Part>,
    /// A handler in it has a policy, this one or its own.
    pub(crate) has_handlers: bool,
    /// The warnings about functions that look like handlers without a policy.
    pub(crate) uncovered: Vec<(Violation, TokenStream)>,
    /// The errors about handlers that a macro may make.
    pub(crate) unseen: Vec<(Violation, TokenStream)>,
}

/// An item in the module.
pub(crate) enum Part {
    /// An item that the policy does not change.
    Other(TokenStream),
    /// A function in which there may be handlers. If it is one itself, with its [`OwnPolicy`].
    Function(Box<Function>, Option<OwnPolicy>, Vec<Part>),
    /// Delimiters, and what is between them.
    Group(Group, Vec<Part>),
    /// A module, whose handlers have the policy.
    Module(Module, Vec<Part>),
    /// A module with a policy under a condition. It has this one otherwise.
    ConditionalModule(Module, OwnPolicy),
}

/// When an item has its own `#[cors]`.
pub(crate) enum OwnPolicy {
    Never,
    Always,
    /// If one of these conditions holds.
    Under(Vec<TokenStream>),
}

impl OwnPolicy {
    fn of(attrs: &[Attr]) -> Self {
        let own: Vec<_> = (attrs.iter().flat_map(Attr::flatten))
            .filter(|(_, attr)| attr.is_cors())
            .map(|(conditions, _)| conditions)
            .collect();
        if own.is_empty() {
            Self::Never
        } else if own.iter().any(Vec::is_empty) {
            Self::Always
        } else {
            Self::Under(
                own.iter()
                    .map(|conditions| quote!(all(#(#conditions),*)))
                    .collect(),
            )
        }
    }
}

/// Reads the arguments and the items.
pub(crate) fn read(tokens: TokenStream, mut module: Module, report: &Report) -> ModuleInput {
    let (_, tokens) = take_mark(tokens);
    take_covering(&mut module.attrs);
    take_repeated(&mut module.attrs, report);
    let mut args = read::arguments(tokens, Form::Module, report);
    relocate(&mut args);
    let mut reader = Reader::default();
    let content = module.content.as_ref().map(Group::stream);
    ModuleInput {
        has_relative_path: has_relative_path(&mut args),
        args,
        parts: reader.parts(content.unwrap_or_default()),
        module,
        has_handlers: reader.has_handlers,
        uncovered: reader.uncovered,
        unseen: reader.unseen,
    }
}

/// The paths in the arguments.
fn paths(args: &mut Args) -> impl Iterator<Item = &mut Path> {
    let lists = args.origins.iter_mut().chain(&mut args.dev_origins);
    let sources =
        lists
            .flat_map(|list| &mut list.elements)
            .filter_map(|element| match &mut element.kind {
                OriginKind::Source(path) => Some(path),
                _ => None,
            });
    sources
        .chain(&mut args.shared)
        .chain(
            args.configured
                .as_mut()
                .map(|configured| &mut configured.path),
        )
        .chain(&mut args.base)
        .chain(&mut args.runtime)
}

/// Rewrites `self::` and `super::` for a module two levels further in.
fn relocate(args: &mut Args) {
    for path in paths(args) {
        match first(path).as_str() {
            "self" => {
                let rest = path.segments.iter().skip(1);
                *path = parse_quote!(super::super #(:: #rest)*);
            }
            "super" => *path = parse_quote!(super::super::#path),
            _ => {}
        }
    }
}

fn has_relative_path(args: &mut Args) -> bool {
    paths(args).any(|path| {
        let is_rooted = ["crate", "$crate", "super"].contains(&first(path).as_str());
        path.leading_colon.is_none() && !is_rooted
    })
}

/// The first segment of a path.
fn first(path: &Path) -> String {
    let first = path.segments.first();
    first
        .map(|first| first.ident.to_string())
        .unwrap_or_default()
}

#[derive(Default)]
struct Reader {
    has_handlers: bool,
    uncovered: Vec<(Violation, TokenStream)>,
    unseen: Vec<(Violation, TokenStream)>,
}

impl Reader {
    fn parts(&mut self, content: TokenStream) -> Vec<Part> {
        let items = items(content).into_iter();
        items
            .flat_map(|item| match Item::read(&item) {
                Item::Function(function) => vec![self.function(function)],
                Item::Module(module) => vec![self.module(module)],
                Item::Other(_) => self.inside(item),
            })
            .collect()
    }

    /// The parts of code that has items among other tokens.
    fn inside(&mut self, code: TokenStream) -> Vec<Part> {
        if !has_attribute(code.clone()) {
            return vec![Part::Other(code)];
        }
        let mut parts = Vec::new();
        let mut other = TokenStream::new();
        let mut tokens = code.into_iter().peekable();
        while let Some(token) = tokens.peek().cloned() {
            if let Some(group) = macro_input(&mut tokens.clone()) {
                self.macro_input(group.stream());
                for token in tokens.by_ref() {
                    let is_input = matches!(token, TokenTree::Group(_));
                    other.extend([token]);
                    if is_input {
                        break;
                    }
                }
                continue;
            }
            let read = (is_punct(&token, '#') || is_ident(&token, "mod"))
                .then(|| next_item(&mut tokens.clone()));
            let item = read.and_then(|(item, length)| match Item::read(&item) {
                Item::Function(function) => Some((self.nested_function(function)?, length)),
                Item::Module(module) => Some((self.module(module), length)),
                Item::Other(_) => None,
            });
            let part = if let Some((part, length)) = item {
                tokens.nth(length - 1);
                part
            } else {
                match tokens.next() {
                    Some(TokenTree::Group(group)) => {
                        let inner = self.inside(group.stream());
                        Part::Group(group, inner)
                    }
                    token => {
                        other.extend(token);
                        continue;
                    }
                }
            };
            parts.push(Part::Other(std::mem::take(&mut other)));
            parts.push(part);
        }
        parts.push(Part::Other(other));
        parts
    }

    /// A function in other code. If it has no route attribute, its tokens are looked into like the
    /// rest.
    fn nested_function(&mut self, function: Function) -> Option<Part> {
        (function.attrs.iter().any(has_route)).then(|| self.function(function))
    }

    /// Refuses handlers that a macro may make: it alone knows what becomes of them.
    fn macro_input(&mut self, input: TokenStream) {
        let mut tokens = input.into_iter().peekable();
        while let Some(token) = tokens.peek() {
            if is_punct(token, '#') {
                let attrs = Attr::take(&mut tokens);
                if let Some(attr) = attrs.iter().find(|attr| has_route(attr))
                    && matches!(OwnPolicy::of(&attrs), OwnPolicy::Never)
                {
                    let violation = wording::route_in_macro(&route::name(attr));
                    self.unseen.push((violation, attr.path().to_token_stream()));
                }
            } else if let Some(TokenTree::Group(group)) = tokens.next() {
                self.macro_input(group.stream());
            }
        }
    }

    fn module(&mut self, module: Module) -> Part {
        match (OwnPolicy::of(&module.attrs), &module.content) {
            (OwnPolicy::Always, _) => Part::Other(module.into_token_stream()),
            (own @ OwnPolicy::Under(_), _) => {
                self.has_handlers = true;
                Part::ConditionalModule(module, own)
            }
            (OwnPolicy::Never, Some(content)) => {
                let parts = self.parts(content.stream());
                Part::Module(module, parts)
            }
            (OwnPolicy::Never, None) => {
                self.warn(wording::uncovered_module(&module.name), &module.name);
                Part::Other(module.into_token_stream())
            }
        }
    }

    fn function(&mut self, mut function: Function) -> Part {
        take_covering(&mut function.attrs);
        let inner = self.inside(function.body.clone());
        if function.attrs.iter().any(has_route) {
            self.has_handlers = true;
            let own = OwnPolicy::of(&function.attrs);
            return Part::Function(Box::new(function), Some(own), inner);
        }
        if matches!(OwnPolicy::of(&function.attrs), OwnPolicy::Never) {
            self.without_route(&function);
        }
        Part::Function(Box::new(function), None, inner)
    }

    /// Warns about a function that looks like a handler.
    fn without_route(&mut self, function: &Function) {
        let attrs = function.attrs.iter().flat_map(Attr::flatten);
        let mut attrs = attrs.map(|(_, attr)| attr);
        let name = &function.name;
        if let Some(attr) = attrs.find(route::may_be_route) {
            let violation = wording::unknown_attribute(name, &route::name(&attr));
            self.uncovered
                .push((violation, attr.path().to_token_stream()));
        } else if signature::looks_like_handler(function) {
            self.warn(wording::uncovered_handler(name), name);
        }
    }

    fn warn(&mut self, violation: Violation, culprit: &Ident) {
        self.uncovered.push((violation, culprit.to_token_stream()));
    }
}

/// True if there is an attribute in it.
fn has_attribute(code: TokenStream) -> bool {
    code.into_iter().any(|token| match token {
        TokenTree::Punct(punct) => punct.as_char() == '#',
        TokenTree::Group(group) => has_attribute(group.stream()),
        _ => false,
    })
}

/// The tokens of an item at the start of other code, and how many they are.
fn next_item(tokens: &mut impl Iterator<Item = TokenTree>) -> (TokenStream, usize) {
    let mut item = Vec::new();
    for token in tokens {
        let is_end = is_punct(&token, ';') || is_block(&token);
        item.push(token);
        if is_end {
            break;
        }
    }
    let length = item.len();
    (item.into_iter().collect(), length)
}

/// The input of a macro call, or the rules of a macro, if `tokens` start with that.
fn macro_input(tokens: &mut impl Iterator<Item = TokenTree>) -> Option<Group> {
    let name = tokens
        .next()
        .filter(|token| matches!(token, TokenTree::Ident(_)))?;
    tokens.next().filter(|token| is_punct(token, '!'))?;
    let mut next = tokens.next();
    if is_ident(&name, "macro_rules") {
        next = tokens.next();
    }
    match next? {
        TokenTree::Group(group) => Some(group),
        _ => None,
    }
}
