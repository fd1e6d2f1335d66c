//! The macros of [`cors-runtime`](https://docs.rs/cors-runtime). Depend on that crate: it re-exports
//! them, and their output needs it.
//!
//! One file a stage: `attribute` is the sequence, `input` reads, `check` asks the rulebook, and
//! `expand` writes code. Reading takes `read` for the arguments, and `item`, `attr`, `route`,
//! `signature`, `module` and `placement` for the item. After the check, nothing can fail. Mistakes
//! are collected in a `Report`, so that the compiler lists all of them at once.

mod args;
mod attr;
mod attribute;
mod check;
mod expand;
mod input;
mod item;
mod module;
mod placement;
mod read;
mod report;
mod route;
mod signature;
#[cfg(test)]
mod snapshots;
mod tokens;
mod wording;

use proc_macro::TokenStream;

#[doc = include_str!("docs/cors.md")]
#[proc_macro_attribute]
pub fn cors(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::attribute(args.into(), item.into()).into()
}

/// Makes a policy that several handlers share.
///
/// It takes the arguments of [`cors`](macro@cors) except `methods`, which belong to a handler, and
/// follows the same rules. `..BASE` takes what is left out from another policy. `none` allows no
/// origin. Assign the policy to a `static`, and name that in the attribute:
///
/// ```
/// use actix_web::get;
/// use cors_runtime::{Policy, cors, policy};
///
/// pub static PARTNERS: Policy = policy!(
///     origins = ["https://partner.example", "https://*.partner.example"],
///     credentials,
///     max_age = 600,
/// );
///
/// #[cors(crate::PARTNERS)]
/// #[get("/orders")]
/// async fn orders() -> &'static str {
///     "orders"
/// }
///
/// # fn main() {
/// assert_eq!(
///     orders::POLICY.to_string(),
///     r#"origins = ["https://partner.example", "https://*.partner.example"], credentials, max_age = 600"#,
/// );
/// # }
/// ```
///
/// To silence a warning about the policy, put `#[allow(deprecated)]` on the `static`.
#[proc_macro]
pub fn policy(args: TokenStream) -> TokenStream {
    attribute::policy(args.into()).into()
}
