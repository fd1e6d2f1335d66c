//! Why a request was refused, where people look: in the browser's console, in the response to
//! `curl`, and in the log.

mod advice;
mod diagnostic_preflight;
mod policy;
mod quote;
mod refusal;
mod similar;

use cors_rules::origin::Malformed;

use super::origins;

pub(crate) use advice::allow_credentials;
pub(crate) use diagnostic_preflight::DiagnosticPreflight;
pub(crate) use quote::{quoted, shown};
pub(crate) use refusal::Explanation;

/// Why the value of `Origin` is not an origin. The decision need not know.
pub(crate) fn malformed(origin: &[u8]) -> Option<Malformed> {
    origins::parse(origin).err().filter(|_| origin != b"null")
}
