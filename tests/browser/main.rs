//! Script in Chromium, Firefox and WebKit can do what the policy says, case by case. So can script
//! in the model of a browser, which the random tests rely on.
//!
//! If an engine, its driver or nginx is missing, the cases that need it count as ignored, and say
//! how to install it. `cargo test --test browser -- '[firefox]'` runs the cases of one engine, and
//! any other words run the cases whose names contain them.

mod accessibility;
mod app_wide;
mod browser;
mod cases;
mod consoles;
mod documented;
mod engine;
mod extension;
mod facts;
mod fetches;
mod mistakes;
mod playground;
mod probes;
mod program;
mod recorder;
mod runner;
mod servers;
mod shared_path;
#[path = "../support/mod.rs"]
mod support;
mod tls;
mod world;

use libtest_mimic::{Arguments, Failed, Trial};

use engine::Engine;
use runner::Runner;

fn main() {
    let mut args = Arguments::from_args();
    // One after the other: a browser has one page open.
    args.test_threads = Some(1);
    let runner = Runner::default();
    let mut trials = Vec::new();
    for engine in Engine::ALL {
        let cases = [
            cases::CASES,
            shared_path::CASES,
            playground::CASES,
            accessibility::CASES,
            facts::CASES,
            extension::CASES,
            consoles::CASES,
            app_wide::CASES,
        ];
        for case in cases.into_iter().flatten() {
            let needs = case.needs.iter().filter_map(|need| need.missing());
            let missing: Vec<_> = engine.missing().into_iter().chain(needs).collect();
            let kind = match missing.as_slice() {
                [] => engine.name().to_owned(),
                lines => format!("{}: {}", engine.name(), lines.join(" && ")),
            };
            let runner = runner.clone();
            let run = move || runner.run(engine, case).map_err(Failed::from);
            let trial = Trial::test(case.name, run).with_kind(kind);
            trials.push(trial.with_ignored_flag(!missing.is_empty()));
        }
    }
    let conclusion = libtest_mimic::run(&args, trials);
    runner.close();
    conclusion.exit();
}
