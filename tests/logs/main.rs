//! The log. A process has only one, so one test at a time has it: see
//! [`Log`](support::events::Log).
//!
//! This program is apart from `explained`, since the library remembers what it has warned of.

mod app_cors;
mod configured;
mod explanations;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
