//! What was logged already.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// Remembers what was logged, to log it once per process.
///
/// The memory is bounded, because an attacker can make up origins. Once it is full, nothing is new.
pub(super) struct Seen(Mutex<Option<HashSet<u64>>>);

impl Seen {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Whether `what` is new.
    pub(super) fn is_first(&self, what: impl Hash) -> bool {
        const MOST: usize = 1_024;
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.get_or_insert_default();
        seen.len() < MOST && seen.insert(hasher.finish())
    }
}
