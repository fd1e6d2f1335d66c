//! Logs once per process.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// Remembers refusals, whose origins an attacker can make up.
pub(super) static REFUSALS: Seen = Seen::new();

/// Remembers everything else. Nothing of a request is in it.
pub(super) static SEEN: Seen = Seen::new();

/// Remembers what was logged.
///
/// The memory is bounded. Once it is full, nothing is new.
pub(super) struct Seen(Mutex<BTreeSet<u64>>);

impl Seen {
    const fn new() -> Self {
        Self(Mutex::new(BTreeSet::new()))
    }

    pub(super) fn is_first(&self, what: impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        self.insert(hasher.finish())
    }

    fn insert(&self, hash: u64) -> bool {
        const MOST: usize = 1_024;
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.len() < MOST && seen.insert(hash)
    }
}
