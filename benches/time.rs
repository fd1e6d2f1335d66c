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
    use actix_web::dev::RequestHead;
    use cors_runtime::{Allowlist, Origin, OriginSource};

    let mut group = criterion.benchmark_group("look-up in an Allowlist");
    for count in [1_u32, 100, 10_000, 100_000] {
        let list = Allowlist::new();
        let origins = (0..count).map(|i| format!("https://tenant-{i}.example.com"));
        list.set(origins).expect("origins");
        let head = RequestHead::default();
        let text = format!("https://tenant-{}.example.com", count / 2);
        let origin = Origin::parse(&text).expect("an origin");
        group.bench_function(count.to_string(), |bencher| {
            bencher.iter(|| list.allows(std::hint::black_box(&origin), &head));
        });
    }
    group.finish();
}

criterion_group!(benches, requests, lists);
criterion_main!(benches);
