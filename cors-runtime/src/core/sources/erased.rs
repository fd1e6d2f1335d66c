//! Sources without their types: what a policy can hold.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use cors_rules::Origin;

use super::allowlist::{Allowlist, List, PublicAllowlist};
use super::source::{AsyncOriginSource, OriginSource, SourceError};
use super::target::Target;

/// A source of either kind. `K` tells the kinds apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of origins",
    label = "implements neither `OriginSource` nor `AsyncOriginSource`",
    note = "help: for origins that are known at run time: `pub static TENANTS: Allowlist = Allowlist::new();`",
    note = "help: a macro cannot read a constant: write the origin out, or take it from the build's environment with `env!(\"NAME\")`"
)]
pub trait AnySource<K> {
    /// The source without its type.
    fn erased(&'static self) -> ErasedSource;
}

/// The kind of an [`OriginSource`].
#[derive(Debug)]
pub enum Direct {}

/// The kind of an [`AsyncOriginSource`].
#[derive(Debug)]
pub enum Waiting {}

/// An [`OriginSource`] whose type can be asked for.
pub trait DirectSource: OriginSource + Any {}

impl<T: OriginSource + Any> DirectSource for T {}

impl<T: OriginSource> AnySource<Direct> for T {
    fn erased(&'static self) -> ErasedSource {
        ErasedSource::Direct(self)
    }
}

impl<T: AsyncOriginSource> AnySource<Waiting> for T {
    fn erased(&'static self) -> ErasedSource {
        ErasedSource::Waiting(self)
    }
}

/// A source without its type.
#[derive(Clone, Copy)]
pub enum ErasedSource {
    /// One that decides at once.
    Direct(&'static dyn DirectSource),
    /// One that waits.
    Waiting(&'static dyn ErasedAsyncSource),
}

/// The verdict of a source, later.
pub(super) type BoxedResult<'a> =
    Pin<Box<dyn Future<Output = Result<bool, SourceError>> + Send + 'a>>;

/// An [`AsyncOriginSource`] that can be a trait object.
pub trait ErasedAsyncSource: Sync {
    /// Calls [`AsyncOriginSource::allows`]. Also returns its time limit.
    fn call<'a>(
        &'a self,
        origin: &'a Origin<'_>,
        target: &'a Target<'_>,
    ) -> (BoxedResult<'a>, Duration);
}

impl<T: AsyncOriginSource> ErasedAsyncSource for T {
    fn call<'a>(
        &'a self,
        origin: &'a Origin<'_>,
        target: &'a Target<'_>,
    ) -> (BoxedResult<'a>, Duration) {
        (Box::pin(self.allows(origin, target)), self.time_limit())
    }
}

/// A source and its path.
#[derive(Clone, Copy)]
pub struct Source {
    pub(crate) path: &'static str,
    get: fn() -> ErasedSource,
    /// True if the compiler has checked that it is [`CredentialSafe`](super::CredentialSafe).
    pub(crate) is_credentialed: bool,
}

impl Source {
    /// The path as written in the attribute, and a function that refers to the `static` there.
    ///
    /// A policy may be a constant, and constants cannot refer to a `static` that changes.
    pub const fn new(path: &'static str, get: fn() -> ErasedSource) -> Self {
        Self {
            path,
            get,
            is_credentialed: false,
        }
    }

    /// A source in a policy with `credentials`.
    pub const fn credentialed(path: &'static str, get: fn() -> ErasedSource) -> Self {
        Self {
            path,
            get,
            is_credentialed: true,
        }
    }

    pub(super) fn get(&self) -> ErasedSource {
        (self.get)()
    }

    pub(crate) fn waits(&self) -> bool {
        matches!(self.get(), ErasedSource::Waiting(_))
    }

    /// True if it is a list that is set to `["*"]`.
    pub(crate) fn allows_anyone(&self) -> bool {
        let list = self.downcast::<PublicAllowlist>();
        list.is_some_and(|list| list.0.allows_anyone())
    }

    /// The list, if it is one, and not another kind of source.
    pub(crate) fn list(&self) -> Option<&'static List> {
        let credentialed = self.downcast().map(|Allowlist(list)| list);
        credentialed.or_else(|| self.downcast().map(|PublicAllowlist(list)| list))
    }

    fn downcast<T: OriginSource + Any>(&self) -> Option<&'static T> {
        let ErasedSource::Direct(source) = self.get() else {
            return None;
        };
        let source: &dyn Any = source;
        source.downcast_ref()
    }

    fn address(&self) -> *const () {
        match self.get() {
            ErasedSource::Direct(source) => std::ptr::from_ref(source).cast(),
            ErasedSource::Waiting(source) => std::ptr::from_ref(source).cast(),
        }
    }
}

/// Compares paths too, because statics of zero size may share an address.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_equal_if_they_are_named_alike_and_are_one() {
        static LIST: Allowlist = Allowlist::new();
        static OTHER: Allowlist = Allowlist::new();
        let list = Source::new("LIST", || AnySource::<Direct>::erased(&LIST));
        for (what, other, is_equal) in [
            ("itself", list, true),
            (
                "by another path",
                Source {
                    path: "crate::LIST",
                    ..list
                },
                false,
            ),
            (
                "of the same name",
                Source::new("LIST", || AnySource::<Direct>::erased(&OTHER)),
                false,
            ),
        ] {
            assert_eq!(list == other, is_equal, "{what}");
        }
        assert_eq!(format!("{list:?}"), "LIST");
    }
}
