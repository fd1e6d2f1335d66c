//! Every sample and every example wraps in an order in which preflights work.

use std::fs;
use std::path::Path;

/// Responds, or changes responses: belongs inside `AppCors`.
const INSIDE: [&str; 2] = ["from_fn", "Governor"];
/// Rewrites paths, or only watches: belongs around `AppCors`.
const AROUND: [&str; 2] = ["NormalizePath", "Logger"];

/// The names in each `.wrap(…)` of a chain of calls, from the inside out.
fn wraps(chain: &str) -> Vec<&str> {
    let calls = chain.split(".wrap(").skip(1);
    calls
        .map(|call| call.split(['(', ':']).next().unwrap_or_default())
        .collect()
}

/// Checks each app in a text that has an `AppCors`, and counts them.
fn check(file: &str, text: &str) -> usize {
    let lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches("/// "));
    let code = lines.filter_map(|line| line.split("// ").next());
    let code = code.collect::<Vec<_>>().join("\n");
    let mut found = 0;
    for app in code.split("App::new()").skip(1) {
        let chain = app.split([';', '`']).next().unwrap_or_default();
        let wraps = wraps(chain.split("\n}").next().unwrap_or_default());
        let Some(at) = wraps.iter().position(|name| *name == "AppCors") else {
            continue;
        };
        found += 1;
        let (inside, around) = (&wraps[..at], &wraps[at + 1..]);
        let is_right = inside.iter().all(|name| INSIDE.contains(name))
            && around.iter().all(|name| AROUND.contains(name));
        assert!(is_right, "{file}: the order of {wraps:?}");
    }
    found
}

fn visit(folder: &Path, found: &mut usize) {
    for entry in fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        let extension = path.extension().unwrap_or_default();
        if path.is_dir() {
            visit(&path, found);
        } else if extension == "md" || extension == "rs" {
            let text = fs::read_to_string(&path).expect("a text");
            *found += check(&path.display().to_string(), &text);
        }
    }
}

#[test]
fn app_cors_is_around_what_responds_and_inside_what_rewrites_paths() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let mut found = check("README.md", &readme);
    for folder in ["examples", "cors-runtime/src", "cors-macros/src/docs"] {
        visit(&root.join(folder), &mut found);
    }
    assert!(found >= 8, "only {found} apps found");
}
