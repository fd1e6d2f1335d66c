//! How long a request takes, in process.
//!
//! `cargo bench --bench time`

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use support::{Kind, Server};

fn requests(criterion: &mut Criterion) {
    let system = actix_web::rt::System::new();
    system.block_on(support::assert_servers_agree());
    for kind in Kind::ALL {
        let mut group = criterion.benchmark_group(kind.name());
        for server in Server::ALL {
            let ready = system.block_on(server.start());
            group.bench_function(server.name(), |bencher| {
                bencher.iter(|| system.block_on(ready.ask(kind.request())));
            });
        }
        group.finish();
    }
}

fn lists(criterion: &mut Criterion) {
    use cors_runtime::{Allowlist, Origin, OriginSource, Target};

    let mut group = criterion.benchmark_group("look-up in an Allowlist");
    let mut look_up = |what: String, origins: Vec<String>, text: String| {
        let list = Allowlist::new();
        list.set(origins).expect("origins");
        let origin = Origin::parse(&text).expect("an origin");
        group.bench_function(what, |bencher| {
            let target = Target::new("api.example.com", "/me");
            bencher.iter(|| list.allows(std::hint::black_box(&origin), &target));
        });
    };
    for count in [1_u32, 100, 10_000, 100_000] {
        let origins = (0..count).map(|i| format!("https://tenant-{i}.example.com"));
        let text = format!("https://tenant-{}.example.com", count / 2);
        look_up(count.to_string(), origins.collect(), text);
    }
    for count in [1_u32, 5_000] {
        let port = |i| 10_000 + i;
        let origins = (0..count).map(|i| format!("https://*.example.com:{}", port(i)));
        let text = format!("https://a.example.com:{}", port(count / 2));
        look_up(
            format!("ports of one host: {count}"),
            origins.collect(),
            text,
        );
    }
    group.finish();
}

/// A response whose handler has set `Vary` to many names, with and without `#[cors]`.
fn vary(criterion: &mut Criterion) {
    let system = actix_web::rt::System::new();
    let mut group = criterion.benchmark_group("merging `Vary`");
    for count in [1, 100, 1_000] {
        for annotated in [false, true] {
            let ready = system.block_on(support::with_vary(count, annotated));
            let name = if annotated { "#[cors]" } else { "plain" };
            group.bench_function(format!("{count} names, {name}"), |bencher| {
                bencher.iter(|| system.block_on(ready.ask(Kind::Allowed.request())));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, requests, lists, vary);
criterion_main!(benches);
