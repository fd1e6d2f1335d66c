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
use super::target::Target;

/// A source that remembers what another source said.
///
/// - It remembers by what a source can decide on: the origin, the host, and the segments of the
///   path that the source [asks for](AsyncOriginSource::path_segments). The source does not see the
///   rest of the path.
/// - It asks once for the same key, however many requests wait for the result. That holds even if
///   it remembers nothing, because `capacity` or `time_to_live` is zero.
/// - It remembers a failure for one second, or for `time_to_live` if that is shorter. A panic is a
///   failure, and so is a result that comes after the time limit of the source.
/// - Its size is bounded, however many origins and paths an attacker invents: if it is full, it
///   forgets the least used result. A result for segments of more than 1 KiB is neither remembered
///   nor shared.
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

/// The longest path in a key, in bytes. Keys of any length would make a cache of any size.
const MAX_PATH_LEN: usize = 1024;

/// An origin, a host, and the first segments of a path. One that borrows has the same hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key<T = Box<str>>(T, Option<T>, T);

impl Key<&str> {
    fn to_owned(&self) -> Key {
        Key(self.0.into(), self.1.map(Into::into), self.2.into())
    }
}

impl Equivalent<Key> for Key<&str> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == &*key.0 && self.1 == key.1.as_deref() && self.2 == &*key.2
    }
}

#[derive(Debug, Clone)]
struct Remembered {
    result: Result<bool, Failure>,
    /// `None` is for ever.
    until: Option<Instant>,
    generation: u64,
}

impl<S: AsyncOriginSource> Cached<S> {
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

    async fn ask(&self, origin: &Origin<'_>, target: &Target<'_>) -> Remembered {
        let generation = self.generation.load(Ordering::SeqCst);
        let start = Instant::now();
        let result = call::waiting(|| {
            let future = Box::pin(self.source.allows(origin, target));
            (future, self.source.time_limit())
        })
        .await;
        // The data of a result may be as old as the call, so its time counts from before the call.
        // A failure may have taken longer than it is remembered, so its time counts from now.
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
    async fn allows(&self, origin: &Origin<'_>, target: &Target<'_>) -> Result<bool, SourceError> {
        // All that the source sees is in the key.
        let target = &target.first_segments(self.path_segments());
        if target.path().len() > MAX_PATH_LEN {
            return Ok(self.ask(origin, target).await.result?);
        }
        let results = self.results.get_or_init(|| Cache::new(self.capacity));
        let generation = self.generation.load(Ordering::SeqCst);
        let is_current = |remembered: &Remembered| {
            remembered.generation >= generation
                && remembered.until.is_none_or(|until| Instant::now() < until)
        };
        let key = Key(origin.as_str(), target.host(), target.path());
        if let Some(remembered) = results.get(&key) {
            if is_current(&remembered) {
                return Ok(remembered.result?);
            }
            // By now, another request may have put a current one there.
            results.remove_if(&key, |remembered| !is_current(remembered));
        }
        let key = key.to_owned();
        loop {
            // Waits while another request asks the source about this key.
            match results.get_value_or_guard_async(&key).await {
                // The result came while this request waited. So it counts, even if not remembered.
                Ok(shared) if shared.generation >= generation => return Ok(shared.result?),
                // It was asked for before the last `clear`.
                Ok(_) => _ = results.remove(&key),
                Err(placeholder) => {
                    let asked = self.ask(origin, target).await;
                    // It fails if the cache was cleared meanwhile: the result is not remembered.
                    let _ = placeholder.insert(asked.clone());
                    return Ok(asked.result?);
                }
            }
        }
    }

    /// Those of the source.
    fn path_segments(&self) -> usize {
        self.source.path_segments()
    }

    /// The limit of the source, and 10 milliseconds.
    fn time_limit(&self) -> Duration {
        self.source.time_limit().saturating_add(GRACE)
    }
}

impl<S: CredentialSafe> CredentialSafe for Cached<S> {}

impl<S: AsyncOriginSource> fmt::Debug for Cached<S> {
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
    use std::hash::{DefaultHasher, Hasher};

    use super::*;

    #[test]
    fn a_key_is_an_origin_a_host_and_a_path() {
        let (a, b) = ("https://a.example", Some("b.example"));
        let key = Key(a, b, "/t/acme");
        for (other, same) in [
            (Key(a, b, "/t/acme"), true),
            (Key("https://c.example", b, "/t/acme"), false),
            (Key(a, Some("c.example"), "/t/acme"), false),
            (Key(a, None, "/t/acme"), false),
            (Key(a, b, "/t/other"), false),
            (Key(a, b, ""), false),
            (Key(a, Some("b.example/t"), "/acme"), false),
        ] {
            let owned = other.to_owned();
            assert_eq!(key.equivalent(&owned), same, "{owned:?}");
            let hash = |key: &dyn Fn(&mut DefaultHasher)| {
                let mut hasher = DefaultHasher::new();
                key(&mut hasher);
                hasher.finish()
            };
            let hashes = (hash(&|to| other.hash(to)), hash(&|to| owned.hash(to)));
            assert_eq!(hashes.0, hashes.1, "{owned:?}");
        }
    }
}
