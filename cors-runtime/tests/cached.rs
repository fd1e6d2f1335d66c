//! The results that a cache remembers: which, for how long, and how many. The clock moves only if a
//! test moves it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use cors_runtime::{AsyncOriginSource, Cached, Origin, SourceError, Target};

/// Counts how often it is asked.
#[derive(Default)]
struct Table {
    asked: AtomicUsize,
}

impl Table {
    fn new() -> Self {
        Self::default()
    }
}

impl AsyncOriginSource for Table {
    async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        match origin.as_str() {
            "https://slow.example" => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok(true)
            }
            "https://error.example" => Err("no table".into()),
            "https://panic.example" => panic!("no table"),
            "https://host.example" => Ok(target.host() == Some("host.example")),
            origin => Ok(origin == "https://tenant.example"),
        }
    }

    fn time_limit(&self) -> Duration {
        Duration::from_millis(700)
    }
}

/// The verdict of a cache on an origin at a host, and how often its source was asked by then.
async fn asked(cached: &Cached<Table>, origin: &str, host: &str) -> (Option<bool>, usize) {
    let origin = Origin::parse(origin).expect("an origin");
    let said = cached.allows(&origin, &Target::new(host, "/")).await;
    (said.ok(), cached.source().asked.load(Ordering::SeqCst))
}

/// Polls once.
async fn is_pending(future: &mut Pin<Box<impl Future>>) -> bool {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}

/// An origin and a target, where neither matters.
fn tenant_somewhere() -> (Origin<'static>, Target<'static>) {
    let origin = Origin::parse(TENANT).expect("an origin");
    (origin, Target::new("", "/"))
}

const TENANT: &str = "https://tenant.example";
const OTHER: &str = "https://other.example";

#[actix_web::test]
async fn a_cache_remembers_results_for_its_time() {
    tokio::time::pause();
    let cached = Cached::new(Table::new(), 100, Duration::from_secs(60));
    let ask = async |origin, host| asked(&cached, origin, host).await;
    assert_eq!(ask(TENANT, "a").await, (Some(true), 1));
    assert_eq!(ask(TENANT, "a").await, (Some(true), 1), "remembered");
    assert_eq!(ask(OTHER, "a").await, (Some(false), 2));
    assert_eq!(ask(OTHER, "a").await, (Some(false), 2), "so are refusals");
    assert_eq!(ask(TENANT, "b").await, (Some(true), 3), "by host");
    assert_eq!(
        ask("https://host.example", "host.example").await,
        (Some(true), 4)
    );
    assert_eq!(ask("https://host.example", "a").await, (Some(false), 5));
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(ask(TENANT, "a").await, (Some(true), 5));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(ask(TENANT, "a").await, (Some(true), 6), "forgotten");
    cached.clear();
    assert!(cached.is_empty());
    assert_eq!(ask(TENANT, "a").await, (Some(true), 7));
}

#[actix_web::test]
async fn a_cache_remembers_failures_for_a_second() {
    tokio::time::pause();
    for (what, origin) in [
        ("an error", "https://error.example"),
        ("a panic", "https://panic.example"),
        ("a time-out", "https://slow.example"),
    ] {
        let cached = Cached::new(Table::new(), 100, Duration::from_secs(60));
        let ask = async || asked(&cached, origin, "a").await;
        assert_eq!(ask().await, (None, 1), "{what}");
        tokio::time::advance(Duration::from_millis(900)).await;
        assert_eq!(ask().await, (None, 1), "{what} is remembered");
        tokio::time::advance(Duration::from_millis(200)).await;
        assert_eq!(ask().await, (None, 2), "{what} is forgotten");
    }
    let cached = Cached::new(Table::new(), 100, Duration::ZERO);
    for count in 1..3 {
        assert_eq!(
            asked(&cached, "https://error.example", "a").await,
            (None, count)
        );
        assert_eq!(
            cached.source().asked.load(Ordering::SeqCst),
            count,
            "not longer than results"
        );
    }
}

