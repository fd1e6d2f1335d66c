//! How many instructions a request takes, counted by callgrind: wall time on a shared machine lies.
//!
//! `cargo bench --bench instructions`
//!
//! Each figure is what `REQUESTS` more requests take, divided by their number: this program runs
//! itself under valgrind twice. Nothing of the start-up is in it.

mod support;

use std::process::{Command, ExitCode};

use support::{Handlers, Kind, Ready, Server};

const REQUESTS: u64 = 500;

/// A case to measure.
#[derive(Debug, Clone)]
enum Case {
    Request(Server, Kind),
    /// So many origins and patterns in one attribute, asked from an origin.
    Origins(usize, usize, String),
    /// So many handlers in an app, of which the last is asked.
    Handlers(usize, Handlers, Kind),
    /// An allowed request that needs no preflight, and whether the policy allows `content-type`.
    Simple(bool),
    /// `Access-Control-Request-Headers` of this shape, and of so many bytes.
    List(&'static str, usize),
}

const LISTS: [&str; 3] = ["commas", "one name", "names"];

impl Case {
    async fn start(&self) -> (Ready, Box<dyn Fn() -> actix_http::Request>) {
        match self.clone() {
            Case::Request(server, kind) => (server.start().await, Box::new(move || kind.request())),
            Case::Origins(exact, patterns, origin) => (
                support::with_origins(exact, patterns, &[]).await,
                Box::new(move || support::from(&origin)),
            ),
            Case::Handlers(count, handlers, kind) => {
                let path = format!("/handler-{}", count - 1);
                let ready = support::with_handlers(count, handlers).await;
                (ready, Box::new(move || kind.request_to(&path)))
            }
            Case::Simple(allows_content_type) => {
                let headers: &[_] = if allows_content_type {
                    &["content-type"]
                } else {
                    &[]
                };
                let ready = support::with_origins(1, 0, headers).await;
                let request = || support::from("https://tenant-0.example.com");
                (ready, Box::new(request))
            }
            Case::List(shape, bytes) => {
                let list = match shape {
                    "commas" => ",".repeat(bytes),
                    "one name" => "x".repeat(bytes),
                    _ => "content-type,".repeat(bytes / "content-type,".len()),
                };
                let request = move || {
                    actix_web::test::TestRequest::with_uri("/me")
                        .method(actix_web::http::Method::OPTIONS)
                        .insert_header(("origin", "https://app.example.com"))
                        .insert_header(("access-control-request-method", "PUT"))
                        .insert_header(("access-control-request-headers", list.as_str()))
                        .to_request()
                };
                (Server::Ours.start().await, Box::new(request))
            }
        }
    }
}

/// All cases, in the order in which they are printed.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in Kind::ALL {
        cases.extend(Server::ALL.map(|server| Case::Request(server, kind)));
    }
    for (exact, patterns) in [
        (1, 0),
        (10, 0),
        (100, 0),
        (1_000, 0),
        (10_000, 0),
        (1, 1),
        (1, 1_000),
        (1, 10_000),
    ] {
        for origin in origins(exact, patterns) {
            cases.push(Case::Origins(exact, patterns, origin));
        }
    }
    for count in [10, 100, 1_000] {
        for kind in [Kind::NoOrigin, Kind::Allowed, Kind::Preflight] {
            cases.extend(Handlers::ALL.map(|handlers| Case::Handlers(count, handlers, kind)));
        }
    }
    cases.extend([true, false].map(Case::Simple));
    for shape in LISTS {
        cases.extend(
            [1024, 2048, 4096, 8192, 16_000, 64 * 1024].map(|bytes| Case::List(shape, bytes)),
        );
    }
    cases
}

/// One that is allowed, one that is not, and one that an attacker made long.
fn origins(exact: usize, patterns: usize) -> [String; 3] {
    let allowed = match patterns {
        0 => format!("https://tenant-{}.example.com", exact / 2),
        _ => format!("https://a.b.group-{}.example", patterns / 2),
    };
    let long = format!("https://{}example", "a.".repeat(4_000));
    [allowed, "https://tenant-x.example.com".to_owned(), long]
}

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().collect();
    if let [_, flag, case, requests] = args.as_slice()
        && flag == "--run"
    {
        run(case.parse().ok(), requests.parse().ok());
        return ExitCode::SUCCESS;
    }
    actix_web::rt::System::new().block_on(support::assert_servers_agree());
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!(
            "Skipped: there is no valgrind on this machine (in Debian: `apt-get install valgrind`)."
        );
        return ExitCode::SUCCESS;
    }
    let mut counts = Vec::new();
    for (i, case) in cases().into_iter().enumerate() {
        let Some(count) = count(i) else {
            eprintln!("valgrind did not count {case:?}");
            return ExitCode::FAILURE;
        };
        counts.push((case, count));
    }
    print(&counts);
    ExitCode::SUCCESS
}

