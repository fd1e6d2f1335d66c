//! Why nothing was granted, for whoever operates the server.

use actix_web::dev::RequestHead;
use actix_web::http::header::{HeaderValue, ORIGIN};

use crate::decision::Refusal;
use crate::origins;

/// The most bytes of `Origin` that are logged.
const SHOWN: usize = 256;

/// Says why nothing was granted. A request without `Origin` asked for nothing.
pub(crate) fn log(refusal: Refusal, head: &RequestHead) {
    if refusal == Refusal::NoOrigin {
        return;
    }
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let origin = head
        .headers
        .get(ORIGIN)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let malformed = origins::parse(origin).err().filter(|_| origin != b"null");
    tracing::debug!(
        origin = %origin[..origin.len().min(SHOWN)].escape_ascii(),
        method = %head.method,
        path = %head.uri.path().as_bytes().escape_ascii(),
        reason = ?refusal,
        malformed = malformed.map(tracing::field::display),
        "no CORS grant: {refusal}",
    );
}
