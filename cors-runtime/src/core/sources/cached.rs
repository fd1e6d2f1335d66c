//! A cache for sources that wait.

use std::fmt;
use std::hash::Hash;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cors_rules::Origin;
use quick_cache::Equivalent;
use quick_cache::sync::Cache;
use tokio::time::Instant;

use super::call::{self, Failure};
use super::source::{AsyncOriginSource, CredentialSafe, SourceError};

/// A source that remembers what another source said.
///
/// - It remembers by origin and host, so a source can decide on both.
/// - It asks once for the same origin and host, however many requests wait for the result. That
///   holds even if it remembers nothing, because `capacity` or `time_to_live` is zero.
/// - It remembers a failure for one second, or for `time_to_live` if that is shorter. A panic is a
///   failure, and so is a result that comes after the time limit of the source.
/// - Its size is bounded, however many origins an attacker invents: if it is full, it forgets the
///   least used result.
///
/// See [`AsyncOriginSource`] for an example.
pub struct Cached<S> {
    source: S,
    capacity: usize,
    time_to_live: Duration,
    results: OnceLock<Cache<Key, Remembered>>,
    /// How often the cache was cleared. A result from before the last time does not count.
    generation: AtomicU64,
}

/// For how long a failure is remembered, at most.
const FAILURE_TIME: Duration = Duration::from_secs(1);

/// The time that the outer limit allows beyond the source's own, so that the time-out of the source
/// comes first, and is remembered.
const GRACE: Duration = Duration::from_millis(10);

/// An origin and a host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key(Box<str>, Option<Box<str>>);

/// A [`Key`] that borrows. It has the same hash.
#[derive(Hash)]
struct KeyRef<'a>(&'a str, Option<&'a str>);

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == &*key.0 && self.1 == key.1.as_deref()
    }
}

#[derive(Debug, Clone)]
struct Remembered {
    result: Result<bool, Failure>,
    /// `None` is for ever.
    until: Option<Instant>,
    generation: u64,
}

impl<S> Cached<S> {
    /// Remembers up to `capacity` results of `source`, each for `time_to_live`. The capacity may be
    /// rounded up by a few results for each processor.
    pub const fn new(source: S, capacity: usize, time_to_live: Duration) -> Self {
        Self {
            source,
            capacity,
            time_to_live,
            results: OnceLock::new(),
            generation: AtomicU64::new(0),
        }
    }

    /// The source whose results are remembered.
    pub const fn source(&self) -> &S {
        &self.source
    }

    /// Forgets all results. Call it when the data behind the source has changed.
    ///
    /// Later requests never get an older result, even if a call of the source was under way.
    pub fn clear(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        if let Some(results) = self.results.get() {
            results.clear();
        }
    }

    /// The number of remembered results.
    pub fn len(&self) -> usize {
        self.results.get().map_or(0, Cache::len)
    }

    /// True if no result is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<S: AsyncOriginSource> Cached<S> {
    async fn ask(&self, origin: &Origin<'_>, host: Option<&str>) -> Remembered {
        let generation = self.generation.load(Ordering::SeqCst);
        let start = Instant::now();
        let result = call::waiting(|| {
            let future = Box::pin(self.source.allows(origin, host));
            (future, self.source.time_limit())
        })
        .await;
        // The time counts from before the call for a result, whose data may be as old as that; and
        // from now for a failure, which may have taken longer than it is remembered.
        let until = match &result {
            Ok(_) => start.checked_add(self.time_to_live),
            Err(_) => Instant::now().checked_add(self.time_to_live.min(FAILURE_TIME)),
        };
        Remembered {
            result,
            until,
            generation,
        }
    }
}

impl<S: AsyncOriginSource> AsyncOriginSource for Cached<S> {
    async fn allows(&self, origin: &Origin<'_>, host: Option<&str>) -> Result<bool, SourceError> {
        let results = self.results.get_or_init(|| Cache::new(self.capacity));
        let generation = self.generation.load(Ordering::SeqCst);
        let is_current = |remembered: &Remembered| {
            remembered.generation >= generation
                && remembered.until.is_none_or(|until| Instant::now() < until)
        };
        let key = KeyRef(origin.as_str(), host);
        if let Some(remembered) = results.get(&key) {
            if is_current(&remembered) {
                return Ok(remembered.result?);
            }
            // By now, another request may have put a current one there.
            results.remove_if(&key, |remembered| !is_current(remembered));
        }
        let key = Key(origin.as_str().into(), host.map(Into::into));
        loop {
            // Waits while another request asks the source about this key.
            match results.get_value_or_guard_async(&key).await {
                // It came while this request waited. So it counts, even if it is not remembered.
                Ok(shared) if shared.generation >= generation => return Ok(shared.result?),
                // It was asked for before the last `clear`.
                Ok(_) => _ = results.remove(&key),
                Err(place) => {
                    let asked = self.ask(origin, host).await;
                    // It fails if the cache was cleared meanwhile: the result is not remembered.
                    let _ = place.insert(asked.clone());
                    return Ok(asked.result?);
                }
            }
        }
    }

    /// The limit of the source, and 10 milliseconds.
    fn time_limit(&self) -> Duration {
        self.source.time_limit().saturating_add(GRACE)
    }
}

impl<S: CredentialSafe> CredentialSafe for Cached<S> {}

impl<S> fmt::Debug for Cached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("capacity", &self.capacity)
            .field("time_to_live", &self.time_to_live)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_an_origin_and_a_host() {
        let key = Key("https://a.example".into(), Some("b.example".into()));
        for (origin, host, same) in [
            ("https://a.example", Some("b.example"), true),
            ("https://a.example", Some("c.example"), false),
            ("https://a.example", None, false),
            ("https://c.example", Some("b.example"), false),
            ("https://c.example", None, false),
        ] {
            assert_eq!(
                KeyRef(origin, host).equivalent(&key),
                same,
                "{origin} {host:?}"
            );
        }
    }
}
