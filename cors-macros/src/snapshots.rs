//! The output for typical attributes, as text. A user sees it with `cargo expand`.
//!
//! `SNAPSHOTS=overwrite cargo test -p cors-macros` rewrites them. Review the difference.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use crate::attribute::attribute;

fn assert_expands(name: &str, args: TokenStream, item: TokenStream) {
    let expanded = attribute(args, item);
    let file = syn::parse2(expanded).expect("items");
    let text = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/snapshots/{name}.txt"));
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &text).expect("a writable checkout");
    }
    let expected = std::fs::read_to_string(&path).expect("a snapshot");
    assert_eq!(text, expected, "{}", path.display());
}

#[test]
fn a_handler_with_a_route_attribute_is_data_and_one_call() {
    assert_expands(
        "route",
        quote!(
            origins = ["https://app.example.com", "https://*.example.org", TENANTS],
            dev_origins = ["http://localhost:*"],
            credentials,
            allow_headers = ["content-type"],
            expose_headers = ["x-total"],
            max_age = 600
        ),
        quote! {
            /// Who you are.
            #[put("/me", wrap = "Compress::default()")]
            async fn write_me(name: String) -> impl Responder {
                name
            }
        },
    );
}

#[test]
fn a_handler_registered_by_hand_is_a_function_and_what_belongs_to_it() {
    assert_expands(
        "by_hand",
        quote!(origins = ["*"], methods = ["GET"]),
        quote! {
            pub async fn read<T: Store>(store: web::Data<T>) -> String
            where
                T: 'static,
            {
                store.read()
            }
        },
    );
}

#[test]
fn a_module_states_its_policy_once() {
    assert_expands(
        "module",
        quote!(expose_headers = ["x-total"], ..PARTNERS),
        quote! {
            #[scope("/api")]
            pub mod api {
                use super::*;

                #[get("/me")]
                pub async fn read_me() -> &'static str {
                    "you"
                }

                #[cors(none)]
                #[post("/internal")]
                pub async fn internal() -> &'static str {
                    "done"
                }
            }
        },
    );
}
