//! A module below `#[cors]`, and the handlers in it.

use cors_rules::Violation;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::PathSegment;

use crate::args::{Args, Form, OriginKind};
use crate::attr::Attr;
use crate::item::{Function, Item, Module, items, rest_of_item};
use crate::placement::{take_covering, take_mark, take_repeated};
use crate::report::Report;
use crate::route::{self, has_route};
use crate::tokens::{is_ident, is_punct, take_through};
use crate::{read, signature, wording};

/// A module with a policy, which its handlers share.
pub(crate) struct ModuleInput {
    /// The paths in them start where the policy is written out: two levels further in.
    pub(crate) args: Args,
    /// See [`relocate`].
    pub(crate) has_relative_path: bool,
    pub(crate) module: Module,
    pub(crate) parts: Vec<Part>,
    /// There is a handler in it, or a macro may make one.
    pub(crate) has_handlers: bool,
    /// Functions that look like handlers without a policy, and handlers that a macro may make.
    pub(crate) violations: Vec<(Violation, TokenStream)>,
}

/// An item in the module.
pub(crate) enum Part {
    /// An item that the policy does not change.
    Other(TokenStream),
    /// A function in which there may be handlers. If it is one itself, with its [`own_policies`].
    Function(Box<Function>, Option<Vec<TokenStream>>, Vec<Part>),
    /// Delimiters, and what is between them.
    Group(Group, Vec<Part>),
    /// A module, whose handlers have the policy.
    Module(Module, Vec<Part>),
    /// A module with a policy under a condition. It has this one otherwise.
    ConditionalModule(Module, Vec<TokenStream>),
}

/// The conditions under which an item has its own `#[cors]`; `None` if it always has.
fn own_policies(attrs: &[Attr]) -> Option<Vec<TokenStream>> {
    let own = attrs.iter().flat_map(Attr::flatten);
    own.filter(|(_, attr)| attr.is_cors())
        .map(|(conditions, _)| (!conditions.is_empty()).then(|| quote!(all(#(#conditions),*))))
        .collect()
}

/// True if no `#[cors]` is above an item.
fn has_no_policy(attrs: &[Attr]) -> bool {
    own_policies(attrs).is_some_and(|own| own.is_empty())
}

/// Reads the arguments and the items.
pub(crate) fn read(tokens: TokenStream, mut module: Module, report: &Report) -> ModuleInput {
    let (_, tokens) = take_mark(tokens);
    take_covering(&mut module.attrs);
    take_repeated(&mut module.attrs, report);
    let mut args = read::arguments(tokens, Form::Module, report);
    let has_relative_path = relocate(&mut args);
    let mut reader = Reader::default();
    let content = module.content.as_ref().map(Group::stream);
    ModuleInput {
        args,
        has_relative_path,
        parts: reader.parts(content.unwrap_or_default()),
        module,
        has_handlers: reader.has_handlers,
        violations: reader.violations,
    }
}

/// Rewrites `self::` and `super::` for a module two levels further in. True if a path starts with
/// another name, which is looked up where the attribute stands.
fn relocate(args: &mut Args) -> bool {
    let lists = args.origins.iter_mut().chain(&mut args.dev_origins);
    let elements = lists.flat_map(|list| &mut list.elements);
    let sources = elements.filter_map(|element| match &mut element.kind {
        OriginKind::Source(path) => Some(path),
        _ => None,
    });
    let configured = args.configured.iter_mut();
    let paths = sources
        .chain(&mut args.shared)
        .chain(configured.map(|configured| &mut configured.path))
        .chain(&mut args.base)
        .chain(&mut args.runtime);
    let up = || PathSegment::from(Ident::new("super", Span::call_site()));
    let mut has_relative_path = false;
    for path in paths {
        let first = path.segments.first().map(|first| first.ident.to_string());
        match first.as_deref() {
            Some("self") => {
                path.segments[0] = up();
                path.segments.insert(0, up());
            }
            Some("super") => {
                path.segments.insert(0, up());
                path.segments.insert(0, up());
            }
            Some("crate" | "$crate") => {}
            _ => has_relative_path |= path.leading_colon.is_none(),
        }
    }
    has_relative_path
}

#[derive(Default)]
struct Reader {
    has_handlers: bool,
    violations: Vec<(Violation, TokenStream)>,
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
        while let Some(token) = tokens.peek() {
            let starts_item = is_punct(token, '#') || is_ident(token, "mod");
            if let Some(input) = macro_input(&mut tokens.clone()) {
                self.macro_input(input.stream());
                other.extend(take_through(&mut tokens, |token| {
                    matches!(token, TokenTree::Group(_))
                }));
                continue;
            }
            let mut ahead = tokens.clone();
            let item = starts_item.then(|| Item::read(&rest_of_item(&mut ahead)));
            let part = match item {
                // The tokens of other functions are looked into like the rest.
                Some(Item::Function(function)) if function.attrs.iter().any(has_route) => {
                    tokens = ahead;
                    self.function(function)
                }
                Some(Item::Module(module)) => {
                    tokens = ahead;
                    self.module(module)
                }
                _ => match tokens.next() {
                    Some(TokenTree::Group(group)) => {
                        let inner = self.inside(group.stream());
                        Part::Group(group, inner)
                    }
                    token => {
                        other.extend(token);
                        continue;
                    }
                },
            };
            parts.push(Part::Other(std::mem::take(&mut other)));
            parts.push(part);
        }
        parts.push(Part::Other(other));
        parts
    }

    /// Refuses handlers that a macro may make: it alone knows what becomes of them.
    fn macro_input(&mut self, input: TokenStream) {
        let mut tokens = input.into_iter().peekable();
        while let Some(token) = tokens.peek() {
            if is_punct(token, '#') {
                let attrs = Attr::take(&mut tokens);
                if let Some(attr) = attrs.iter().find(|attr| has_route(attr))
                    && has_no_policy(&attrs)
                {
                    self.has_handlers = true;
                    self.add(wording::route_in_macro(&route::name(attr)), attr.path());
                }
            } else if let Some(TokenTree::Group(group)) = tokens.next() {
                self.macro_input(group.stream());
            }
        }
    }

    fn module(&mut self, module: Module) -> Part {
        match (own_policies(&module.attrs), &module.content) {
            (None, _) => Part::Other(module.into_token_stream()),
            (Some(own), _) if !own.is_empty() => {
                self.has_handlers = true;
                Part::ConditionalModule(module, own)
            }
            (Some(_), Some(content)) => {
                let parts = self.parts(content.stream());
                Part::Module(module, parts)
            }
            (Some(_), None) => {
                self.add(wording::uncovered_module(&module.name), &module.name);
                Part::Other(module.into_token_stream())
            }
        }
    }

    fn function(&mut self, mut function: Function) -> Part {
        take_covering(&mut function.attrs);
        let inner = self.inside(function.body.clone());
        if function.attrs.iter().any(has_route) {
            self.has_handlers = true;
            let own = own_policies(&function.attrs);
            return Part::Function(Box::new(function), own, inner);
        }
        if has_no_policy(&function.attrs) {
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
            self.add(violation, attr.path());
        } else if signature::looks_like_handler(function) {
            self.add(wording::uncovered_handler(name), name);
        }
    }

    fn add(&mut self, violation: Violation, culprit: impl ToTokens) {
        self.violations
            .push((violation, culprit.into_token_stream()));
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
