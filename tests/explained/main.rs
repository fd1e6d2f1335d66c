//! Responses with explanations of refusals, and without.
//!
//! The switch is the process's. A test that changes it takes [`SWITCH`] first, and keeps it.

mod other_methods;
mod random_policies;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Mutex;

static SWITCH: Mutex<()> = Mutex::new(());
