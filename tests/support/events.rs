//! The log of the library, as a subscriber of `tracing` sees it.

use std::fmt::{self, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// The events since the last [`Log::take`].
static EVENTS: Mutex<Vec<Event>> = Mutex::new(Vec::new());

struct Event {
    level: tracing::Level,
    fields: Vec<(&'static str, String)>,
}

fn events() -> MutexGuard<'static, Vec<Event>> {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The log of this process. One test at a time has it.
pub(crate) struct Log {
    keeps: fn(&str) -> bool,
    _alone: MutexGuard<'static, ()>,
}

impl Log {
    /// Waits for the log, and empties it. The function says which fields are kept, by their names.
    pub(crate) fn open(keeps: fn(&str) -> bool) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        static SUBSCRIBE: Once = Once::new();
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        SUBSCRIBE.call_once(|| {
            tracing::subscriber::set_global_default(Subscriber)
                .expect("no other subscriber in this process");
        });
        events().clear();
        Self {
            keeps,
            _alone: alone,
        }
    }

    /// Takes the events, a line each: the level, and the fields that are kept.
    pub(crate) fn take(&self) -> Vec<String> {
        let events = std::mem::take(&mut *events());
        let line = |event: &Event| {
            let mut line = event.level.to_string();
            for (name, value) in event.fields.iter().filter(|(name, _)| (self.keeps)(name)) {
                write!(line, " {name}={value}").expect("a string takes it");
            }
            line
        };
        events.iter().map(line).collect()
    }
}

impl tracing::field::Visit for Event {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        self.fields.push((field.name(), format!("{value:?}")));
    }
}

/// Keeps the events of the library.
struct Subscriber;

impl tracing::Subscriber for Subscriber {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("cors_runtime")
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut kept = Event {
            level: *event.metadata().level(),
            fields: Vec::new(),
        };
        event.record(&mut kept);
        events().push(kept);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
