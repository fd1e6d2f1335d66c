//! One call of a source. It ends in a result or a [`Failure`], and never in a panic.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::source::SourceError;

/// Why a source did not decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It returned an error, which displays as this.
    Error(String),
    /// It panicked with this message.
    Panic(String),
    /// It took longer than this.
    TimedOut(Duration),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => f.write_str(error),
            Self::Panic(message) => write!(f, "it panicked: {message}"),
            Self::TimedOut(limit) => write!(f, "it took longer than {limit:?}"),
        }
    }
}

impl std::error::Error for Failure {}

pub(super) fn direct(call: impl FnOnce() -> Result<bool, SourceError>) -> Result<bool, Failure> {
    describe(catch(call)?)
}

/// Calls a source that waits, with its time limit.
///
/// The limit covers `call` and every poll. A call that blocks cannot be interrupted, but a result
/// after the limit does not count.
pub(super) async fn waiting<F>(call: impl FnOnce() -> (F, Duration)) -> Result<bool, Failure>
where
    F: Future<Output = Result<bool, SourceError>> + Unpin,
{
    let start = Instant::now();
    let (future, limit) = catch(call)?;
    match timeout(limit, Caught(Some(future))).await {
        // `timeout` takes whatever the last poll returns, however long that poll blocked.
        Ok(Ok(_)) if start.elapsed() > limit => Err(Failure::TimedOut(limit)),
        Ok(result) => result,
        Err(_) => Err(Failure::TimedOut(limit)),
    }
}

/// A future whose panics are failures. It also contains those that happen when it is dropped.
struct Caught<F>(Option<F>);

impl<F> Future for Caught<F>
where
    F: Future<Output = Result<bool, SourceError>> + Unpin,
{
    type Output = Result<bool, Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Some(future) => match catch(|| Pin::new(future).poll(cx)) {
                Ok(polled) => polled.map(describe),
                Err(failure) => Poll::Ready(Err(failure)),
            },
            // `drop` alone takes it.
            None => Poll::Pending,
        }
    }
}

impl<F> Drop for Caught<F> {
    fn drop(&mut self) {
        let future = self.0.take();
        // The source has decided already, or its time is over. A panic changes nothing.
        let _ = catch(|| drop(future));
    }
}

/// Turns an error into text. Its `Display` and its `Drop` may panic, even both.
fn describe(result: Result<bool, SourceError>) -> Result<bool, Failure> {
    result.or_else(|error| {
        let text = catch(|| error.to_string());
        catch(|| drop(error))?;
        Err(Failure::Error(text?))
    })
}

fn catch<T>(run: impl FnOnce() -> T) -> Result<T, Failure> {
    // All threads share a source, so it must already cope with a call that did not finish.
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| Failure::Panic(message(payload)))
}

fn message(payload: Box<dyn Any + Send>) -> String {
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied());
    let text = text.unwrap_or("no message").to_owned();
    // Dropping a payload can panic as well. The payload of that panic is leaked.
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(payload);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics when it is displayed, when it is dropped, or both times.
    #[derive(Debug)]
    enum Hostile {
        Display,
        Drop,
        Both,
    }

    impl fmt::Display for Hostile {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            assert!(!matches!(self, Self::Display | Self::Both), "in `Display`");
            f.write_str("hostile")
        }
    }

    impl std::error::Error for Hostile {}

    impl Drop for Hostile {
        fn drop(&mut self) {
            assert!(!matches!(self, Self::Drop | Self::Both), "in `Drop`");
        }
    }

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            std::panic::panic_any(Hostile::Display);
        }
    }

    const LIMIT: Duration = Duration::from_secs(1);

    fn panic(message: &str) -> Result<bool, Failure> {
        Err(Failure::Panic(message.to_owned()))
    }

    #[test]
    fn a_direct_source_cannot_let_a_panic_escape() {
        for (what, call, expected) in [
            (
                "yes",
                (|| Ok(true)) as fn() -> Result<bool, SourceError>,
                Ok(true),
            ),
            (
                "an error",
                || Err("gone".into()),
                Err(Failure::Error("gone".to_owned())),
            ),
            ("a panic", || panic!("gone"), panic("gone")),
            (
                "`Display`",
                || Err(Hostile::Display.into()),
                panic("in `Display`"),
            ),
            ("`Drop`", || Err(Hostile::Drop.into()), panic("in `Drop`")),
            ("both", || Err(Hostile::Both.into()), panic("in `Drop`")),
            (
                "a payload that panics when dropped",
                || std::panic::panic_any(Hostile::Drop),
                panic("no message"),
            ),
        ] {
            assert_eq!(direct(call), expected, "{what}");
        }
    }

    #[actix_web::test]
    async fn a_waiting_source_cannot_let_a_panic_escape() {
        let yes = waiting(|| (Box::pin(async { Ok(true) }), LIMIT)).await;
        assert_eq!(yes, Ok(true));
        let hostile = waiting(|| (Box::pin(async { Err(Hostile::Display.into()) }), LIMIT)).await;
        assert_eq!(hostile, panic("in `Display`"));
        let at_once = waiting(|| -> (std::future::Ready<_>, _) { panic!("at once") }).await;
        assert_eq!(at_once, panic("at once"));
        let later = waiting(|| (Box::pin(async { panic!("later") }), LIMIT)).await;
        assert_eq!(later, panic("later"));

        let limit = Duration::from_millis(1);
        let late = async {
            let _guard = PanicsWhenDropped;
            std::future::pending().await
        };
        assert_eq!(
            waiting(|| (Box::pin(late), limit)).await,
            Err(Failure::TimedOut(limit))
        );
    }

    /// Blocks the thread for much longer than [`SHORT`].
    fn block() {
        std::thread::sleep(SHORT * 20);
    }

    const SHORT: Duration = Duration::from_millis(1);

    #[actix_web::test]
    async fn a_result_after_the_limit_does_not_count_even_if_the_source_blocks() {
        let late = Err(Failure::TimedOut(SHORT));
        let at_once = waiting(|| {
            block();
            (Box::pin(async { Ok(true) }), SHORT)
        });
        assert_eq!(at_once.await, late, "before there is a future");
        let first_poll = async {
            block();
            Ok(true)
        };
        assert_eq!(waiting(|| (Box::pin(first_poll), SHORT)).await, late);
        let second_poll = async {
            tokio::task::yield_now().await;
            block();
            Ok(true)
        };
        assert_eq!(waiting(|| (Box::pin(second_poll), SHORT)).await, late);
        let error = async {
            block();
            Err("gone".into())
        };
        let gone = Err(Failure::Error("gone".to_owned()));
        assert_eq!(waiting(|| (Box::pin(error), SHORT)).await, gone);
    }

    #[actix_web::test]
    async fn a_result_counts_up_to_the_limit() {
        tokio::time::pause();
        let at_the_limit = async {
            tokio::time::advance(LIMIT).await;
            Ok(true)
        };
        let result = waiting(|| (Box::pin(at_the_limit), LIMIT)).await;
        assert_eq!(result, Ok(true));
    }

    #[test]
    fn a_future_that_panics_when_dropped_is_contained() {
        let future = async {
            let _guard = PanicsWhenDropped;
            std::future::pending().await
        };
        let mut caught = Box::pin(Caught(Some(Box::pin(future))));
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(caught.as_mut().poll(&mut cx).is_pending());
        drop(caught);
    }
}
