//! The example `configured`, started with good and bad configurations; and the formats in which a
//! configuration is read.

#[path = "../../examples/configured/main.rs"]
#[allow(dead_code, reason = "its `main` is not called")]
mod example;
mod formats;
mod program;
#[path = "../support/reachable_rules.rs"]
mod reachable_rules;
mod refused;
mod served;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if let Some(code) = program::run_if_started_as_one() {
        return code;
    }
    let trials = [formats::trials(), refused::trials(), served::trials()];
    let trials = trials.into_iter().flatten().collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A test that panics if it fails.
fn trial(name: &str, run: fn()) -> Trial {
    let run = move || {
        run();
        Ok(())
    };
    Trial::test(name, run)
}
