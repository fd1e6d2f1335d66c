//! Sources that block their thread for longer than their limit. Nothing can interrupt them, but
//! their yes comes too late.

use cors_runtime::Cached;

use super::*;

const LIMIT: Duration = Duration::from_millis(1);

/// When a source blocks.
#[derive(Clone, Copy)]
enum Blocking {
    BeforeItWaits,
    FirstPoll,
    AfterItWaited,
}

fn block() {
    std::thread::sleep(LIMIT * 50);
}

impl AsyncOriginSource for Blocking {
    fn allows(
        &self,
        _: &Origin<'_>,
        _: &Target<'_>,
    ) -> impl Future<Output = Result<bool, SourceError>> {
        let when = *self;
        if matches!(when, Self::BeforeItWaits) {
            block();
        }
        async move {
            if matches!(when, Self::FirstPoll) {
                block();
            }
            tokio::task::yield_now().await;
            if matches!(when, Self::AfterItWaited) {
                block();
            }
            Ok(true)
        }
    }

    fn time_limit(&self) -> Duration {
        LIMIT
    }
}

const MINUTE: Duration = Duration::from_secs(60);

static BEFORE: Blocking = Blocking::BeforeItWaits;
static FIRST: Blocking = Blocking::FirstPoll;
static AFTER: Blocking = Blocking::AfterItWaited;
static CACHED: Cached<Blocking> = Cached::new(Blocking::AfterItWaited, 100, MINUTE);

#[cors(origins = [BEFORE])]
#[get("/before")]
async fn before() -> &'static str {
    ""
}

#[cors(origins = [FIRST])]
#[get("/first")]
async fn first() -> &'static str {
    ""
}

#[cors(origins = [AFTER])]
#[get("/after")]
async fn after() -> &'static str {
    ""
}

#[cors(origins = [CACHED])]
#[get("/cached")]
async fn cached() -> &'static str {
    ""
}

#[test]
fn a_yes_after_the_limit_is_a_no_and_is_not_remembered() {
    let server = Server::start(|app| {
        app.service(before)
            .service(first)
            .service(after)
            .service(cached);
    });
    for path in ["/before", "/first", "/after", "/cached", "/cached"] {
        let response = ask_get(&server, path, "https://a.example");
        assert_eq!(response.status, 200, "{path}");
        assert_eq!(response.cors(), REFUSED, "{path}");
        assert_eq!(preflight(&server, path, "https://a.example"), 403, "{path}");
    }
}
