//! Which headers a response gets, and which requests run a handler.

mod cached_preflights;
mod clients;
mod enforce;
mod explain;
mod headers;
mod none;
mod skipped_preflights;
