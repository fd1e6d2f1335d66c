//! A cache that several users share: the nginx of this machine, in front of a server.
//!
//! Where nginx is missing, the tests count as ignored, and say how to install it.

mod nginx;
#[allow(dead_code)] // the browser tests use more of it
#[path = "../browser/program.rs"]
mod program;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
mod vary;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let missing = program::find("nginx").is_none();
    let install = if missing {
        "apt-get install nginx-light"
    } else {
        ""
    };
    let tests: [(&str, fn()); 3] = [
        (
            "vary::compressed_responses_stay_apart_if_app_cors_is_outermost",
            vary::compressed_responses_stay_apart_if_app_cors_is_outermost,
        ),
        (
            "vary::a_response_that_varies_by_everything_is_not_stored",
            vary::a_response_that_varies_by_everything_is_not_stored,
        ),
        (
            "refusals::a_refusal_is_not_served_to_others",
            refusals::a_refusal_is_not_served_to_others,
        ),
    ];
    let trials = tests.map(|(name, run)| {
        let run = move || {
            run();
            Ok(())
        };
        Trial::test(name, run)
            .with_kind(install)
            .with_ignored_flag(missing)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}
