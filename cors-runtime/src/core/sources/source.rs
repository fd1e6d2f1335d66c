//! Sources of origins, as you implement them.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use cors_rules::Origin;

use super::target::Target;

/// Why a source could not decide.
pub type SourceError = Box<dyn Error + Send + Sync>;

/// A `static` that decides at run time whether an origin is allowed.
///
/// Name it in `origins`, alone or next to literals. It is called only with a well-formed origin,
/// and only if no literal allows that origin already. It is never called with `null` or `file://`,
/// which name nobody. With `credentials`, it must also be [`CredentialSafe`].
///
/// If it returns an error or panics, the origin is not allowed, and the reason is logged at the
/// `error` level through `tracing`.
///
/// It has no time limit, and while it decides, its worker thread does nothing else. So it must
/// decide at once. If it has to wait, implement [`AsyncOriginSource`].
///
/// ```
/// use actix_web::get;
/// use cors_runtime::origin::Host;
/// use cors_runtime::{Origin, OriginSource, SourceError, Target, cors};
///
/// /// Our own apps: `https://app-….example.com`.
/// struct Apps;
///
/// impl OriginSource for Apps {
///     fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
///         let Host::Domain(domain) = origin.host() else { return Ok(false) };
///         let label = domain.strip_suffix(".example.com");
///         let is_app = label.is_some_and(|label| label.starts_with("app-") && !label.contains('.'));
///         Ok(is_app && origin.scheme() == "https" && origin.port().is_none())
///     }
/// }
///
/// static APPS: Apps = Apps;
///
/// #[cors(origins = ["https://www.example.com", APPS])]
/// #[get("/")]
/// async fn news() -> &'static str {
///     "news"
/// }
/// # fn main() {
/// # let shown = news::POLICY.to_string();
/// # assert_eq!(shown, r#"origins = ["https://www.example.com", APPS]"#);
/// # }
/// ```
///
/// # Why it does not see the request
///
/// The verdict must depend on nothing but the origin and the [`Target`]: the host and the path.
///
/// - Caches store a response by its URL, so by host and path, and `Vary: Origin` adds the origin.
///   If a cookie decided too, a cache would give one user's response to another.
/// - Browsers send a preflight to the URL of the request, so both have one target. But a preflight
///   has no cookies, and none of the headers of the request that follows.
/// - [`Cached`](super::Cached) remembers by origin, host and path, for all users.
///
/// If the decision needs more, allow the origin here, and decide in the handler.
pub trait OriginSource: Sync {
    /// True if `origin` may read responses from `target`.
    ///
    /// [`Target::path`] is not decoded. Before you decide on it, read how to take [the tenant of a
    /// path](Target#the-tenant-of-a-path) from it.
    ///
    /// # Errors
    /// If the source cannot decide. The origin is not allowed then.
    fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError>;
}

/// An [`OriginSource`] that waits, for example for a database.
///
/// Preflights and actual requests both wait for it before the handler runs. If it takes longer than
/// its [`time_limit`](Self::time_limit), returns an error or panics, the origin is not allowed, and
/// the reason is logged. [`Cached`](super::Cached) remembers its results.
///
/// Like any future, it must not block. Nothing can interrupt a call that does: it holds up its
/// worker thread, and the time limit cannot end it. Its result comes too late and does not count.
///
/// It [does not see the request](OriginSource#why-it-does-not-see-the-request) either. Behind a
/// [`Cached`](super::Cached), it sees of the path only [the segments that it asks
/// for](Self::path_segments).
///
/// ```
/// use std::time::Duration;
///
/// use actix_web::get;
/// use cors_runtime::{AsyncOriginSource, Cached, CredentialSafe, Origin, SourceError, Target, cors};
///
/// struct Tenants;
///
/// impl AsyncOriginSource for Tenants {
///     async fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
///         // `SELECT EXISTS (SELECT 1 FROM tenants WHERE origin = $1)`
///         Ok(origin.as_str() == "https://shop.example")
///     }
///
///     fn time_limit(&self) -> Duration {
///         Duration::from_millis(200)
///     }
/// }
///
/// // Rows are checked by the rules for credentials before they get into the table.
/// impl CredentialSafe for Tenants {}
///
/// static TENANTS: Cached<Tenants> = Cached::new(Tenants, 10_000, Duration::from_secs(60));
///
/// #[cors(origins = [TENANTS], credentials)]
/// #[get("/cart")]
/// async fn cart() -> &'static str {
///     "cart"
/// }
/// # fn main() {}
/// ```
pub trait AsyncOriginSource: Sync {
    /// True if `origin` may read responses from `target`. See [`OriginSource::allows`].
    ///
    /// Behind a [`Cached`](super::Cached), the path of the target has only its first
    /// [`path_segments`](Self::path_segments). By default, it is empty there.
    ///
    /// # Errors
    /// If the source cannot decide. The origin is not allowed then.
    fn allows(
        &self,
        origin: &Origin<'_>,
        target: &Target<'_>,
    ) -> impl Future<Output = Result<bool, SourceError>> + Send;

