//! Who may call this server from a browser: all policies that more than one handler has.

use cors_runtime::{Policy, policy};

/// The web app, where users are logged in with a cookie.
pub(crate) static APP: Policy = policy!(
    origins = ["https://app.example.com"],
    dev_origins = ["http://localhost:*"],
    credentials,
    allow_headers = ["content-type"],
    max_age = 600
);

/// The administrators' pages, on an origin of their own. `enforce` refuses requests from others.
pub(crate) static ADMIN: Policy = policy!(origins = ["https://admin.example.com"], enforce, ..APP);

/// Partners, whose script sends a token instead of a cookie.
pub(crate) static PARTNERS: Policy = policy!(
    origins = ["https://reports.example.net", "https://*.books.example"],
    credentials = false,
    allow_headers = ["authorization", "content-type"],
    ..APP
);

/// What anyone may read.
pub(crate) static PUBLIC: Policy = policy!(origins = ["*"], max_age = 3600);
