//! A list is replaced while requests run.

use super::*;

static FLIPPING: Allowlist = Allowlist::new();

#[cors(origins = [FLIPPING])]
#[get("/flipping")]
async fn flipping() -> &'static str {
    ""
}

/// Both lists allow `both`, and each allows half of the other origins. So `both` is allowed
/// whichever list is in force; a request that saw a mixture, or an empty list, would be refused.
#[test]
fn a_list_is_replaced_a_thousand_times_while_requests_run() {
    const LISTS: [[&str; 2]; 2] = [
        ["https://both.example", "https://even.example"],
        ["https://odd.example", "https://both.example"],
    ];
    FLIPPING.set(LISTS[0]).expect("origins");
    let done = AtomicBool::new(false);
    let asked = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let system = actix_web::rt::System::new();
            system.block_on(async {
                let app = init_service(App::new().service(flipping)).await;
                while !done.load(Ordering::SeqCst) || asked.load(Ordering::SeqCst) < 1000 {
                    let mut said = Vec::new();
                    for origin in [
                        "https://both.example",
                        "https://even.example",
                        "https://odd.example",
                        "https://neither.example",
                    ] {
                        let req = actix_web::test::TestRequest::with_uri("/flipping")
                            .insert_header(("origin", origin));
                        let res = actix_web::test::call_service(&app, req.to_request()).await;
                        said.push(res.headers().contains_key("access-control-allow-origin"));
                    }
                    assert!(said[0] && !said[3], "{said:?}");
                    asked.fetch_add(1, Ordering::SeqCst);
                }
            });
        });
        for i in 1..=1000 {
            FLIPPING.set(LISTS[i % 2]).expect("origins");
            std::thread::yield_now();
        }
        done.store(true, Ordering::SeqCst);
        asking
            .join()
            .expect("every response belongs to one of the lists");
    });
    assert!(asked.into_inner() >= 1000);
}
