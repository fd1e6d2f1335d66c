//! A cache for sources that wait.

use std::fmt;
use std::hash::Hash;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cors_rules::Origin;
use quick_cache::Equivalent;
use quick_cache::sync::{Cache, EntryAction, EntryResult};
use tokio::time::Instant;

use super::call::{self, Failure};
use super::source::{AsyncOriginSource, CredentialSafe, SourceError};

/// A source that remembers what another source said.
///
/// - It remembers by origin and host, so a source can decide on both.
/// - It asks once for the same origin and host, however many requests wait for the result.
/// - It remembers a failure or a time-out for one second, or for `time_to_live` if that is shorter.
///   Panics count as failures.
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

/// What the outer time limit allows beyond the source's own, so that the time-out of the source
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
    /// Remembers up to `capacity` results of `source`, each for `time_to_live`.
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

    /// Whether no result is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn is_current(&self, remembered: &Remembered) -> bool {
        remembered.generation == self.generation.load(Ordering::SeqCst)
            && remembered.until.is_none_or(|until| Instant::now() < until)
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
        let current = results
            .get(&KeyRef(origin.as_str(), host))
            .filter(|remembered| self.is_current(remembered));
        let remembered = if let Some(current) = current {
            current
        } else {
            let key = Key(origin.as_str().into(), host.map(Into::into));
            // Waits while another request asks the source about this key.
            let entry = results.entry_async(&key, |_, remembered| {
                if self.is_current(remembered) {
                    EntryAction::Retain(remembered.clone())
                } else {
                    EntryAction::ReplaceWithGuard
                }
            });
            match entry.await {
                EntryResult::Retained(remembered) => remembered,
                EntryResult::Vacant(place) | EntryResult::Replaced(place, _) => {
                    let remembered = self.ask(origin, host).await;
                    // It fails if the cache was cleared meanwhile: the result is not remembered.
                    let _ = place.insert(remembered.clone());
                    remembered
                }
                // Neither is asked for.
                EntryResult::Removed(..) | EntryResult::Timeout => self.ask(origin, host).await,
            }
        };
        Ok(remembered.result?)
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
