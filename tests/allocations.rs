//! A request makes no more heap allocations than one to a plain handler.

#[path = "../benches/support/mod.rs"]
mod servers;

use servers::{Kind, Ready, Server};

/// How often a request to a warm server allocates, the making of the request not counted.
fn allocations(system: &actix_web::rt::SystemRunner, server: &Ready, kind: Kind) -> u64 {
    let ask = || {
        let req = kind.request();
        allocation_counter::measure(|| drop(system.block_on(server.ask(req)))).count_total
    };
    // actix-web keeps what the first requests allocate.
    for _ in 0..10 {
        ask();
    }
    let counts: Vec<_> = (0..10).map(|_| ask()).collect();
    assert!(
        counts.windows(2).all(|pair| pair[0] == pair[1]),
        "{kind:?}: {counts:?}"
    );
    counts[0]
}

#[test]
fn no_kind_of_request_allocates_more_than_the_plain_or_the_handwritten_handler() {
    cors_runtime::explain(false);
    let system = actix_web::rt::System::new();
    system.block_on(servers::assert_servers_agree());
    let [plain, by_hand, ours] =
        [Server::Plain, Server::ByHand, Server::Ours].map(|server| system.block_on(server.start()));
    for kind in Kind::ALL {
        let count = |server| allocations(&system, server, kind);
        let ours = count(&ours);
        // A preflight to the plain handler is a 404.
        let bound = match kind {
            Kind::Preflight => count(&by_hand),
            _ => count(&plain),
        };
        println!("{kind:?}: {ours}, and {bound} without it");
        assert!(
            ours <= bound,
            "{kind:?}: {ours} allocations, and {bound} without it"
        );
        assert!(bound > 0, "nothing is counted");
    }
}

/// Lists that an attacker made, of the most bytes that are read and of more.
#[test]
fn a_list_of_headers_costs_no_allocation_per_element() {
    cors_runtime::explain(false);
    let system = actix_web::rt::System::new();
    let server = system.block_on(Server::Ours.start());
    let ask = |list: &str| {
        let request = || {
            actix_web::test::TestRequest::with_uri("/me")
                .method(actix_web::http::Method::OPTIONS)
                .insert_header(("origin", "https://app.example.com"))
                .insert_header(("access-control-request-method", "PUT"))
                .insert_header(("access-control-request-headers", list))
                .to_request()
        };
        for _ in 0..3 {
            system.block_on(server.ask(request()));
        }
        let req = request();
        let mut status = 0;
        let count = allocation_counter::measure(|| {
            status = system.block_on(server.ask(req)).status().as_u16();
        });
        (status, count.count_total)
    };
    let (status, short) = ask("content-type");
    assert_eq!(status, 204);
    for (list, expected) in [
        (",".repeat(16 * 1024), 204),
        ("content-type,".repeat(1_000), 204),
        (",".repeat(64 * 1024), 403),
        ("x".repeat(64 * 1024), 403),
        ("content-type,".repeat(10_000), 403),
        ("x-a,".repeat(4_000), 403),
    ] {
        let (status, count) = ask(&list);
        assert_eq!(status, expected, "{}…", &list[..20]);
        assert!(
            count <= short,
            "{}…: {count} allocations, and {short} for a short list",
            &list[..20]
        );
    }
}
