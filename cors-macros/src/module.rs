//! `#[cors]` on a module: its policy goes to each handler in it.

use cors_rules::wording;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Item, ItemMod, Path, parse_quote};

use crate::args::{self, Args, Form, OriginValue};
use crate::policy;
use crate::report::Report;
use crate::route;
use crate::validate;

/// The item, if it is a module that can be read. What cannot is the compiler's to judge.
pub(crate) fn read(item: &TokenStream) -> Option<ItemMod> {
    syn::parse2(item.clone()).ok()
}

/// Puts the attribute above each route attribute of the module that has no policy of its own.
///
/// The arguments are judged here once. If something is wrong with them, the handlers stay as they are.
pub(crate) fn cover(tokens: TokenStream, mut module: ItemMod, report: &Report) -> TokenStream {
    take_repeated(&mut module.attrs, report);
    let args = args::parse(tokens.clone(), Form::Attribute, report);
    if args.none.is_some() {
        return module.into_token_stream();
    }
    if let Some(methods) = args.key("methods") {
        report.add(wording::methods_on_module(), methods);
    }
    let sound = validate::policy(&args, report).is_some() && args.key("methods").is_none();
    let mut cover = Cover {
        runtime: policy::runtime(&args),
        args: sound.then_some((&args, tokens)),
        covered: 0,
        depth: 1,
    };
    cover.module(&mut module);
    if module.content.is_none() {
        report.add(
            wording::module_elsewhere(&module.ident.to_string()),
            &module.ident,
        );
    } else if cover.covered == 0 {
        report.add(
            wording::module_without_route(&module.ident.to_string()),
            &module.ident,
        );
    }
    module.into_token_stream()
}

fn take_repeated(attrs: &mut Vec<Attribute>, report: &Report) {
    attrs.retain(|attr| {
        let repeated = is_cors(attr);
        if repeated {
            report.add(wording::repeated_cors(), attr.path());
        }
        !repeated
    });
}

fn is_cors(attr: &Attribute) -> bool {
    route::last_segment(attr).is_some_and(|last| last == "cors")
}

struct Cover<'a> {
    runtime: Path,
    /// The arguments, unless something is wrong with them.
    args: Option<(&'a Args, TokenStream)>,
    /// How many handlers are covered.
    covered: usize,
    /// How many modules deep the items are, seen from where the attribute stands.
    depth: usize,
}

impl Cover<'_> {
    fn module(&mut self, module: &mut ItemMod) {
        for item in module.content.iter_mut().flat_map(|(_, items)| items) {
            match item {
                Item::Fn(function) => self.function(&mut function.attrs),
                Item::Mod(inner) if !inner.attrs.iter().any(is_cors) => {
                    self.depth += 1;
                    self.module(inner);
                    self.depth -= 1;
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, attrs: &mut Vec<Attribute>) {
        let Some(route) = attrs.iter().position(route::is_route) else {
            return;
        };
        self.covered += 1;
        if attrs.iter().any(is_cors) {
            return;
        }
        if let Some((args, tokens)) = &self.args {
            let runtime = &self.runtime;
            let tokens = relocate(args, tokens, self.depth);
            attrs.insert(route, parse_quote!(#[#runtime::cors(#tokens)]));
        }
    }
}

/// The arguments as they have to be written `depth` modules further in, where relative paths start elsewhere.
fn relocate(args: &Args, tokens: &TokenStream, depth: usize) -> TokenStream {
    if let Some(shared) = &args.shared {
        let shared = relocate_path(shared, depth);
        let runtime = args.runtime.iter();
        return quote!(#shared #(, crate = #runtime)*);
    }
    let mut relocated = TokenStream::new();
    let mut list = None;
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(key) if key == "origins" => list = args.origins.as_ref(),
            TokenTree::Ident(key) if key == "dev_origins" => list = args.dev_origins.as_ref(),
            TokenTree::Group(_) => {
                if let Some(list) = list.take() {
                    let elements = list.elements.iter().map(|element| match &element.value {
                        OriginValue::Source(path) => relocate_path(path, depth).into_token_stream(),
                        OriginValue::Text { .. } => element.tokens.clone(),
                    });
                    relocated.extend(quote!([#(#elements),*]));
                    continue;
                }
            }
            _ => {}
        }
        relocated.extend([token]);
    }
    relocated
}

fn relocate_path(path: &Path, depth: usize) -> Path {
    let first = path
        .segments
        .first()
        .map(|first| first.ident.to_string())
        .unwrap_or_default();
    if path.leading_colon.is_some() || first == "crate" || first == "$crate" {
        return path.clone();
    }
    let up = std::iter::repeat_n(quote!(super), depth);
    let rest = path.segments.iter().skip(usize::from(first == "self"));
    parse_quote!(#(#up::)* #(#rest)::*)
}
