//! A module below `#[cors]`, and the handlers in it.

use cors_rules::Violation;
use proc_macro2::{Group, Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Path, parse_quote};

use crate::args::{Args, Form, OriginKind};
use crate::attr::Attr;
use crate::item::{Function, Item, Module, items};
use crate::placement::{has_route, take_repeated};
use crate::report::Report;
use crate::{read, route, signature, wording};

/// A module with a policy, which its handlers share.
pub(crate) struct ModuleInput {
    /// Paths in them start where the policy is written: two levels further in.
    pub(crate) args: Args,
    /// A path starts with a name, which is looked up where the attribute stands.
    pub(crate) has_relative_path: bool,
    pub(crate) module: Module,
    pub(crate) parts: Vec<Part>,
    /// A handler in it has a policy, this one or its own.
    pub(crate) has_handlers: bool,
    /// The warnings about functions that look like handlers without a policy.
    pub(crate) uncovered: Vec<(Violation, TokenStream)>,
}

/// An item in the module.
pub(crate) enum Part {
    /// An item that the policy does not change.
    Other(TokenStream),
    /// A handler that has the policy, unless it has its own.
    Handler(Function, OwnPolicy),
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
}

impl Reader {
    fn parts(&mut self, content: TokenStream) -> Vec<Part> {
        let items = items(content).into_iter();
        items
            .map(|item| match Item::read(&item) {
                Item::Function(function) => self.function(function),
                Item::Module(module) => self.module(module),
                Item::Other(_) => Part::Other(item),
            })
            .collect()
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

    fn function(&mut self, function: Function) -> Part {
        if function.attrs.iter().any(has_route) {
            self.has_handlers = true;
            let own = OwnPolicy::of(&function.attrs);
            return Part::Handler(function, own);
        }
        if matches!(OwnPolicy::of(&function.attrs), OwnPolicy::Never) {
            self.without_route(&function);
        }
        Part::Other(function.into_token_stream())
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