/// Responds to so many requests.
fn run(case: Option<usize>, requests: Option<u64>) {
    let (Some(case), Some(requests)) = (case.and_then(|i| cases().into_iter().nth(i)), requests)
    else {
        return;
    };
    actix_web::rt::System::new().block_on(async move {
        let (server, request) = case.start().await;
        for _ in 0..requests {
            std::hint::black_box(server.ask(request()).await);
        }
    });
}

/// The instructions of one request.
fn count(case: usize) -> Option<u64> {
    let total = |requests: u64| -> Option<u64> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe().ok()?)
            .args(["--run", &case.to_string(), &requests.to_string()])
            .output()
            .ok()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = said.lines().find(|line| line.contains("Collected :"))?;
        line.rsplit(' ').next()?.parse().ok()
    };
    Some(total(2 * REQUESTS)?.checked_sub(total(REQUESTS)?)? / REQUESTS)
}

#[allow(clippy::cast_precision_loss)] // counts of instructions are small
fn ratio(a: u64, b: u64) -> String {
    format!("{:.2}", a as f64 / b as f64)
}

fn print(counts: &[(Case, u64)]) {
    let find = |wanted: &dyn Fn(&Case) -> bool| {
        counts
            .iter()
            .find(|(case, _)| wanted(case))
            .map_or(0, |(_, count)| *count)
    };
    let of = |server, kind| {
        find(&|case| matches!(case, Case::Request(s, k) if (*s, *k) == (server, kind)))
    };
    println!(
        "Instructions per request, in process; for all but preflights, those added over the plain handler\n"
    );
    println!(
        "| request | plain | by hand | `#[cors]` | `actix_cors` | against by hand | against `actix_cors` |"
    );
    println!("|---|---|---|---|---|---|---|");
    for kind in Kind::ALL {
        let plain = of(Server::Plain, kind);
        let base = if kind == Kind::Preflight { 0 } else { plain };
        let [by_hand, ours, actix_cors] = [Server::ByHand, Server::Ours, Server::ActixCors]
            .map(|server| of(server, kind).saturating_sub(base));
        let plain = if base == 0 {
            "–".to_owned()
        } else {
            plain.to_string()
        };
        println!(
            "| {} | {plain} | {by_hand} | {ours} | {actix_cors} | {} | {} |",
            kind.name(),
            ratio(ours, by_hand),
            ratio(ours, actix_cors)
        );
    }
    println!("\nInstructions per request by the origins in one attribute, against one origin\n");
    println!("| origins | patterns | allowed | refused | 8 KB long |");
    println!("|---|---|---|---|---|");
    let scales: Vec<_> = counts
        .iter()
        .filter_map(|(case, count)| match case {
            Case::Origins(exact, patterns, _) => Some((*exact, *patterns, *count)),
            _ => None,
        })
        .collect();
    for row in scales.chunks(3) {
        let base = if row[0].1 == 0 {
            &scales[..3]
        } else {
            &scales[15..18]
        };
        let cells: Vec<_> = row
            .iter()
            .zip(base)
            .map(|(cell, base)| format!("{} ({})", cell.2, ratio(cell.2, base.2)))
            .collect();
        println!("| {} | {} | {} |", row[0].0, row[0].1, cells.join(" | "));
    }
    println!("\nInstructions per request to the last of so many handlers\n");
    println!("| request | handlers | plain | annotated | in `AppCors` | `AppCors` adds |");
    println!("|---|---|---|---|---|---|");
    for kind in [Kind::NoOrigin, Kind::Allowed, Kind::Preflight] {
        for count in [10, 100, 1_000] {
            let [plain, annotated, covered, _, _] = Handlers::ALL.map(|handlers| {
                let wanted = (count, handlers, kind);
                find(&|case| matches!(case, Case::Handlers(c, h, k) if (*c, *h, *k) == wanted))
            });
            let added = i128::from(covered) - i128::from(annotated);
            let name = kind.name();
            println!("| {name} | {count} | {plain} | {annotated} | {covered} | {added} |");
        }
    }
    let [with, without] =
        [true, false].map(|wanted| find(&|case| matches!(case, Case::Simple(w) if *w == wanted)));
    println!(
        "\nAn allowed request without a preflight, if the policy allows `content-type`: {with}; if not: {without}\n"
    );
    println!("\nInstructions per preflight by the bytes of its list of headers\n");
    println!("| list | 1,024 | 2,048 | 4,096 | 8,192 | 16,000 | 65,536 |");
    println!("|---|---|---|---|---|---|---|");
    for shape in LISTS {
        let cells: Vec<_> = counts
            .iter()
            .filter(|(case, _)| matches!(case, Case::List(s, _) if *s == shape))
            .map(|(_, count)| count.to_string())
            .collect();
        println!("| {shape} | {} |", cells.join(" | "));
    }
}
