//! `#[cors]` on a module: its policy goes to each handler in it.

use proc_macro2::{Group, TokenStream};
use quote::{ToTokens, quote};
use syn::{Path, parse_quote};

use crate::args::{Args, OriginKind};
use crate::attr::Attr;
use crate::item::{Function, Item, Module, items};
use crate::placement::{has_route, take_repeated, with_cors};
use crate::read::{self, Form};
use crate::report::Report;
use crate::validate::{self, Valid};
use crate::{expand, route, signature, wording};

/// Puts the attribute above each route attribute of the module that has no policy of its own.
///
/// The arguments are judged once, here. If something is wrong with them, the handlers stay as they
/// are.
pub(crate) fn cover(tokens: TokenStream, mut module: Module, report: &Report) -> TokenStream {
    take_repeated(&mut module.attrs, report);
    let mut args = read::arguments(tokens, Form::Module, report);
    relocate(&mut args);
    let has_relative_path = has_relative_path(&mut args);
    if let Some(methods) = args.key("methods") {
        report.add(wording::methods_on_module(), methods);
    }
    let valid =
        validate::policy(&args, Form::Module, report).filter(|_| args.key("methods").is_none());
    let Some(content) = &module.content else {
        report.add(
            wording::module_elsewhere(&module.name.to_string()),
            &module.name,
        );
        return module.into_token_stream();
    };
    let mut cover = Cover {
        args: &args,
        valid: valid.as_ref(),
        report,
        covered: 0,
        depth: 0,
    };
    let mut covered = cover.content(content.stream());
    if cover.covered == 0 {
        report.add(
            wording::module_without_route(&module.name.to_string()),
            &module.name,
        );
    }
    if let Some(valid) = &valid {
        covered.extend(expand::module_policy(
            &args,
            valid,
            has_relative_path,
            report,
        ));
    }
    let mut content = Group::new(content.delimiter(), covered);
    content.set_span(
        module
            .content
            .as_ref()
            .map_or_else(proc_macro2::Span::call_site, Group::span),
    );
    module.content = Some(content);
    module.into_token_stream()
}

/// The paths in the arguments. They start where the attribute stands.
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

/// Whether a path starts with a name, which is looked up where the attribute stands.
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

struct Cover<'a> {
    args: &'a Args,
    /// `None` if something is wrong with the policy.
    valid: Option<&'a Valid<'a>>,
    report: &'a Report,
    /// How many handlers are covered, or have a policy of their own.
    covered: usize,
    /// How many modules deep the items are, seen from the annotated one.
    depth: usize,
}

impl Cover<'_> {
    fn content(&mut self, content: TokenStream) -> TokenStream {
        items(content)
            .into_iter()
            .map(|item| self.item(item))
            .collect()
    }

    fn item(&mut self, item: TokenStream) -> TokenStream {
        match Item::read(&item) {
            Item::Function(function) => self.function(function),
            Item::Module(module) => self.module(module),
            Item::Other(_) => item,
        }
    }

    fn module(&mut self, mut module: Module) -> TokenStream {
        match Own::of(&module.attrs) {
            Own::Always => {}
            Own::Under(conditions) => {
                // Its own attribute covers it where the condition holds, and this one elsewhere.
                if let Some(cors) = self.cors() {
                    module.attrs.push(under_none_of(&conditions, cors));
                }
                self.covered += 1;
            }
            Own::Never => {
                if let Some(content) = &module.content {
                    self.depth += 1;
                    let mut covered =
                        Group::new(content.delimiter(), self.content(content.stream()));
                    covered.set_span(content.span());
                    module.content = Some(covered);
                    self.depth -= 1;
                } else {
                    self.report.add(
                        wording::uncovered_module(&module.name.to_string()),
                        &module.name,
                    );
                }
            }
        }
        module.into_token_stream()
    }

    fn function(&mut self, mut function: Function) -> TokenStream {
        if !function.attrs.iter().any(has_route) {
            self.without_route(&function);
            return function.into_token_stream();
        }
        self.covered += 1;
        let cors = match Own::of(&function.attrs) {
            Own::Always => None,
            Own::Never => self.cors(),
            Own::Under(conditions) => self.cors().map(|cors| under_none_of(&conditions, cors)),
        };
        if let Some(cors) = cors {
            function.attrs = with_cors(function.attrs, &cors);
        }
        function.into_token_stream()
    }

    /// Warns about a function that looks like a handler and is not covered.
    fn without_route(&self, function: &Function) {
        let has_cors = function
            .attrs
            .iter()
            .flat_map(Attr::flat)
            .any(|(_, attr)| attr.is_cors());
        if has_cors || self.valid.is_none() {
            return;
        }
        let name = function.name.to_string();
        let unknown = (function.attrs.iter().flat_map(Attr::flat))
            .map(|(_, attr)| attr)
            .find(|attr| !attr.is_inert() && route::starts_with_literal(attr));
        if let Some(attr) = unknown {
            self.report.add(
                wording::unknown_attribute(&name, &route::name(&attr)),
                attr.path(),
            );
        } else if signature::looks_like_handler(function) {
            self.report
                .add(wording::uncovered_handler(&name), &function.name);
        }
    }

    /// `#[cors]` as a handler in here has it; `None` if something is wrong with the policy.
    fn cors(&self) -> Option<Attr> {
        let up = std::iter::repeat_n(quote!(super::), self.depth);
        let here = quote!(#(#up)* __cors);
        let runtime = match &self.args.runtime {
            None => quote!(::cors_runtime),
            Some(path) if path.leading_colon.is_some() => path.to_token_stream(),
            Some(_) => quote!(#here::runtime),
        };
        let crate_arg = (self.args.runtime.is_some()).then(|| quote!(, crate = #runtime));
        let policy = match self.valid? {
            Valid::Nobody { enforce: false } | Valid::Erroneous => quote!(none),
            Valid::Nobody { enforce: true } => quote!(none, enforce),
            Valid::Shared(_) | Valid::Stated(_) => quote!(#here::POLICY),
        };
        Some(Attr::new(quote!(#runtime::cors(#policy #crate_arg))))
    }
}

/// When an item has a `#[cors]` of its own.
enum Own {
    Never,
    Always,
    /// If one of these conditions holds.
    Under(Vec<TokenStream>),
}

impl Own {
    fn of(attrs: &[Attr]) -> Self {
        let own: Vec<_> = (attrs.iter().flat_map(Attr::flat))
            .filter(|(_, attr)| attr.is_cors())
            .collect();
        if own.iter().any(|(conditions, _)| conditions.is_empty()) {
            return Self::Always;
        }
        if own.is_empty() {
            return Self::Never;
        }
        Self::Under(
            own.into_iter()
                .map(|(conditions, _)| quote!(all(#(#conditions),*)))
                .collect(),
        )
    }
}

fn under_none_of(conditions: &[TokenStream], cors: Attr) -> Attr {
    Attr::under(&quote!(not(any(#(#conditions),*))), &[cors])
}
