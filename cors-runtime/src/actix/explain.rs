//! The switch for explanations.

use std::sync::atomic::{AtomicBool, Ordering};

static ON: AtomicBool = AtomicBool::new(cfg!(debug_assertions));

/// Switches explanations of refusals on or off, at any time and from any thread.
///
/// They are on in builds with `debug_assertions`, and off in others. While they are on:
///
/// - If a preflight is refused for a header, or for a method that is not safelisted, the response
///   is 204 with what the policy allows. The browser still does not send the request, but its
///   console names the header or the method rather than a missing `Access-Control-Allow-Origin`.
///   The field `x-cors-refused` tells people who use `curl` that it is a refusal, and why. If no
///   handler on the path has the method, not even in another case, this needs an
///   [`AppCors`](crate::AppCors) around the app.
/// - Any other refused preflight gets a 403 with a body for `curl`: what was refused, by the policy
///   of which handler, and what to write instead.
/// - The log says the same at the level `warn`, rather than `debug`, with advice. Repeats of the
///   same origin, method or header go to `debug`.
/// - The log names a cookie that a page on another site will never send back, a request with
///   cookies whose response script may not read because the policy has no `credentials`, and an
///   `Access-Control-*` header that a handler or its middleware set and that was removed: once for
///   each handler.
/// - The log says once, at the level `info`, that a proxy passes on requests of the server's own
///   page under another `Host`.
///
/// The page [`debugging`](crate::debugging) has examples.
///
/// # What it reveals
/// The body has the name of the handler and its whole policy, so anyone who sends a preflight
/// learns them. Neither is a secret by itself, but an attacker can map the API with them. In
/// production, switch explanations on only while you look into a problem.
///
/// ```
/// cors_runtime::explain(false);
/// ```
pub fn explain(on: bool) {
    ON.store(on, Ordering::Relaxed);
}

pub(crate) fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}