#[actix_web::test]
async fn a_cache_asks_once_however_many_requests_wait() {
    tokio::time::pause();
    let cached = Cached::new(Table::new(), 100, Duration::from_secs(60));
    let ask = |origin, host| asked(&cached, origin, host);
    let waiting = (0..100).map(|_| ask(TENANT, "a"));
    for said in futures_util::future::join_all(waiting).await {
        assert_eq!(said, (Some(true), 1));
    }
    let slow = (0..100).map(|_| ask("https://slow.example", "a"));
    for said in futures_util::future::join_all(slow).await {
        assert_eq!(said, (None, 2), "a time-out is shared as well");
    }
    let others = ["a", "b", "c"].map(|host| ask(OTHER, host));
    futures_util::future::join_all(others).await;
    assert_eq!(
        cached.source().asked.load(Ordering::SeqCst),
        5,
        "others do not wait for it"
    );
}

/// A cache that has no room or no time remembers nothing. Requests that wait still share a result.
#[actix_web::test]
async fn a_cache_that_remembers_nothing_asks_once_for_all_that_wait() {
    tokio::time::pause();
    let minute = Duration::from_secs(60);
    for (what, capacity, time_to_live) in [
        ("no room", 0, minute),
        ("no time", 100, Duration::ZERO),
        ("neither", 0, Duration::ZERO),
        (
            "less time than the source takes",
            100,
            Duration::from_millis(10),
        ),
    ] {
        let cached = Cached::new(Changing::default(), capacity, time_to_live);
        let (origin, target) = tenant_somewhere();
        let asked = || cached.source().asked.load(Ordering::SeqCst);
        for round in 1..3 {
            let waiting = (0..1_000).map(|_| cached.allows(&origin, &target));
            for said in futures_util::future::join_all(waiting).await {
                assert!(said.expect("a result"), "{what}");
            }
            assert_eq!(asked(), round, "{what}");
        }
        let mut before = Box::pin(cached.allows(&origin, &target));
        assert!(is_pending(&mut before).await);
        cached.source().is_changed.store(true, Ordering::SeqCst);
        cached.clear();
        let after = (0..1_000).map(|_| cached.allows(&origin, &target));
        let after = futures_util::future::join_all(after);
        let (before, after) = futures_util::future::join(before, after).await;
        assert!(before.expect("a result"), "{what}");
        for said in after {
            assert!(!said.expect("a result"), "{what}, asked after the change");
        }
        assert_eq!(asked(), 4, "{what}");
    }
}

#[actix_web::test]
async fn requests_share_a_result_that_others_push_out_at_once() {
    let cached = Cached::new(Table::new(), 1, Duration::from_secs(60));
    let waiting = (0..1_000).map(|i| asked(&cached, TENANT, ["a", "b", "c"][i % 3]));
    for (said, _) in futures_util::future::join_all(waiting).await {
        assert_eq!(said, Some(true));
    }
    assert_eq!(cached.source().asked.load(Ordering::SeqCst), 3);
}

/// Takes far longer than its limit, since it blocks its thread.
struct Blocking;

impl AsyncOriginSource for Blocking {
    async fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        tokio::task::yield_now().await;
        std::thread::sleep(self.time_limit() * 20);
        Ok(true)
    }

    fn time_limit(&self) -> Duration {
        Duration::from_millis(1)
    }
}

#[actix_web::test]
async fn a_yes_after_the_limit_is_a_failure_and_is_not_remembered() {
    let cached = Cached::new(Blocking, 100, Duration::from_secs(60));
    let (origin, target) = tenant_somewhere();
    let waiting = (0..3).map(|_| cached.allows(&origin, &target));
    let mut said = futures_util::future::join_all(waiting).await;
    said.push(cached.allows(&origin, &target).await);
    for said in said {
        let late = said.expect_err("no yes").to_string();
        assert_eq!(late, "it took longer than 1ms");
    }
}