    /// How many segments of the path [`allows`](Self::allows) looks at: none by default.
    ///
    /// [`Cached`](super::Cached) shows it no others, and remembers one result for all paths that begin
    /// with these. With two, `/t/acme/cart` and `/t/acme/me` are both `/t/acme`.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use actix_web::{get, web};
    /// use cors_runtime::{AsyncOriginSource, Cached, CredentialSafe, Origin, SourceError, Target, cors};
    ///
    /// struct Tenants;
    ///
    /// impl AsyncOriginSource for Tenants {
    ///     async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
    ///         let Some(tenant) = target.path().strip_prefix("/t/") else {
    ///             return Ok(false);
    ///         };
    ///         // `SELECT EXISTS (SELECT 1 FROM origins WHERE origin = $1 AND tenant = $2)`
    ///         Ok((origin.as_str(), tenant) == ("https://shop.example", "acme"))
    ///     }
    ///
    ///     fn path_segments(&self) -> usize {
    ///         2 // `/t/acme` of `/t/acme/cart`
    ///     }
    /// }
    ///
    /// // Names of tenants and their origins are checked before they get into the table.
    /// impl CredentialSafe for Tenants {}
    ///
    /// static TENANTS: Cached<Tenants> = Cached::new(Tenants, 10_000, Duration::from_secs(60));
    ///
    /// #[cors(origins = [TENANTS], credentials)]
    /// #[get("/t/{tenant}/cart")]
    /// async fn cart(tenant: web::Path<String>) -> String {
    ///     format!("the cart of {tenant}")
    /// }
    ///
    /// # #[actix_web::main]
    /// # async fn main() {
    /// // In a test, ask the cache: it passes on what the source sees in a server.
    /// let shop = Origin::parse("https://shop.example").unwrap();
    /// for (path, expected) in [("/t/acme/cart", true), ("/t/other/cart", false), ("/t", false)] {
    ///     let target = Target::new("api.example.com", path);
    ///     assert_eq!(TENANTS.allows(&shop, &target).await.unwrap(), expected, "{path}");
    /// }
    /// # }
    /// ```
    fn path_segments(&self) -> usize {
        0
    }

    /// How long [`allows`](Self::allows) may take: one second by default.
    ///
    /// A result that comes later does not count.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(1)
    }
}

/// A source whose origins may use credentials.
///
/// Implementing it is a promise: the source never allows an insecure origin, the origin `null`, or
/// an origin whose name anyone could have registered. The compiler checks literals for that, but it
/// cannot check what a source does.
///
/// [`Allowlist`](super::Allowlist) keeps the promise. [`PublicAllowlist`](super::PublicAllowlist) does not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used with `credentials`",
    label = "its origins are not checked for use with credentials",
    note = "why: an origin that it allows can read responses with the user's cookies",
    note = "help: use an `Allowlist`; or, if your source allows only secure origins whose owners you know, implement `CredentialSafe` for it"
)]
pub trait CredentialSafe {}
