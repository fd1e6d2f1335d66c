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

/// What the attribute is above.
const ITEMS: [&str; 4] = [
    r#"#[get("/x")] async fn read(body: web::Json<u8>) -> u8 { 1 }"#,
    "async fn write(session: Session) -> u8 { 1 }",
    r#"mod api { #[put("/x")] pub async fn write() {} pub struct S; }"#,
    "struct NotAHandler;",
];

fn has_name(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => has_name(group.stream(), name),
        _ => false,
    })
}

/// The arguments, and perhaps the item.
type Input<'a> = (u8, &'a str, &'a str);

fuzz_target!(|input: Input<'_>| {
    let (choice, args, item) = input;
    // The tokenizer of `proc-macro2` recurses; the compiler's has a limit of its own.
    if args.len() + item.len() > 4_096 {
        return;
    }
    let Ok(args) = args.parse::<TokenStream>() else {
        return;
    };
    if choice == 0 {
        let expanded = attribute::policy(args);
        syn::parse2::<syn::Expr>(expanded).expect("an expression");
        return;
    }
    let known = usize::from(choice) - 1;
    let item = ITEMS.get(known).unwrap_or(&item);
    let Ok(item) = item.parse::<TokenStream>() else {
        return;
    };
    let expanded = attribute::attribute(args, item);
    if known < ITEMS.len() {
        let name = ["read", "write", "write", "NotAHandler"][known];
        assert!(has_name(expanded.clone(), name), "{expanded}");
        syn::parse2::<syn::File>(expanded).expect("items");
    }
});
