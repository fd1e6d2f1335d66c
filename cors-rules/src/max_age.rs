//! For how long a browser may reuse the answer to a preflight.

/// The most seconds that a policy may state, a day.
pub const MOST: u64 = 86_400;
/// The most seconds that any browser goes by: Chromium's limit.
pub const MOST_IN_BROWSERS: u64 = 7_200;
