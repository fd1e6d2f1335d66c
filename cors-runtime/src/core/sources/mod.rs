//! Origins that are known only at run time.
//!
//! A source decides on an origin and a target. It knows no web framework and never sees a request.

mod allowlist;
mod ask;
mod cached;
mod call;
mod erased;
mod source;
mod target;

pub(crate) use self::allowlist::List;
pub use self::allowlist::{Allowlist, PublicAllowlist, comma_separated};
pub(crate) use self::ask::{Failed, ask, ask_direct};
pub use self::cached::Cached;
pub use self::erased::Source;
pub(crate) use self::erased::{AnySource, ErasedSource};
pub use self::source::{AsyncOriginSource, CredentialSafe, OriginSource, SourceError};
pub use self::target::Target;