#[actix_web::test]
async fn if_the_request_that_asks_is_gone_another_one_asks() {
    let cached = Cached::new(Table::new(), 100, Duration::from_secs(60));
    let mut first = Box::pin(asked(&cached, TENANT, "a"));
    let mut second = Box::pin(asked(&cached, TENANT, "a"));
    assert!(is_pending(&mut first).await);
    assert!(is_pending(&mut second).await);
    drop(first);
    assert_eq!(second.await, (Some(true), 2));
}

/// Allows everyone until it is changed.
#[derive(Default)]
struct Changing {
    asked: AtomicUsize,
    is_changed: AtomicBool,
}

impl AsyncOriginSource for Changing {
    async fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let allowed = !self.is_changed.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok(allowed)
    }
}

#[actix_web::test]
async fn a_request_after_clear_gets_nothing_from_before() {
    tokio::time::pause();
    let cached = Cached::new(Changing::default(), 100, Duration::from_secs(60));
    let (origin, target) = tenant_somewhere();
    let ask = async || cached.allows(&origin, &target).await.expect("a result");
    let mut before = Box::pin(ask());
    assert!(is_pending(&mut before).await);
    cached.source().is_changed.store(true, Ordering::SeqCst);
    cached.clear();
    let after = ask();
    let (before, after) = futures_util::future::join(before, after).await;
    assert!(before, "it was asked before the change");
    assert!(!after, "it was asked after the change");
    assert!(!ask().await, "and that is remembered");
}

struct No;

impl AsyncOriginSource for No {
    async fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Ok(false)
    }
}

#[actix_web::test]
async fn a_hundred_thousand_invented_origins_take_no_more_room_than_the_cache_has() {
    // A power of two. With many processors, others are rounded up.
    const CAPACITY: usize = 1_024;
    let cached = Cached::new(No, CAPACITY, Duration::from_secs(60));
    for i in 0..100_000 {
        let origin = format!("https://a{i}.evil.example");
        let origin = Origin::parse(&origin).expect("an origin");
        let said = cached
            .allows(&origin, &Target::new("host.example", "/"))
            .await;
        assert!(!said.expect("a result"));
        assert!(cached.len() <= CAPACITY, "{i}: {}", cached.len());
    }
    assert!(!cached.is_empty());
}

/// Allows each origin its own paths: `https://acme.example` those of `/t/acme`. Counts how often it is
/// asked, and notes the path that it saw last.
#[derive(Default)]
struct Paths {
    segments: usize,
    asked: AtomicUsize,
    seen: Mutex<String>,
}

impl AsyncOriginSource for Paths {
    async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        target
            .path()
            .clone_into(&mut self.seen.lock().expect("a path"));
        let tenant = target.path().strip_prefix("/t/").unwrap_or_default();
        let tenant = tenant.split('/').next().unwrap_or_default();
        Ok(origin.as_str() == format!("https://{tenant}.example"))
    }

    fn path_segments(&self) -> usize {
        self.segments
    }
}

fn paths(segments: usize, capacity: usize) -> Cached<Paths> {
    let source = Paths {
        segments,
        ..Paths::default()
    };
    Cached::new(source, capacity, Duration::from_secs(60))
}

