//! How long a browser can reuse a preflight response.
//!
//! Every engine caps what a server states. The caps were measured by moving the clock: Firefox
//! asked again after 86,400 seconds, Chromium after 7,200, WebKit after 600.

/// The most seconds that a policy can state: a day, which is also Firefox's cap.
pub const MOST: u64 = 86_400;
/// The most seconds for which Chromium reuses a preflight response.
pub const MOST_IN_CHROMIUM: u64 = 7_200;
