//! What the library logs, as a subscriber of `tracing` sees it.

use std::fmt::{self, Write};
use std::sync::Mutex;

/// The events since the last [`take`], a line each.
static EVENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps the events of the library. The function says which fields are kept, by their names.
pub(crate) struct Events(pub(crate) fn(&str) -> bool);

/// Takes the events that were kept.
pub(crate) fn take() -> Vec<String> {
    std::mem::take(&mut *EVENTS.lock().expect("no test panics with it"))
}

struct Line(String, fn(&str) -> bool);

impl tracing::field::Visit for Line {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        if self.1(field.name()) {
            write!(self.0, " {field}={value:?}").expect("a string takes it");
        }
    }
}

impl tracing::Subscriber for Events {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("cors_runtime")
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Line(event.metadata().level().to_string(), self.0);
        event.record(&mut line);
        EVENTS.lock().expect("no test panics with it").push(line.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
