//! The attribute of `cors-runtime`. Use that crate: it re-exports what is here and applies what this emits.
//!
//! One file a stage: `args`, `handler`, `route` and `module` read tokens, `validate` asks the rulebook, `expand` writes code and
//! cannot fail. Whatever is wrong is collected in a `Report`, so that all of it is said at once.

mod args;
mod expand;
mod handler;
mod module;
mod policy;
mod read;
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
/// It stands above a route attribute, above an `async fn` that is [registered by hand](#handlers-that-are-registered-by-hand), or
/// above a [module](#modules). In place of arguments, it takes the path of a policy that is [shared](#shared-policies), or `none`.
///
/// # Arguments
/// | argument | form | meaning |
/// |---|---|---|
/// | `origins` | `["https://app.example.com", …]` | who may read the answer. `["*"]` alone: anyone. `"https://*.example.org"`: one or more labels before `example.org`. `"http://localhost:*"`: any port. `env!("NAME")`: the origin in that variable of the build's environment. `path::TO_STATIC`: those that a [source](https://docs.rs/cors-runtime/latest/cors_runtime/trait.OriginSource.html) allows at run time |
/// | `credentials` | flag | script may read answers to requests with cookies, TLS client certificates or HTTP authentication, and make such requests where a preflight comes first |
/// | `allow_headers` | `["content-type", …]` or `["*"]` | request headers that a page may send beyond the safelisted ones. `"*"` does not cover `authorization`, which may stand beside it |
/// | `expose_headers` | `["x-total", …]` or `["*"]` | response headers that script may read beyond the safelisted ones |
/// | `max_age` | seconds, `0 ..= 86400` | for how long a browser may reuse the answer to a preflight |
/// | `dev_origins` | like `origins` | added only where `debug_assertions` are on: a release binary does not contain them |
/// | `methods` | `["PUT", …]` | only where there is no route attribute: those that the handler is registered for |
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
/// # Handlers that are registered by hand
/// An `async fn` without a route attribute states its `methods`. It stays a handler, and beside it, under the same name, there
/// is what belongs to it: `preflight()`, which is the route that answers its preflights, its `POLICY`, and the function
/// as it was written, for tests.
///
/// ```
/// use actix_web::{App, web};
/// use cors_runtime::cors;
///
/// #[cors(origins = ["https://app.example.com"], methods = ["PUT"], allow_headers = ["content-type"])]
/// async fn save(name: web::Json<String>) -> String {
///     name.into_inner()
/// }
///
/// App::new().service(web::resource("/name").route(web::put().to(save)).route(save::preflight()));
///
/// # actix_web::rt::System::new().block_on(async {
/// // The function itself is called with what it takes:
/// assert_eq!(save::save(web::Json("Ada".to_owned())).await, "Ada");
/// # });
/// ```
///
/// Extractors run under the policy, so their errors carry the headers as well. What is around the handler is not:
/// answers of middleware that wraps its resource, its scope or the app carry no headers unless the handler made them.
/// A route that takes all methods needs no `preflight()`: the handler answers its preflights itself.
///
/// # Shared policies
/// A policy that several handlers share is a `static`, made by [`policy!`](macro@policy) and named by its path. The path has a
/// `::` or is written in capitals. Only `methods` and `crate` go beside it: policies are not merged.
///
/// ```
/// use actix_web::{get, put};
/// use cors_runtime::{Policy, cors, policy};
///
/// pub static PARTNERS: Policy = policy!(origins = ["https://partner.example"], credentials);
///
/// #[cors(crate::PARTNERS)]
/// #[get("/orders")]
/// async fn read_orders() -> &'static str {
///     "orders"
/// }
///
/// #[cors(PARTNERS)]
/// #[put("/orders")]
/// async fn write_orders() -> &'static str {
///     "written"
/// }
/// # fn main() { assert_eq!(*read_orders::POLICY, PARTNERS); }
/// ```
///
/// Warnings about the handler's signature (a `Json` body without `content-type`, …) are given here too: the compiler
/// evaluates the policy. Of what a type alias hides, neither form knows.
///
/// # Modules
/// On a module, the attribute covers each function in it that has a route attribute, in nested modules too. A function or a
/// nested module with a `#[cors]` of its own has that policy instead, as policies are not merged, and `#[cors(none)]` leaves
/// it without. Relative paths in the arguments start where the attribute stands. It goes above or below
/// `#[actix_web::scope]`. Functions that other macros write are not visible to it.
///
/// ```
/// use actix_web::App;
/// use cors_runtime::cors;
///
/// #[cors(origins = ["https://app.example.com"], credentials)]
/// #[actix_web::scope("/api")]
/// mod api {
///     use actix_web::{get, post};
///     use cors_runtime::cors;
///
///     #[get("/me")]
///     pub async fn read_me() -> &'static str {
///         "you"
///     }
///
///     #[cors(origins = ["*"])]
///     #[get("/status")]
///     pub async fn status() -> &'static str {
///         "up"
///     }
///
///     #[cors(none)]
///     #[post("/internal")]
///     pub async fn internal() -> &'static str {
///         "no page on another origin reads this"
///     }
/// }
///
/// # fn main() {
/// App::new().service(api::read_me).service(api::status).service(api::internal);
/// # }
/// ```
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

/// Makes a policy that several handlers share.
///
/// It takes the arguments of [`cors`](macro@cors) but `methods`, which belong to the handlers, and is checked by the same rules.
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
/// A warning about it is silenced at the `static`: `#[allow(deprecated)]`.
#[proc_macro]
pub fn policy(args: TokenStream) -> TokenStream {
    policy::invocation(args.into()).into()
}
