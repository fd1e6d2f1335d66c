//! The attribute of `cors-runtime`. Use that crate: it re-exports what is here and applies what this emits.
//!
//! One file a stage: `args` and `handler` read tokens, `validate` asks the rulebook, `expand` writes code and
//! cannot fail. Whatever is wrong is collected in a `Report`, so that all of it is said at once.

mod args;
mod expand;
mod handler;
mod module;
mod policy;
mod report;
mod route;
mod signature;
mod validate;

use proc_macro::TokenStream;

/// States who may call a handler from a browser, and has the compiler check it.
///
/// Put it above the route attribute. There is nothing else to wire: the handler's preflights are answered by
/// its own policy.
///
/// ```
/// use actix_web::{App, Responder, get, put};
/// use cors_runtime::cors;
///
/// #[cors(origins = ["https://app.example.com", "https://*.example.org"], credentials)]
/// #[get("/me")]
/// async fn read_me() -> impl Responder {
///     "you"
/// }
///
/// #[cors(origins = ["https://admin.example.com"], credentials, allow_headers = ["content-type"], max_age = 600)]
/// #[put("/me")] // the same path, another policy
/// async fn write_me(body: String) -> impl Responder {
///     body
/// }
///
/// App::new().service(read_me).service(write_me);
/// ```
///
/// # Arguments
/// | argument | form | meaning |
/// |---|---|---|
/// | `origins` | `["https://app.example.com", …]` | who may read the answer. `["*"]` alone: anyone. `"https://*.example.org"`: one or more labels before `example.org`. `"http://localhost:*"`: any port. `env!("NAME")`: the origin in that variable of the build's environment |
/// | `credentials` | flag | cookies, TLS client certificates and HTTP authentication may be used, and `Set-Cookie` takes effect |
/// | `allow_headers` | `["content-type", …]` or `["*"]` | request headers that a page may send beyond the safelisted ones. `"*"` does not cover `authorization`, which may stand beside it |
/// | `expose_headers` | `["x-total", …]` or `["*"]` | response headers that script may read beyond the safelisted ones |
/// | `max_age` | seconds, `0 ..= 86400` | for how long a browser may reuse the answer to a preflight |
/// | `dev_origins` | like `origins` | added only where `debug_assertions` are on: a release binary does not contain them |
/// | `enforce` | flag | a cross-origin request from any other origin is answered 403 before extractors and handler run, see [below](#what-enforce-adds) |
/// | `danger(…)` | `key = "reason"`, … | accepts a danger by name: `insecure_origins`, `public_suffixes`, `null_origin`, `reflect_any_origin` |
/// | `crate` | `= ::path` | where `cors_runtime` is, if it is renamed or re-exported |
///
/// # What it does with the route attribute
/// `get`, `post`, `put`, `delete`, `head`, `patch`, `options`, `query`, `route` and `routes` are recognized below it
/// by the last segment of their path; their `name`, `guard` and `wrap` keep their meaning. Every other attribute
/// stays where it is. Each route attribute becomes one resource, which takes the requests of its method and the
/// preflights for it. Its CORS layer is outermost: answers of `wrap`ped middleware, errors of extractors and errors
/// of the handler carry the headers too.
///
/// A `guard` applies to preflights as well, so a guard on a header that only the actual request carries makes
/// every preflight fail: guard on what a preflight has too, such as `Host`.
///
/// # What `enforce` adds
/// CORS by itself decides what script may *read*; the handler runs whoever asks. With `enforce`, an actual request
/// whose `Origin` is neither allowed nor the server's own is answered 403, without `Access-Control-*`, before
/// extractors and handler run. That also refuses cross-site WebSocket hijacking, as handshakes carry `Origin` and
/// no preflight guards them.
///
/// What is the server's own: browsers say it in `Sec-Fetch-Site` (`same-origin`, or `none` for what the user
/// started), which script cannot set. Without that field, which browsers do not send to plain `http` servers, the
/// host and port of `Origin` have to be those of `Host`. The scheme may differ, as a proxy may end TLS; such a proxy has to pass
/// `Host` on. `X-Forwarded-*` and `Forwarded` are not read.
///
/// Against cross-site request forgery, it refuses every forged POST, PUT, PATCH and DELETE: browsers send `Origin` with
/// these. It does not refuse
/// - requests without `Origin`: programs, and what browsers send with a cross-site link, image or GET form. A GET handler
///   must not change anything, with `enforce` or without;
/// - script of an origin that is allowed, or of the server's own, for instance by cross-site scripting;
/// - a page whose host name the attacker points at the server ([DNS rebinding]): guard on `Host` as well;
/// - anyone, if the policy is `origins = ["*"]`.
///
/// [DNS rebinding]: https://en.wikipedia.org/wiki/DNS_rebinding
///
/// ```
/// use actix_web::{Responder, post};
/// use cors_runtime::cors;
///
/// #[cors(origins = ["https://app.example.com"], credentials, enforce)]
/// #[post("/transfer")]
/// async fn transfer() -> impl Responder {
///     "only on behalf of the app, or of this very site"
/// }
/// # assert!(transfer::POLICY.enforce());
/// ```
///
/// As with actix-web's own macros in their default configuration, the handler's type is `pub` whatever the
/// visibility of the function. `handler::POLICY` is its policy.
#[proc_macro_attribute]
pub fn cors(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(args.into(), item.into()).into()
}

/// A policy that several handlers share.
#[proc_macro]
pub fn policy(args: TokenStream) -> TokenStream {
    policy::invocation(args.into()).into()
}
