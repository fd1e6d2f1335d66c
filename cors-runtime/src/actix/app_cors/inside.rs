//! What an `AppCors` and the handlers inside it tell each other of a request.
//!
//! An error comes back without its request, so extensions of the request would be lost. Instead,
//! these are set on the thread while the service or the future of the request runs.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll};

use actix_web::dev::{RequestHead, Service, ServiceRequest};
use pin_project_lite::pin_project;

use super::super::endpoint::Endpoint;
use super::super::response::CorsHeaders;
use super::log;

/// A request that runs inside an `AppCors`: the address of its head. A handler may call another
/// app, whose requests are not ours.
type Running = usize;

/// No request runs.
const NONE: Running = 0;

fn running(head: &RequestHead) -> Running {
    ptr::from_ref(head).addr()
}

/// An annotated handler that was reached.
#[derive(Debug)]
pub(super) enum Reached {
    /// The one that the request was decided for.
    Expected,
    /// One that decided by itself. These are its headers.
    Other(CorsHeaders),
}

thread_local! {
    /// The request whose service or future is running on this thread.
    static RUNNING: Cell<Running> = const { Cell::new(NONE) };
    /// The handler that it was decided for.
    static EXPECTED: Cell<Option<Endpoint>> = const { Cell::new(None) };
    /// What it has reached since it runs.
    static REACHED: Cell<Option<Reached>> = const { Cell::new(None) };
}

/// Whether an `AppCors` writes the headers of the response to this request.
#[inline]
pub(crate) fn is_inside(head: &RequestHead) -> bool {
    RUNNING.get() == running(head)
}

/// A handler was reached. Whether an `AppCors` has decided on the request by its policy already.
#[inline]
pub(crate) fn is_decided(head: &RequestHead, endpoint: Endpoint) -> bool {
    let is_decided =
        is_inside(head) && (EXPECTED.get()).is_some_and(|expected| expected.is_same(endpoint));
    if is_decided {
        reach(Reached::Expected);
    }
    is_decided
}

/// Tells the `AppCors` around a handler that decided by itself what its headers are. Whether there is
/// one, which then writes them.
#[inline]
pub(crate) fn report(head: &RequestHead, headers: impl FnOnce() -> CorsHeaders) -> bool {
    let is_inside = is_inside(head);
    if is_inside {
        reach(Reached::Other(headers()));
    }
    is_inside
}

// Nothing runs in a thread that ends.

#[inline]
fn reach(reached: Reached) {
    let _ = REACHED.try_with(|last| last.set(Some(reached)));
}

#[inline]
fn take_reached() -> Option<Reached> {
    REACHED.try_with(Cell::take).ok().flatten()
}

/// [`report`] for a handler that was registered by hand.
pub(crate) fn report_by_hand(
    head: &RequestHead,
    endpoint: Endpoint,
    headers: impl FnOnce() -> CorsHeaders,
) {
    if report(head, headers) {
        log::is_by_hand(endpoint);
    }
}

/// While this lives, its request is the one that is running.
struct Guard<'a> {
    outer: Running,
    /// What the outer request was decided for, and what it has reached.
    of_outer: Option<(Option<Endpoint>, Option<Reached>)>,
    reached: &'a mut Option<Reached>,
}

impl<'a> Guard<'a> {
    #[inline]
    fn new(request: Running, expected: Option<Endpoint>, reached: &'a mut Option<Reached>) -> Self {
        let outer = RUNNING.replace(request);
        let of_outer = (outer != NONE).then(|| (EXPECTED.get(), take_reached()));
        EXPECTED.set(expected);
        Self {
            outer,
            of_outer,
            reached,
        }
    }
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        if let reached @ Some(_) = take_reached() {
            *self.reached = reached;
        }
        RUNNING.set(self.outer);
        if let Some((expected, reached)) = self.of_outer.take() {
            EXPECTED.set(expected);
            if let Some(reached) = reached {
                reach(reached);
            }
        }
    }
}

pin_project! {
    /// A response to a request that runs inside an `AppCors`.
    #[derive(Debug)]
    pub(super) struct Inside<F> {
        #[pin]
        response: F,
        request: Running,
        expected: Option<Endpoint>,
        reached: Option<Reached>,
    }
}

impl<F> Inside<F> {
    /// Calls a service with a request that was decided for one handler, or for none.
    #[inline]
    pub(super) fn call<S>(service: &S, req: ServiceRequest, expected: Option<Endpoint>) -> Self
    where
        S: Service<ServiceRequest, Future = F>,
    {
        let request = running(req.head());
        let mut reached = None;
        let guard = Guard::new(request, expected, &mut reached);
        let response = service.call(req);
        drop(guard);
        Self {
            response,
            request,
            expected,
            reached,
        }
    }

    /// What was reached, once there is a response.
    #[inline]
    pub(super) fn reached(self: Pin<&mut Self>) -> Option<Reached> {
        self.project().reached.take()
    }
}

impl<F: Future> Future for Inside<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let _guard = Guard::new(*this.request, *this.expected, this.reached);
        this.response.poll(cx)
    }
}
