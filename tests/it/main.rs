//! The tests that need no process of their own, by subject.
//!
//! They run in parallel, and all of them see whether refusals are explained. Here they are not:
//! [`support`] switches that off before it serves an app. The tests in `tests/explained` and
//! `tests/logs` switch it on.

mod app_cors;
pub mod attribute;
mod by_hand;
mod configured;
mod documentation;
mod requests;
mod rules;
mod run_time_origins;
#[path = "../support/mod.rs"]
mod support;
