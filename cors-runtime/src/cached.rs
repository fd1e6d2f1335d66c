//! A memory for sources that wait.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::dev::RequestHead;
use actix_web::http::header::{HOST, HeaderValue};
use actix_web::rt::time::Instant;
use cors_rules::Origin;
use quick_cache::sync::Cache;

use crate::source::{AsyncOriginSource, CredentialSafe, SourceError};

/// A source that remembers for some time what another one said.
///
/// Its memory is bounded: the answer that was used least makes room, however many origins an attacker invents. Errors and
/// time-outs are not remembered.
///
/// It remembers by origin and by the `Host` that the request is for. So that nothing else can make a difference, the
/// source sees a head with no more than this `Host`: one that looks for a cookie finds none.
///
/// See [`AsyncOriginSource`] for an example.
pub struct Cached<S> {
    source: S,
    capacity: usize,
    time_to_live: Duration,
    answers: OnceLock<Cache<Key, Answer>>,
    /// How often everything was forgotten: an answer from before that is none.
    era: AtomicU64,
}

/// Origin and host.
type Key = (Box<str>, Option<Box<[u8]>>);

#[derive(Clone, Copy)]
struct Answer {
    allowed: bool,
    /// `None`: for ever.
    until: Option<Instant>,
    era: u64,
}

/// The most bytes of `Host` that an answer is remembered by.
const MAX_HOST: usize = 256;

impl<S> Cached<S> {
    /// Remembers up to `capacity` answers of `source`, each for `time_to_live`.
    pub const fn new(source: S, capacity: usize, time_to_live: Duration) -> Self {
        Self {
            source,
            capacity,
            time_to_live,
            answers: OnceLock::new(),
            era: AtomicU64::new(0),
        }
    }

    /// The source whose answers are remembered.
    pub const fn source(&self) -> &S {
        &self.source
    }

    /// Forgets all answers, for when what the source looks at has changed.
    pub fn clear(&self) {
        self.era.fetch_add(1, Ordering::SeqCst);
        if let Some(answers) = self.answers.get() {
            answers.clear();
        }
    }

    /// How many answers are remembered now.
    pub fn len(&self) -> usize {
        self.answers.get().map_or(0, Cache::len)
    }

    /// Whether no answer is remembered now.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<S: AsyncOriginSource> AsyncOriginSource for Cached<S> {
    async fn allows(&self, origin: &Origin<'_>, head: &RequestHead) -> Result<bool, SourceError> {
        let host = host(head);
        let mut known = RequestHead::default();
        if let Some(host) = &host {
            known.headers.insert(HOST, host.clone());
        }
        if host.as_ref().is_some_and(|host| host.len() > MAX_HOST) {
            return self.source.allows(origin, &known).await;
        }
        let answers = self.answers.get_or_init(|| Cache::new(self.capacity));
        let key: Key = (
            origin.as_str().into(),
            host.map(|host| host.as_bytes().into()),
        );
        let now = Instant::now();
        let era = self.era.load(Ordering::SeqCst);
        if let Some(answer) = answers.get(&key)
            && answer.era == era
            && answer.until.is_none_or(|until| now < until)
        {
            return Ok(answer.allowed);
        }
        let allowed = self.source.allows(origin, &known).await?;
        let until = now.checked_add(self.time_to_live);
        answers.insert(
            key,
            Answer {
                allowed,
                until,
                era,
            },
        );
        Ok(allowed)
    }

    fn time_limit(&self) -> Duration {
        self.source.time_limit()
    }
}

/// The host that a request is for; HTTP/2 has it in the URL.
fn host(head: &RequestHead) -> Option<HeaderValue> {
    match head.uri.authority() {
        Some(authority) => HeaderValue::from_str(authority.as_str()).ok(),
        None => head.headers.get(HOST).cloned(),
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
