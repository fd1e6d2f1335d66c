//! Who may call this server from a browser: all policies that more than one handler has.

use cors_runtime::{Allowlist, Policy, policy};

/// Further origins of the web app, from the environment.
pub(crate) static MORE_ORIGINS: Allowlist = Allowlist::new();

/// The web app, where users are logged in with a cookie. This is the default.
pub(crate) static APP: Policy = policy!(
    origins = ["https://app.example.com", MORE_ORIGINS],
    dev_origins = ["http://localhost:5173"],
    credentials,
    allow_headers = ["content-type"],
    expose_headers = ["x-total", "retry-after"],
    max_age = 600
);

/// The administrators' pages, on an origin of their own. `enforce` refuses requests from others.
pub(crate) static ADMIN: Policy = policy!(origins = ["https://admin.example.com"], enforce, ..APP);

/// Partners, whose script sends a token instead of a cookie.
pub(crate) static PARTNERS: Policy = policy!(
    origins = ["https://reports.example.net", "https://*.books.example"],
    credentials = false,
    allow_headers = ["authorization", "content-type"],
    expose_headers = ["content-disposition"],
    ..APP
);
