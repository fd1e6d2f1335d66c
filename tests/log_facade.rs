//! An application that logs with `env_logger` or with `tracing-subscriber` sees why.

mod support;

use actix_web::get;
use cors_runtime::cors;
use support::Server;
use support::written::Written;

/// The lines of this crate since the last call.
fn take_lines() -> Vec<String> {
    let text = Written::take();
    let ours = text.lines().filter(|line| line.contains("cors_runtime"));
    ours.map(str::to_owned).collect()
}

#[cors(origins = ["https://app.example"])]
#[get("/")]
async fn handler() -> &'static str {
    ""
}

/// One test: `log` has nothing of `tracing` as soon as there is a subscriber.
#[test]
fn a_refusal_reaches_the_loggers_that_applications_use() {
    env_logger::Builder::new()
        .filter_level(log::LevelFilter::Debug)
        .target(env_logger::Target::Pipe(Box::new(Written)))
        .init();
    let server = Server::start(|app| {
        app.service(handler);
    });
    for logger in ["env_logger", "tracing-subscriber"] {
        if logger == "tracing-subscriber" {
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::DEBUG)
                .with_ansi(false)
                .with_writer(|| Written)
                .init();
        }
        for (explains, level) in [(false, "DEBUG"), (true, "WARN"), (true, "DEBUG")] {
            cors_runtime::explain(explains);
            // Another origin for each logger: repeats have the level `debug`.
            let origin = format!("https://{}.example", logger.replace('_', "-"));
            server.send("GET /", &[format!("Origin: {origin}")], "");
            let lines = take_lines();
            let [line] = lines.as_slice() else {
                panic!("{logger}: {lines:?}");
            };
            let what = format!("{logger}: {line}");
            assert!(line.contains(level), "{what}");
            let sentence = format!(
                "the handler ran, and the page cannot read its response: the policy of `handler` does not allow the origin `{origin}` origin=\"{origin}\""
            );
            assert!(line.contains(&sentence), "{what}");
            let advice = format!(r#"advice=add `"{origin}"` to `origins`, if you trust it"#);
            assert_eq!(line.contains(&advice), level == "WARN", "{what}");
        }
    }
}
