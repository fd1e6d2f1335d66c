//! In edition 2015, `::core` is no path to the crate, and crates are found from the root only.

#![deny(warnings, missing_docs)]

extern crate renamed;

/// Policies.
pub mod policies {
    use renamed::{Allowlist, Policy};

    /// An allow-list.
    pub static TENANTS: Allowlist = Allowlist::new();

    /// A policy.
    pub static PARTNERS: Policy = ::renamed::policy!(
        crate = ::renamed,
        origins = [
            "https://partner.example",
            "https://*.partner.example",
            env!("CARGO_PKG_HOMEPAGE"),
            TENANTS
        ],
        credentials,
        allow_headers = ["content-type"],
        max_age = 600
    );

    /// A policy with a base.
    pub static FRIENDS: Policy = ::renamed::policy!(crate = ::renamed, max_age = 5, ..PARTNERS);

    /// A policy with a warning.
    #[allow(deprecated)]
    pub static LONG: Policy = ::renamed::policy!(
        crate = ::renamed,
        origins = ["https://partner.example"],
        max_age = 10_000
    );
}