#[actix_web::test]
async fn a_cache_remembers_the_segments_that_its_source_sees() {
    const ACME: &str = "https://acme.example";
    const EVIL: &str = "https://evil.example";
    // The path that the source saw last, and how often it was asked by then.
    for (segments, rows) in [
        (
            2,
            &[
                (ACME, "/t/acme/cart", true, "/t/acme", 1),
                (ACME, "/t/acme/me", true, "/t/acme", 1),
                (ACME, "/t/acme", true, "/t/acme", 1),
                (EVIL, "/t/acme/cart", false, "/t/acme", 2),
                (EVIL, "/t/evil/cart", true, "/t/evil", 3),
                (ACME, "/t/evil/cart", false, "/t/evil", 4),
                (EVIL, "/t/acme/../evil/cart", false, "/t/evil", 4),
                (EVIL, "/t//evil/cart", false, "/t/", 5),
                (EVIL, "/t/evil%2Fx/cart", false, "/t/evil%2Fx", 6),
                (ACME, "/t/%61cme/cart", false, "/t/%61cme", 7),
                (ACME, "/t/acme/cart", true, "/t/%61cme", 7),
            ][..],
        ),
        // Without segments, the source cannot tell paths apart, so the cache need not.
        (
            0,
            &[
                (ACME, "/t/acme/cart", false, "", 1),
                (ACME, "/t/evil/cart", false, "", 1),
            ],
        ),
        (
            usize::MAX,
            &[
                (ACME, "/t/acme/cart", true, "/t/acme/cart", 1),
                (ACME, "/t/acme/me", true, "/t/acme/me", 2),
                (ACME, "/t/acme/me", true, "/t/acme/me", 2),
            ],
        ),
    ] {
        let cached = paths(segments, 100);
        assert_eq!(cached.path_segments(), segments);
        for (origin, path, allowed, seen, asked) in rows {
            let origin = Origin::parse(origin).expect("an origin");
            let target = Target::new("api.example", path);
            let said = cached.allows(&origin, &target).await.expect("a result");
            let source = cached.source();
            let last = source.seen.lock().expect("a path").clone();
            let found = (said, &*last, source.asked.load(Ordering::SeqCst));
            assert_eq!(found, (*allowed, *seen, *asked), "{segments} {path}");
        }
    }
}

#[actix_web::test]
async fn invented_paths_take_no_more_room_than_the_cache_has() {
    // A power of two. With many processors, others are rounded up.
    const CAPACITY: usize = 1_024;
    let cached = paths(2, CAPACITY);
    let (origin, _) = tenant_somewhere();
    for i in 0..20_000 {
        let path = format!("/t/invented{i}/cart");
        let said = cached.allows(&origin, &Target::new("", &path)).await;
        assert!(!said.expect("a result"));
        assert!(cached.len() <= CAPACITY, "{i}: {}", cached.len());
    }
    // Nor do they take room by their length: a long one is decided on, and not remembered.
    let tenant = "a".repeat(1_024 - "/t/".len());
    for (tenant, remembered) in [(tenant.clone(), true), (tenant + "a", false)] {
        let cached = paths(2, CAPACITY);
        let origin = Origin::parse("https://a.example").expect("an origin");
        let path = format!("/t/{tenant}/cart");
        for _ in 0..2 {
            let said = cached.allows(&origin, &Target::new("", &path)).await;
            assert!(!said.expect("a result"));
        }
        let asked = cached.source().asked.load(Ordering::SeqCst);
        let expected = if remembered { (1, 1) } else { (2, 0) };
        assert_eq!((asked, cached.len()), expected, "{}", tenant.len());
    }
}

#[actix_web::test]
async fn paths_share_a_result_if_the_source_looks_at_none() {
    let cached = Cached::new(Table::new(), 10, Duration::from_secs(60));
    let (origin, _) = tenant_somewhere();
    for path in ["/", "/t/acme", "/t/other/cart"] {
        let said = cached
            .allows(&origin, &Target::new("a.example", path))
            .await;
        assert!(said.expect("a verdict"), "{path}");
    }
    assert_eq!(cached.source().asked.load(Ordering::SeqCst), 1);
}

#[actix_web::test]
async fn a_cache_tells_what_it_has() {
    let cached = Cached::new(Table::new(), 100, Duration::from_secs(60));
    let sizes = || (cached.len(), cached.is_empty());
    let shown = |len| format!("Cached {{ capacity: 100, time_to_live: 60s, len: {len}, .. }}");
    assert_eq!((sizes(), format!("{cached:?}")), ((0, true), shown(0)));
    asked(&cached, TENANT, "a").await;
    asked(&cached, TENANT, "b").await;
    assert_eq!((sizes(), format!("{cached:?}")), ((2, false), shown(2)));
    cached.clear();
    assert_eq!((sizes(), format!("{cached:?}")), ((0, true), shown(0)));
    assert_eq!(
        cached.time_limit(),
        Duration::from_millis(710),
        "the time-out of the source comes first"
    );
}
