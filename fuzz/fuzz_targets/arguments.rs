//! The arguments of the attribute, as any tokens: nothing panics, the item stays, and what is
//! written can be parsed.
//!
//! A crate of macros cannot be linked, so its files are modules here.

#![no_main]
#![allow(dead_code, unused_imports)]

extern crate proc_macro;

macro_rules! modules {
    ($($name:ident = $path:literal;)*) => {
        $(#[path = $path] mod $name;)*
    };
}

modules! {
    args = "../../cors-macros/src/args.rs";
    attr = "../../cors-macros/src/attr.rs";
    attribute = "../../cors-macros/src/attribute.rs";
    check = "../../cors-macros/src/check.rs";
    expand = "../../cors-macros/src/expand/mod.rs";
    input = "../../cors-macros/src/input.rs";
    item = "../../cors-macros/src/item.rs";
    module = "../../cors-macros/src/module.rs";
    placement = "../../cors-macros/src/placement.rs";
    read = "../../cors-macros/src/read/mod.rs";
    report = "../../cors-macros/src/report.rs";
    route = "../../cors-macros/src/route.rs";
    signature = "../../cors-macros/src/signature.rs";
    tokens = "../../cors-macros/src/tokens.rs";
    wording = "../../cors-macros/src/wording.rs";
}

use libfuzzer_sys::fuzz_target;
use proc_macro2::{TokenStream, TokenTree};

/// Kinds of items below the attribute, each with a name that stays in it.
const ITEMS: [(&str, &str); 4] = [
    (
        "read",
        r#"#[get("/x")] async fn read(body: web::Json<u8>) -> u8 { 1 }"#,
    ),
    ("write", "async fn write(session: Session) -> u8 { 1 }"),
    (
        "write",
        r#"mod api { #[put("/x")] pub async fn write() {} pub struct S; }"#,
    ),
    ("NotAHandler", "struct NotAHandler;"),
];

fn has_name(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => has_name(group.stream(), name),
        _ => false,
    })
}

// The arguments; and after a line of three dashes, perhaps the item. Without one, the arguments go
// to `policy!` and above each of `ITEMS`.
fuzz_target!(init: allow_caught_panics(), |bytes: &[u8]| {
    let Ok(input) = std::str::from_utf8(bytes) else {
        return;
    };
    // The tokenizer of `proc-macro2` recurses; the compiler's has a limit of its own.
    if input.len() > 4_096 {
        return;
    }
    let (args, item) = match input.split_once("\n---\n") {
        Some((args, item)) => (args, Some(item)),
        None => (input, None),
    };
    let Ok(args) = args.parse::<TokenStream>() else {
        return;
    };
    if let Some(item) = item {
        if let Ok(item) = item.parse() {
            attribute::attribute(args, item);
        }
        return;
    }
    let expanded = attribute::policy(args.clone());
    syn::parse2::<syn::Expr>(expanded).expect("an expression");
    for (name, item) in ITEMS {
        let item = item.parse().expect("tokens");
        let expanded = attribute::attribute(args.clone(), item);
        assert!(has_name(expanded.clone(), name), "{expanded}");
        syn::parse2::<syn::File>(expanded).expect("items");
    }
});

/// The macro catches actix-web's panic about a pattern. The hook of libFuzzer would abort before
/// that; panics that are not caught abort all the same.
fn allow_caught_panics() {
    drop(std::panic::take_hook());
}
