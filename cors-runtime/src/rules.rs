//! The rules, by name: what each refuses, why, and what to write instead.
//!
//! Errors keep a policy from compiling. Warnings are ordinary ones of the compiler, given as uses of something
//! deprecated; `#[allow(deprecated)]` or `#[expect(deprecated)]` on the handler silences them.
//!
//! # `danger(reflect_any_origin = "…")`
//!
//! `#[cors(credentials, danger(reflect_any_origin = "…"))]`, without `origins`, allows every origin by its name, with
//! credentials. Every site that a user visits can then read the answer as that user gets it. That is harmless exactly
//! if the resource is public, so that any site could fetch it from its own server anyway, and the cookies guard nothing:
//! the answer is the same with and without them, or differs in what nobody minds to share with every site.
//!
//! It is never harmless on an intranet, or wherever being able to reach the server is what guards it: the user's
//! browser is inside, and the attacker's page in it reads for the attacker. Nor is it on a machine's own loopback.
//!
//! Without credentials, `origins = ["*"]` does the same, and caches may share the answer.
//!
//! # Origins
//!
//! ## `missing_origins`
//!
//! A policy has to say whose script may read the answer. Nobody is the default of every handler without `#[cors]`;
//! anyone is a decision, and not one to make by leaving something out.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `empty_origins`
//!
//! Nobody could read the answer, which is so without the attribute.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = [])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `wildcard_with_other_origins`
//!
//! `"*"` allows anyone, so what stands beside it looks like a restriction and is none.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["*", "https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["*"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `null_origin`
//!
//! `null` is what browsers send for an [opaque
//! origin](https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque). Every sandboxed frame has
//! one, and any site can make such a frame, so whoever allows `null` allows everyone. Accepted with
//! `danger(null_origin = "…")`, for instance where the answer is public anyway and a local file has to read it.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["null"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["null"], danger(null_origin = "the catalogue is public"))]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `malformed_origin`
//!
//! A browser writes an origin as [HTML serializes
//! it](https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin), in one spelling, and
//! origins are compared byte for byte. So what is not that spelling never matches: no scheme, a slash or anything
//! else after the port, user information, upper case, a default port written out, a port that is none, white space,
//! characters beyond ASCII, an IP address in another spelling, an empty or over-long label. The message gives the
//! right spelling where it can be told. Schemes of apps and browser extensions (`chrome-extension://…`) are
//! origins; `file:` and its kind have opaque ones, and no page comes from `wss:`.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com/"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `misplaced_wildcard`
//!
//! A `*` is the whole first label of a host, for one or more labels, or the whole port. Parts of labels belong to
//! nobody: anyone can register `evilexample.com` to match `*example.com`.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://*example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://*.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `duplicate_origin`
//!
//! One of the two does nothing, and whoever removes the other believes that it is gone. `dev_origins` counts too.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com", "https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `covered_origin`
//!
//! A pattern in the same list allows it already.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://*.example.com", "https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://*.example.com", "https://example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `loopback_origin_in_release`
//!
//! A warning of builds without `debug_assertions`: whatever runs on a user's own machine at that port could read
//! the answer. `dev_origins` are not in such a build at all.
//!
//! Prohibited in a release build: `origins = ["http://localhost:3000"]`. Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], dev_origins = ["http://localhost:*"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! # Credentials
//!
//! ## `wildcard_with_credentials`
//!
//! The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) takes `*` only for a request without
//! credentials: with cookies, script gets a network error. There is no way to accept this, as no browser would
//! obey.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["*"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `insecure_origin_with_credentials`
//!
//! Whoever controls the network between a user and a page of `http:` can put script into that page, which reads the
//! answer with the user's cookies. Loopback hosts are exempt: nothing travels ([Secure
//! Contexts](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy)). Accepted with
//! `danger(insecure_origins = "…")`.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["http://app.example.com"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com", "http://app.localhost"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `public_suffix_with_credentials`
//!
//! Anyone can register a name below a [public suffix](https://publicsuffix.org), be it `com` or `github.io`, and
//! would read the answer with the user's cookies. Names that merely have public suffixes somewhere below them are
//! not recognized. Accepted with `danger(public_suffixes = "…")`.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://*.github.io"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://*.my-project.github.io"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `wildcard_headers_with_credentials`
//!
//! For a request with credentials, [`*` is the name of a
//! header](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) and no other is allowed.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials, allow_headers = ["*"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials, allow_headers = ["content-type"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `wildcard_expose_with_credentials`
//!
//! For a request with credentials, [`*` is the name of a
//! header](https://fetch.spec.whatwg.org/#http-new-header-syntax) and no other is exposed.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials, expose_headers = ["*"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials, expose_headers = ["x-total"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! # Methods
//!
//! ## `forbidden_method`
//!
//! `CONNECT`, `TRACE` and `TRACK` are [forbidden methods](https://fetch.spec.whatwg.org/#forbidden-method): no page
//! can send them.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "TRACE")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "GET")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `invalid_method`
//!
//! A method is a [token](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "GET IT")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "GET-IT")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `miscased_method`
//!
//! Methods are case-sensitive. Browsers write six of them in upper case whatever the page wrote
//! ([normalize](https://fetch.spec.whatwg.org/#concept-method-normalize)), but `patch` stays `patch`.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "patch")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "PATCH")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `duplicate_method`
//!
//! One of the two does nothing.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "PUT", method = "PUT")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "PUT", method = "GET")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! # Headers
//!
//! ## `forbidden_request_header`
//!
//! Only the browser sets a [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header),
//! among them `cookie`, `host`, `proxy-*` and `sec-*`, and it never asks whether it may.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["cookie"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `response_header_in_request`
//!
//! The server answers with it; no request carries it.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["access-control-allow-origin"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["x-request-id"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `invalid_header`
//!
//! A header name is a [token](https://www.rfc-editor.org/rfc/rfc9110#section-5.1). A list of names is a list of
//! literals.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["content-type, x-request-id"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["content-type", "x-request-id"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `duplicate_header`
//!
//! Names are compared without regard to case. Beside `"*"` only `authorization` says anything more: the wildcard
//! [does not cover it](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["x-id", "X-ID"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["*", "authorization"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `forbidden_response_header`
//!
//! Script never reads a [forbidden response-header](https://fetch.spec.whatwg.org/#forbidden-response-header-name).
//! The cookie takes effect all the same where the policy has `credentials`.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], expose_headers = ["set-cookie"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `request_header_in_response`
//!
//! The browser asks with it; no answer carries it.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], expose_headers = ["origin"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], expose_headers = ["x-total"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `safelisted_header`
//!
//! A warning: the header is [always allowed](https://fetch.spec.whatwg.org/#cors-safelisted-request-header), but
//! for unusual values, or [always exposed](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name).
//! `content-type` is safelisted among responses; in requests, `application/json` makes it need permission.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # #![deny(deprecated)]
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], expose_headers = ["content-type"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! # Preflights
//!
//! ## `max_age_too_large`
//!
//! Over a day. Every browser caps it far below.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = 604_800)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = 7200)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `max_age_beyond_browsers`
//!
//! A warning over 7200 seconds: Chromium [caps it
//! there](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age), WebKit at
//! 600.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # #![deny(deprecated)]
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = 86_400)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = 7200)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! # Dangers
//!
//! ## `empty_reason`
//!
//! A danger is accepted with the reason why it is harmless here, for whoever reviews the policy. It stays readable:
//! [`Policy::dangers`](crate::Policy::dangers).
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["null"], danger(null_origin = ""))]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["null"], danger(null_origin = "the catalogue is public"))]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `needless_danger`
//!
//! Nothing in the policy needs it, and the next thing that does should be seen.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], danger(null_origin = "just in case"))]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `unknown_danger`
//!
//! The dangers are `insecure_origins`, `public_suffixes`, `null_origin` and `reflect_any_origin`.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], danger(everything = "it works"))]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! # The attribute
//!
//! ## `unknown_argument`
//!
//! No argument of this name.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credential)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `duplicate_argument`
//!
//! Which of the two was meant cannot be told.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = 5, max_age = 600)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = 600)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `invalid_value`
//!
//! Each argument takes one kind of value, written out: the policy is checked while compiling. `env!("NAME")` has to
//! be set in the environment of the build.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = "600")]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], max_age = 600)]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `no_route`
//!
//! The methods whose preflights the handler answers belong to its route, so `#[cors]` stands above the route
//! attribute. Below it, it sees none. A handler that is registered by hand has no route attribute, so it states
//! `methods`; none at all would be of no use. On a module, at least one function in it has to have a route attribute.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//!
//! #[cors(origins = ["https://app.example.com"], methods = ["GET"])]
//! async fn registered_by_hand() -> &'static str {
//!     ""
//! }
//! # fn main() { actix_web::App::new().route("/by-hand", actix_web::web::get().to(registered_by_hand)); }
//! ```
//!
//! ## `methods_with_route`
//!
//! The route attribute states the method already; a second statement could disagree with it.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], methods = ["GET"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::route;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[route("/", method = "GET", method = "HEAD")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `not_a_handler`
//!
//! `#[cors]` is for a free `async fn` that returns something.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `repeated_cors`
//!
//! A handler has one policy.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `invalid_route`
//!
//! A route attribute that actix-web would refuse too, or answer with a panic.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/{")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/{id}")]
//! async fn handler() -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! # What the handler takes
//!
//! ## `json_without_content_type`
//!
//! A warning: `Json<_>` needs `content-type: application/json`, for which a browser asks in a preflight, and every
//! such preflight is refused. `Either<Json<_>, Form<_>>` needs nothing: the form does without.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # #![deny(deprecated)]
//! # use actix_web::{get, web};
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler(_: web::Json<String>) -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::{get, web};
//! # use cors_runtime::cors;
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
//! #[get("/")]
//! async fn handler(_: web::Json<String>) -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `bearer_without_authorization`
//!
//! A warning: `BearerAuth` and `BasicAuth` need `authorization`. `"*"` [does not cover
//! it](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
//!
//! Prohibited:
//!
//! ```compile_fail
//! # #![deny(deprecated)]
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! # struct BearerAuth;
//! # impl actix_web::FromRequest for BearerAuth {
//! #     type Error = actix_web::Error;
//! #     type Future = std::future::Ready<Result<Self, Self::Error>>;
//! #     fn from_request(_: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
//! #         std::future::ready(Ok(BearerAuth))
//! #     }
//! # }
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler(_: BearerAuth) -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! # struct BearerAuth;
//! # impl actix_web::FromRequest for BearerAuth {
//! #     type Error = actix_web::Error;
//! #     type Future = std::future::Ready<Result<Self, Self::Error>>;
//! #     fn from_request(_: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
//! #         std::future::ready(Ok(BearerAuth))
//! #     }
//! # }
//! #[cors(origins = ["https://app.example.com"], allow_headers = ["authorization"])]
//! #[get("/")]
//! async fn handler(_: BearerAuth) -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! ## `session_without_credentials`
//!
//! A warning: `Session` and `Identity` live in a cookie, which does not go with a request without credentials, nor
//! takes effect in the answer to one.
//!
//! Prohibited:
//!
//! ```compile_fail
//! # #![deny(deprecated)]
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! # struct Session;
//! # impl actix_web::FromRequest for Session {
//! #     type Error = actix_web::Error;
//! #     type Future = std::future::Ready<Result<Self, Self::Error>>;
//! #     fn from_request(_: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
//! #         std::future::ready(Ok(Session))
//! #     }
//! # }
//! #[cors(origins = ["https://app.example.com"])]
//! #[get("/")]
//! async fn handler(_: Session) -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
//!
//! Permitted:
//!
//! ```
//! # use actix_web::get;
//! # use cors_runtime::cors;
//! # struct Session;
//! # impl actix_web::FromRequest for Session {
//! #     type Error = actix_web::Error;
//! #     type Future = std::future::Ready<Result<Self, Self::Error>>;
//! #     fn from_request(_: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
//! #         std::future::ready(Ok(Session))
//! #     }
//! # }
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[get("/")]
//! async fn handler(_: Session) -> &'static str {
//!     ""
//! }
//! # fn main() {}
//! ```
