//! Sources of origins that are known only at run time.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::RequestHead;
use cors_rules::Origin;

/// Why a source could not decide.
pub type SourceError = Box<dyn Error + Send + Sync>;

/// A `static` that decides at run time whether an origin is allowed.
///
/// It is named in `origins`, alone or beside literals. It is asked only about what is an origin, which arrives parsed,
/// and only if no literal allows it already. An error and a panic deny, and are logged as errors through `tracing`.
///
/// ```
/// use actix_web::dev::RequestHead;
/// use actix_web::get;
/// use cors_runtime::{Origin, OriginSource, SourceError, cors};
/// # use cors_runtime::origin::Host;
///
/// /// Every app of the company, whose names start with `app-`.
/// struct Apps;
///
/// impl OriginSource for Apps {
///     fn allows(&self, origin: &Origin<'_>, _: &RequestHead) -> Result<bool, SourceError> {
///         let Host::Domain(domain) = origin.host() else { return Ok(false) };
///         let name = domain.strip_suffix(".example.com");
///         Ok(origin.scheme() == "https" && name.is_some_and(|name| name.starts_with("app-") && !name.contains('.')))
///     }
/// }
///
/// static APPS: Apps = Apps;
///
/// #[cors(origins = [APPS, "https://www.example.com"])]
/// #[get("/")]
/// async fn news() -> &'static str {
///     "news"
/// }
/// # fn main() { assert_eq!(news::POLICY.to_string(), r#"origins = ["https://www.example.com", APPS]"#); }
/// ```
///
/// With `credentials`, it has to be [`CredentialSafe`] too.
pub trait OriginSource: Sync {
    /// Whether `origin` is allowed for the request of this head.
    fn allows(&self, origin: &Origin<'_>, head: &RequestHead) -> Result<bool, SourceError>;
}

/// Like [`OriginSource`], for look-ups that wait: in a database, for instance.
///
/// Preflights and actual requests both wait for it, before the handler runs. What takes longer than
/// [`time_limit`](Self::time_limit) denies, as an error and a panic do. [`Cached`](crate::Cached) remembers what it said.
///
/// ```
/// use std::time::Duration;
///
/// use actix_web::dev::RequestHead;
/// use actix_web::get;
/// use cors_runtime::{AsyncOriginSource, Cached, CredentialSafe, Origin, SourceError, cors};
///
/// struct Tenants;
///
/// impl AsyncOriginSource for Tenants {
///     async fn allows(&self, origin: &Origin<'_>, _: &RequestHead) -> Result<bool, SourceError> {
///         // `SELECT EXISTS (SELECT 1 FROM tenants WHERE origin = $1)`
///         Ok(origin.as_str() == "https://shop.example")
///     }
///
///     fn time_limit(&self) -> Duration {
///         Duration::from_millis(200)
///     }
/// }
///
/// // Whatever gets into the table was checked by the rules of policies with credentials.
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
    /// Whether `origin` is allowed for the request of this head.
    fn allows(
        &self,
        origin: &Origin<'_>,
        head: &RequestHead,
    ) -> impl Future<Output = Result<bool, SourceError>>;

    /// How long a look-up may take; one second unless said otherwise.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(1)
    }
}

/// A source whose origins may use credentials.
///
/// It is a promise: the source allows no origin that is insecure, that stands for everyone (`null`) or below which
/// anyone can register a name. The compiler holds literals to that; what a source decides, only its author knows.
///
/// [`Allowlist`](crate::Allowlist) keeps it, [`PublicAllowlist`](crate::PublicAllowlist) does not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not go with `credentials`",
    label = "its origins were not checked for use with credentials",
    note = "why: whoever it allows reads answers with the user's cookies",
    note = "help: use an `Allowlist`; or, if a source of your own allows only secure origins of known owners, implement `CredentialSafe` for it"
)]
pub trait CredentialSafe {}

/// Either kind of source. `K` tells the two apart; it is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot decide on origins",
    label = "neither an `OriginSource` nor an `AsyncOriginSource`",
    note = "help: `pub static TENANTS: Allowlist = Allowlist::new();`"
)]
pub trait AnySource<K> {
    /// What is asked.
    fn ask(&'static self) -> Asked;
}

/// The kind of an [`OriginSource`].
#[derive(Debug)]
pub enum Direct {}

/// The kind of an [`AsyncOriginSource`].
#[derive(Debug)]
pub enum Waiting {}

impl<T: OriginSource> AnySource<Direct> for T {
    fn ask(&'static self) -> Asked {
        Asked::Direct(self)
    }
}

impl<T: AsyncOriginSource> AnySource<Waiting> for T {
    fn ask(&'static self) -> Asked {
        Asked::Waiting(self)
    }
}

/// A source as it is asked.
#[derive(Clone, Copy)]
pub enum Asked {
    /// At once.
    Direct(&'static dyn OriginSource),
    /// With a wait.
    Waiting(&'static dyn Lookup),
}

/// An [`AsyncOriginSource`] behind a pointer.
pub trait Lookup {
    /// See [`AsyncOriginSource::allows`].
    fn look_up<'a>(
        &'a self,
        origin: &'a Origin<'_>,
        head: &'a RequestHead,
    ) -> Pin<Box<dyn Future<Output = Result<bool, SourceError>> + 'a>>;
    /// See [`AsyncOriginSource::time_limit`].
    fn limit(&self) -> Duration;
}

impl<T: AsyncOriginSource> Lookup for T {
    fn look_up<'a>(
        &'a self,
        origin: &'a Origin<'_>,
        head: &'a RequestHead,
    ) -> Pin<Box<dyn Future<Output = Result<bool, SourceError>> + 'a>> {
        Box::pin(self.allows(origin, head))
    }

    fn limit(&self) -> Duration {
        self.time_limit()
    }
}

/// A source by the path of its `static`.
#[derive(Clone, Copy)]
pub struct Source {
    path: &'static str,
    get: fn() -> Asked,
}

impl Source {
    /// The path as it is written in the attribute, and the `static` there.
    pub const fn new(path: &'static str, get: fn() -> Asked) -> Self {
        Self { path, get }
    }

    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    /// The address of the `static`.
    fn address(&self) -> *const () {
        match (self.get)() {
            Asked::Direct(source) => std::ptr::from_ref(source).cast(),
            Asked::Waiting(source) => std::ptr::from_ref(source).cast(),
        }
    }
}

/// The same `static` by the same path: those without a size may share an address.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.address() == other.address()
    }
}

impl Eq for Source {}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)
    }
}

/// What the sources that need not be waited for say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// One of them allows it.
    Yes,
    /// None allows it, and none is left.
    No,
    /// None allows it yet; some have to be waited for.
    Wait,
}

pub(crate) fn ask(sources: &[Source], origin: &Origin<'_>, head: &RequestHead) -> Said {
    let mut said = Said::No;
    for source in sources {
        match (source.get)() {
            Asked::Waiting(_) => said = Said::Wait,
            Asked::Direct(direct) => {
                let answer = catch_unwind(AssertUnwindSafe(|| direct.allows(origin, head)));
                if allowed(*source, answer.map(Some)) {
                    return Said::Yes;
                }
            }
        }
    }
    said
}

/// Asks those that have to be waited for, one after the other.
pub(crate) async fn look_up(sources: &[Source], origin: &Origin<'_>, head: &RequestHead) -> bool {
    for source in sources {
        let Asked::Waiting(lookup) = (source.get)() else {
            continue;
        };
        let answer = look_up_one(lookup, origin, head).await;
        if allowed(*source, answer) {
            return true;
        }
    }
    false
}

/// An answer; `None` if it took too long, and the panic if there was one.
type Answer = Result<Option<Result<bool, SourceError>>, Box<dyn Any + Send>>;

async fn look_up_one(lookup: &dyn Lookup, origin: &Origin<'_>, head: &RequestHead) -> Answer {
    let (mut answer, limit) = catch_unwind(AssertUnwindSafe(|| {
        (lookup.look_up(origin, head), lookup.limit())
    }))?;
    let polled = poll_fn(|cx| {
        // A future that panicked is not polled again.
        match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
            Ok(poll) => poll.map(|answer| Ok(Some(answer))),
            Err(panic) => std::task::Poll::Ready(Err(panic)),
        }
    });
    actix_web::rt::time::timeout(limit, polled)
        .await
        .unwrap_or(Ok(None))
}

/// Whether the answer is yes. Whatever is no answer denies, and the log says why.
fn allowed(source: Source, answer: Answer) -> bool {
    let path = source.path;
    match answer {
        Ok(Some(Ok(allowed))) => return allowed,
        Ok(Some(Err(error))) => {
            tracing::error!(source = path, error = %error.to_string().escape_debug(), "an origin source failed, which denies");
        }
        Ok(None) => {
            tracing::error!(
                source = path,
                "an origin source took too long, which denies"
            );
        }
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            let message = message
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            tracing::error!(source = path, panic = %message.escape_debug(), "an origin source panicked, which denies");
        }
    }
    false
}
